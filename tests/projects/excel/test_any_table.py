"""Whatever stands in the cells, a table is read or declined; every row keeps a fate (docs/ledgers.md, Rows)."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.excel.errors import LedgerDeclined
from projects.excel.reader import ReadOptions, read_ledger

HEADINGS = (
    "序号 项目名称 总投资（万元） 2026年计划投资 建设性质 责任单位 包联领导 建设起止年限 完成时限 一季度投资 项目类别"
)
CAPTIONS = "一 （一） —— 合计 小计（3个） 一、工业(321项) 续建 注：说明 单位：亿元 单位：万元 甲"
VALUES = "3月 1 2 2026 2026.1 -1 南门大桥 1.2亿元 约3 区住建局 区住建局区水利局 贺　兰 #REF! 2023-2025 <br>"
CELLS = st.sampled_from(["", "", *HEADINGS.split(), *CAPTIONS.split(), *VALUES.split(" ")])
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=7), min_size=1, max_size=9)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TABLES, st.sampled_from([None, "万元"]))
def test_any_table_is_read_or_declined(table: list[list[str]], unit: str | None) -> None:
    rows = [["序号", "项目名称", "总投资", "责任单位", "包联领导"], *table] if unit else table
    data = "\n".join(",".join(row) for row in rows).encode("utf-8-sig")
    try:
        reading = read_ledger(data, "台账.csv", ReadOptions(unit=unit))
    except LedgerDeclined as refusal:
        assert refusal.reason
        return
    reading.to_json()
    fates = [p.row for p in reading.projects] + [s.row for s in reading.skipped]
    assert len(fates) == len(set(fates))

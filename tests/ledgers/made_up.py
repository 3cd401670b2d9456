"""Ledgers of our own making in the shapes real ones have; every person, unit and project is invented.

`annual_plan_xls` is the long form: two sheets, titles, a unit line, section rows, subtotals, units and leaders in one
cell, padded two-character names, line breaks inside names. `monthly_report_xlsx` has a header of two rows with merged
cells, a hidden row and a hidden column, and amounts in mixed units. The CSV functions take an encoding.
"""

import datetime as dt
import io
from typing import Any

import xlwt
from openpyxl import Workbook

PLAN_HEADER = (
    "序号",
    "项目名称",
    "建设\n性质",
    "建  设  内  容",
    "总投资                   ",
    "2026年\n计划投资",
    "开工\n时间",
    "竣工\n时间",
    "资金渠道",
    "责任单位",
    "包联领导",
)
INDUSTRY: tuple[tuple[Any, ...], ...] = (
    (
        1.0,
        "云杉精密轴承产业园",
        "新建",
        "厂房6万平方米",
        200000.0,
        50000.0,
        2026.0,
        2028.0,
        "企业投资",
        "      东岭开发区  区工信局\n",
        "沈望舒             陆闻笛 ",
    ),
    (
        2.0,
        "青禾饲料二期",
        "续建",
        "年产20万件，投资额110亿元的配套",
        30000.0,
        12000.0,
        2024.0,
        2026.0,
        "企业投资",
        "东岭开发区区工信局",
        "陆闻笛",
    ),
    (3.0, "清溪农机\n总装线", "新建", "生产线2条", 8000.0, 3000.0, 2026.0, 2026.0, "企业投资", "区工信局", "贺  兰"),
)
INFRASTRUCTURE: tuple[tuple[Any, ...], ...] = (
    (
        1.0,
        "南门大桥",
        "续建",
        "桥长420米",
        45000.0,
        20000.0,
        2025.0,
        2027.0,
        "区级投资",
        "临河街道\n区住建局",
        "沈望舒\n陆闻笛\n贺  兰\n顾  言",
    ),
    (2.0, "北山水厂", "新建", "日供水3万吨", 12000.0, 6000.0, 2026.0, 2027.0, "区级投资", "水利\n北山分局", "沈望书"),
)
LIVELIHOOD: tuple[tuple[Any, ...], ...] = (
    (3.0, "柳湖小学", "新建", "36个班", 9000.0, 4000.0, 2026.0, 2026.0, "区级投资", "临河街道     区教育局", "顾  言"),
)


def annual_plan_xls(*, wrong_total: bool = False) -> bytes:
    """The annual plan as an old .xls; with `wrong_total` one grand total does not agree with its rows."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("工业 ")
    sheet.write_merge(0, 0, 0, 10, "2026年清河区工业重点建设项目计划表（建议稿）")
    sheet.write_merge(2, 2, 8, 10, " 单位：万元")
    _old_rows(sheet, 3, [PLAN_HEADER, *INDUSTRY])
    _old_total(sheet, 7, "合  计（3项）", 238000.0, 66000.0 if wrong_total else 65000.0)
    sheet = book.add_sheet("其他")
    sheet.write_merge(0, 0, 0, 10, "2026年清河区重点建设项目计划表")
    sheet.write_merge(1, 1, 7, 10, "                      单位：万元")
    _old_rows(sheet, 2, [PLAN_HEADER])
    sheet.write_merge(3, 3, 0, 10, "基础设施类")
    _old_rows(sheet, 4, INFRASTRUCTURE)
    _old_total(sheet, 6, "合  计（2项）", 57000.0, 26000.0)
    sheet.write_merge(7, 7, 0, 10, "民生类")
    _old_rows(sheet, 8, LIVELIHOOD)
    _old_total(sheet, 9, "小  计（1项）", 9000.0, 4000.0)
    _old_total(sheet, 10, "合  计（3）", 66000.0, 30000.0)
    sheet.write(11, 0, "注：投资额以批复为准。")
    sheet.row(8).hidden = True
    sheet.col(8).hidden = True
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _old_rows(sheet: xlwt.Worksheet, top: int, rows: Any) -> None:
    for row, values in enumerate(rows, start=top):
        for column, value in enumerate(values):
            sheet.write(row, column, value)


def _old_total(sheet: xlwt.Worksheet, row: int, caption: str, total: float, plan: float) -> None:
    sheet.write_merge(row, row, 0, 3, caption)
    sheet.write(row, 4, total)
    sheet.write(row, 5, plan)


def monthly_report_xlsx() -> bytes:
    """A two-row header with merged cells, mixed units, merged unit cells, hidden parts, dates shown as months."""
    book = Workbook()
    sheet = book.active
    sheet.title = "月调度"
    sheet.append(["清河区2026年重点项目调度表"])
    sheet.append(
        [
            "序号",
            "项目名称",
            "项目代码",
            "总投资（亿元）",
            "2026年投资（万元）",
            None,
            "计划开工时间",
            "计划竣工时间",
            "形象进度",
            "存在问题、解决方案及完成时限",
            None,
            "牵头单位",
            "包抓领导",
            "2025年计划投资（万元）",
        ]
    )
    sheet.append([None, None, None, None, "年度计划投资", "1-6月完成投资", None, None, None, "具体问题", "完成时限"])
    sheet.append(["一、续建项目（2个）"])
    sheet.append(
        [
            1,
            "白塔物流园",
            "2401-420300-04-01-100001",
            1.2,
            5000,
            2600.5,
            dt.date(2025, 3, 1),
            "2026年底前",
            "主体封顶",
            "土地手续未办结",
            "7月底前",
            "区商务局",
            "陆闻笛",
            3000,
        ]
    )
    sheet.append(
        [
            2,
            "石桥水库除险加固",
            None,
            "约0.8亿元",
            "3,000",
            "—",
            "2025.3",
            2026.1,
            "坝基处理",
            "无",
            None,
            None,
            "贺　兰",
        ]
    )
    sheet.append(["二、新开工项目（1个）"])
    sheet.append(
        [
            3,
            "梅园养老中心",
            None,
            "6000万元",
            2000,
            None,
            "已开工",
            "2027年6月",
            None,
            None,
            None,
            "区民政局",
            "顾言、沈望舒",
        ]
    )
    sheet.append([None, "合计", None, 2.6, 10000])
    for span in (
        "A1:N1",
        "A2:A3",
        "B2:B3",
        "C2:C3",
        "D2:D3",
        "E2:F2",
        "G2:G3",
        "H2:H3",
        "I2:I3",
        "J2:K2",
        "L2:L3",
        "M2:M3",
        "N2:N3",
        "L5:L6",
    ):
        sheet.merge_cells(span)
    sheet["G5"].number_format = 'yyyy"年"m"月"'
    sheet.row_dimensions[6].hidden = True
    sheet.column_dimensions["C"].hidden = True
    return saved(book)


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def workbook(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    """A plain .xlsx from rows."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(book)


PROJECTS_CSV = """项目编号,项目名称,建设性质,总投资,今年计划投资,今年累计完成投资,计划开工时间,计划竣工时间,包联领导,责任单位,服务单位,项目类型,建设阶段
1,云杉精密轴承产业园,新建,200000,50000,34700,2026,2028,"沈望舒             陆闻笛",东岭开发区,区工信局,工业,完工
2,"清溪农机
总装线",新建,8000,3000,,2026,2026,贺  兰,区工信局,区统计局,工业,前期准备
3,南门大桥,续建,45000,20000,47000,2025,2027,陆闻笛贺  兰,临河街道,区住建局,基建,开工
"""  # noqa: E501
PROGRESS_CSV = """记录号,项目编号,项目名称,填报时间,建设阶段,本月进展,问题和建议,本月完成投资,实际开工时间,拟竣工时间
11,1,云杉精密轴承产业园,2026-03-06 09:25:53,前期准备,场地平整,无,100,2026-05,2027-12
12,1,云杉精密轴承产业园,2026-04-23 03:24:03,开工,基础施工,无,0,2026-05,0
13,2,清溪农机总装线,2026-04-28 11:00:00,开工,设备采购,,,,2026-8
"""
QUARTER_PLAN_CSV = """项目编号,项目名称,建设地点,年度建设任务,一季度工作内容及形象进度,一季度投资,二季度工作内容及形象进度,二季度投资
1,云杉精密轴承产业园,东岭,厂房封顶,场地平整,1000,基础施工,
"""  # noqa: E501
PROCEDURES_CSV = """项目编号,项目名称,企业投资项目备案(a-1),建设项目用地预审(a-3),环境影响评价审批(d-1),建设用地规划许可证(d-3),施工许可证(e-4)
1,云杉精密轴承产业园,2,3,1,0,1
"""  # noqa: E501


def text_file(text: str, encoding: str) -> bytes:
    """The text as a file of one of the encodings offices save: utf-8, utf-8-sig, gb18030, utf-16."""
    return text.replace("\n", "\r\n").encode(encoding)

"""What a digest says: docs/notices.md, Content."""

import datetime as dt
import json

import pytest

from supervision.rules.notices import Matter, MatterKind, body, groups, title

BRIDGE = Matter(MatterKind.OVERDUE, "milestone:1", 11, "清水河大桥", "主墩封顶", dt.date(2018, 9, 3), 10)
SCHOOL = Matter(MatterKind.OVERDUE, "milestone:2", 12, "城东小学", "主体完工", dt.date(2018, 8, 31), 11)
REPORT = Matter(
    MatterKind.MISSING, "expected:3", 11, "清水河大桥", "月报2018-08", dt.date(2018, 9, 5), 8, "2018-07也未报"
)
RETURNED = Matter(
    MatterKind.RETURNED,
    "expected:4",
    12,
    "城东小学",
    "月报2018-08",
    dt.date(2018, 9, 5),
    0,
    "退回原因：形象进度与上期相同",
)
SOON = Matter(MatterKind.DUE_SOON, "milestone:5", 12, "城东小学", "竣工验收", dt.date(2018, 9, 20), 3)
TODAY = Matter(MatterKind.DUE_SOON, "milestone:6", 12, "城东小学", "设备进场", dt.date(2018, 9, 17), 0)


def test_groups_come_in_order_and_the_oldest_first():
    found = groups([SOON, TODAY, REPORT, BRIDGE, SCHOOL, RETURNED])
    assert [group.label for group in found] == ["节点逾期", "报告未报", "报告被退回", "节点临期"]
    assert found[0].matters == (SCHOOL, BRIDGE)
    assert found[3].matters == (TODAY, SOON)


def test_the_same_matter_through_two_units_is_told_once():
    assert groups([BRIDGE, BRIDGE])[0].matters == (BRIDGE,)


def test_the_title_counts_each_group_and_leaves_out_empty_ones():
    assert title("2018年第38周", [BRIDGE, SCHOOL, SOON]) == "2018年第38周项目提醒：节点逾期2项、节点临期1项"


@pytest.mark.parametrize(
    ("matter", "text"),
    [
        (BRIDGE, "清水河大桥：主墩封顶（应于9月3日，已逾期10个工作日）"),
        (REPORT, "清水河大桥：月报2018-08（应于9月5日，已逾期8个工作日）；2018-07也未报"),
        (RETURNED, "城东小学：月报2018-08（9月5日截止）；退回原因：形象进度与上期相同"),
        (SOON, "城东小学：竣工验收（9月20日到期，还有3个工作日）"),
        (TODAY, "城东小学：设备进场（9月17日到期，今日到期）"),
    ],
)
def test_each_matter_is_one_line(matter, text):
    assert matter.text == text


def test_items_survive_storage():
    stored = json.loads(json.dumps(RETURNED.item()))
    assert Matter.of_item(stored) == RETURNED


def test_the_body_lists_what_remains_and_says_what_was_settled():
    text = body(name="周青禾", as_of=dt.date(2018, 9, 17), matters=[BRIDGE, SOON], settled=2, is_repeat=False)
    assert text.startswith("周青禾：\n\n截至2018年9月17日，下列事项需要办理：\n")
    assert "【节点逾期】1项\n1. 清水河大桥：主墩封顶" in text
    assert "另有2项在本通知生成后已办理，不再列出。" in text
    assert "补发" not in text


def test_a_repeat_explains_itself():
    text = body(name="周青禾", as_of=dt.date(2018, 9, 17), matters=[BRIDGE], settled=0, is_repeat=True)
    assert "前次发送结果不明，现补发" in text
    assert "已办理" not in text

"""The living style page: every component in every state, with invented data. Served in debug only (docs/design.md)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tracker.web import formatting
from tracker.web.errors import Conflict

SHOWN_DAY = dt.date(2018, 9, 30)

PROJECTS = [
    ("云溪新区污水处理厂二期", "县住建局", "续建", "12000", "11664", "0.8333", "green"),
    ("城东粮食储备库迁建", "县发改局", "新开工", "8600", "6106", "0.8333", "blue"),
    ("S217线望河至石桥段改建", "县交通运输局", "续建", "32000.5", "20480.25", "0.8333", "yellow"),
    (
        "青禾县人民医院感染性疾病综合楼及配套地下停车场、连廊与室外管网改造工程",
        "县卫健局",
        "新开工",
        "20000",
        "4100",
        "0.75",
        "red",
    ),
    ("石桥镇标准化厂房", "石桥镇", "前期", None, None, None, "grey"),
    ("南部灌区续建配套", "县水利局", "续建", "5400", "1200", "0.8333", "purple"),
]

LIGHTS = [
    {
        "name": "投资进度",
        "colour": "red",
        "figures": "累计完成4,100万元，按计划此时应完成15,000万元，进度比0.27",
        "rule": "进度比低于0.60为告警；规则第3版，参数自2018-01-01起",
        "remedy": "10月底前再完成7,900万元，可转为预警",
    },
    {
        "name": "开工",
        "colour": "green",
        "figures": "计划3月开工，实际3月18日开工",
        "rule": "按期开工为正常",
        "remedy": "",
    },
    {"name": "报送", "colour": "grey", "figures": "本期尚未到报送时间", "rule": "", "remedy": ""},
    {
        "name": "节点",
        "colour": "purple",
        "figures": "“主体封顶”因汛期停工，已认定客观原因，顺延至11月20日",
        "rule": "豁免期内不计",
        "remedy": "",
    },
]


LIVE = {
    "data-live": "sample_live",
    "data-plan": "12000",
    "data-done": "7400",
    "data-prior": "3000",
    "data-total": "30000",
}
"""What app.js needs to say beside a figure what it means while it is typed."""


class SampleForm(forms.Form):
    """Every kind of field; bound with bad values it shows every kind of error."""

    done = forms.DecimalField(
        label="本年累计完成投资",
        help_text="自1月1日起累计，不是本期新增。",
        widget=forms.TextInput({"inputmode": "decimal", **LIVE}),
    )
    day = forms.DateField(label="实际开工日期", required=False, widget=forms.DateInput({"type": "date"}))
    text = forms.CharField(
        label="形象进度", widget=forms.Textarea({"rows": 3}), help_text="写清做到哪一步，不必写评价。"
    )
    unit = forms.ChoiceField(label="责任单位", choices=[("", "请选择"), ("1", "县住建局"), ("2", "县交通运输局")])
    kind = forms.ChoiceField(
        label="滞后原因",
        choices=[("land", "征地拆迁"), ("money", "资金未到位"), ("owner", "业主组织不力")],
        widget=forms.RadioSelect,
        required=False,
    )
    photo = forms.FileField(label="现场照片", required=False, help_text="只在开工、竣工和整改时需要，一张即可。")
    sure = forms.BooleanField(label="数字已与业主单位核对一致")


class FilterForm(forms.Form):
    name = forms.CharField(
        label="项目名称",
        required=False,
        widget=forms.TextInput({"type": "search", "placeholder": "名称、拼音首字母或编号"}),
    )
    unit = forms.ChoiceField(label="责任单位", required=False, choices=[("", "全部单位"), ("1", "县住建局")])
    light = forms.ChoiceField(label="灯", required=False, choices=[("", "全部"), *formatting.LIGHT_LABELS.items()])
    annual_class = forms.ChoiceField(label="年度类别", required=False, choices=[("", "全部"), ("c", "续建")])


def style_page(request: HttpRequest) -> HttpResponse:
    """Everything a page builder may use, on one page. 404 outside debug."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "style/index.html", _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    return {
        "nav": _navigation(),
        "as_of_banner": SHOWN_DAY,
        "acting_for": ["县级包联领导"],
        "county_name": "青禾县",
        "colours": list(formatting.LIGHT_LABELS),
        "projects": [_project(*values) for values in PROJECTS],
        "sort": request.GET.get("sort", "-done"),
        "lights": LIGHTS,
        "crumb_list": [("首页", "?"), ("项目台账", "?")],
        "samples": [
            {"title": "填写", "form": SampleForm(initial={"done": "8150"}), "errors": []},
            {
                "title": "有错误",
                "form": SampleForm({"done": "八千", "kind": "land"}, auto_id="bad_%s"),
                "errors": ["有4处需要修改，已在下面标出；您填写的内容没有丢失。"],
            },
        ],
        "filter_form": FilterForm(request.GET),
        "page": Paginator(range(1, 487), 25).get_page(request.GET.get("page", "8")),
        "conflict": Conflict(
            label="项目“城东粮食储备库迁建”",
            current={"总投资": "26,000万元", "业主": "青禾县粮食收储有限公司", "建设地点": "城东工业园"},
            submitted={"总投资": "28,600万元", "业主": "青禾县粮食收储有限公司", "建设地点": ""},
        ),
        "sample_messages": [
            Message(constants.SUCCESS, "9月进度已提交，等待重点项目办审核。"),
            Message(constants.INFO, "本期报送截止10月8日（国庆假期顺延）。"),
            Message(constants.WARNING, "2019年工作日历为预估，期限可能变化。"),
            Message(constants.ERROR, "未能提交：累计完成投资比上期少，请说明原因。"),
        ],
        "errors": ["账号或密码不正确。"],
        "tabs": [
            {"label": "概况", "url": "?", "active": True, "count": None},
            {"label": "进度报告", "url": "?tab=reports", "active": False, "count": 9},
            {"label": "节点", "url": "?tab=milestones", "active": False, "count": 6},
            {"label": "变更记录", "url": "?tab=history", "active": False, "count": 0},
        ],
        "steps": [
            {"label": "填报", "state": "done", "note": "9月28日 周敏"},
            {"label": "单位审核", "state": "done", "note": "9月29日"},
            {"label": "项目办审核", "state": "now", "note": "还剩2个工作日"},
            {"label": "进入排名", "state": "next", "note": ""},
        ],
        "timeline": [
            {"time": "2018-09-28 16:20", "title": "红灯：投资进度", "text": "进度比降到0.27", "tone": "red"},
            {"time": "2018-09-05 09:12", "title": "8月报告审核通过", "text": "累计3,600万元", "tone": "done"},
            {"time": "2018-03-18", "title": "开工", "text": "", "tone": "done"},
        ],
        "scores": [
            {"label": "投资进度", "score": Decimal("51.4"), "full": 60, "note": "完成率85.7%，按时间进度封顶计算"},
            {"label": "开工与入统", "score": Decimal(20), "full": 20, "note": ""},
            {"label": "节点", "score": Decimal("6.5"), "full": 10, "note": "2个节点逾期"},
            {"label": "报送", "score": Decimal(0), "full": 10, "note": "本期未报送"},
        ],
        "trend_values": [12, 18, 17, None, 24, 31, 30, 42],
        "chart": _chart(),
        "chart_headings": ["月份", "累计完成（万元）", "计划（万元）"],
        "chart_rows": [("7月", "6,200", "7,000"), ("8月", "7,400", "8,000"), ("9月", "8,150", "9,000")],
        "missing": None,
        "loss": Decimal("-12.8571"),
        "gain": Decimal("13.8667"),
        "day": SHOWN_DAY,
    }


def _project(
    name: str, unit: str, annual_class: str, plan: str | None, done: str | None, expected: str | None, colour: str
) -> dict[str, Any]:
    planned, spent = (Decimal(value) if value else None for value in (plan, done))
    ratio = spent / planned if planned and spent is not None else None
    expected_ratio = Decimal(expected) if expected else None
    gap = (ratio - expected_ratio) * 100 if ratio is not None and expected_ratio is not None else None
    return {
        "name": name,
        "unit": unit,
        "annual_class": annual_class,
        "plan": planned,
        "done": spent,
        "ratio": ratio,
        "expected": expected_ratio,
        "gap": gap,
        "colour": colour,
    }


def _navigation() -> list[dict[str, Any]]:
    def item(label: str, icon: str, active: bool = False, badge: int = 0) -> dict[str, Any]:
        return {"label": label, "url": "?", "icon": icon, "active": active, "badge": badge}

    return [
        {
            "title": "工作",
            "items": [
                item("首页", "house"),
                item("进度填报", "square-pen", badge=3),
                item("报告审核", "clipboard-check", badge=12),
                item("我的通知", "bell"),
            ],
        },
        {
            "title": "项目",
            "items": [
                item("项目台账", "folder-kanban", active=True),
                item("年度清单", "list-ordered"),
                item("排名", "chart-no-axes-column"),
            ],
        },
        {"title": "设置", "items": [item("工作日历", "calendar-days"), item("规则参数", "sliders-horizontal")]},
    ]


def _chart() -> dict[str, Any]:
    months = ["4月", "5月", "6月", "7月", "8月", "9月"]
    return {
        "data": [
            {"type": "bar", "name": "累计完成（万元）", "x": months, "y": [3100, 4200, 5300, 6200, 7400, 8150]},
            {"type": "scatter", "name": "计划（万元）", "x": months, "y": [4000, 5000, 6000, 7000, 8000, 9000]},
        ],
        "layout": {"yaxis": {"title": {"text": "万元"}}},
    }

"""Demonstration accounts: one for each role a visitor may want to try. Invented people."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "Qinghe-2026-demo"
"""The same for every demonstration account; printed by `make demo`, never used outside the demonstration."""


@dataclass(frozen=True, slots=True)
class AccountSpec:
    username: str
    name: str
    role: str
    unit: str = ""
    leader: str = ""
    project: str = ""
    shown: str = ""
    """What to say of it in the printed list; empty: not printed."""


def _unit_accounts() -> tuple[AccountSpec, ...]:
    people = {
        "housing": ("许文谦", "丁小满"),
        "transport": ("郭守义", "钱 悦"),
        "water": ("苏临川", "叶知秋"),
        "education": ("罗仲平", "江晚晴"),
        "health": ("姚静宜", "余 晖"),
        "farm": ("谢广田", "孟春和"),
        "culture": ("白云舒", "沈听雨"),
        "industry": ("赵启航", "魏 然"),
        "commerce": ("林可为", "韩子墨"),
        "ecology": ("邓清源", "蓝 天"),
        "forest": ("樊木森", "柏 青"),
        "chengguan": ("吴定邦", "朱小北"),
        "liuhe": ("高远山", "柳依依"),
        "shiqiao": ("石敬安", "乔 木"),
        "qingshan": ("山子规", "岳小川"),
        "dongtan": ("陶 然", "江 白"),
        "beiyuan": ("原振北", "季 风"),
        "park": ("欧阳策", "范晓峰"),
        "foodpark": ("麦穗秋", "米 粒"),
        "chengtou": ("成建业", "钟 楠"),
        "wentou": ("文以宁", "游 然"),
    }
    shown = {"transport": "县交通局", "park": "经开区", "commerce": "县商务局"}
    accounts = []
    for unit, (head, staff) in people.items():
        label = shown.get(unit, "")
        accounts.append(AccountSpec(f"{unit}-head", head, "unit_head", unit, shown=f"{label}负责人" if label else ""))
        accounts.append(AccountSpec(f"{unit}", staff, "unit_staff", unit, shown=f"{label}填报员" if label else ""))
    return tuple(accounts)


ACCOUNTS = (
    AccountSpec("lu", "陆砚秋", "main_leader", "gov", "head", shown="县长（领导看板）"),
    AccountSpec("cheng", "程望舒", "main_leader", "gov", "secretary", shown="县委书记"),
    AccountSpec("wen", "温以宁", "vice_head", "gov", "executive", shown="常务副县长（分管与包联项目）"),
    AccountSpec("shi", "石磊", "vice_head", "gov", "v_transport"),
    AccountSpec("ducha", "秦明远", "supervision", "sup", shown="督查室"),
    AccountSpec("fagai", "段文博", "bureau", "drc", shown="发改局"),
    AccountSpec("fagai2", "常思齐", "bureau", "drc"),
    AccountSpec("zhongdian", "卢嘉树", "project_office", "kpo", shown="重点项目办"),
    AccountSpec("zhongdian2", "汪小帆", "project_office", "kpo"),
    AccountSpec("hefeng", "傅盈仓", "owner", project="年产20万吨高端饲料生产线", shown="项目业主"),
    AccountSpec("sysadmin", "系统管理员", "system_admin", shown="系统管理员（不见业务数据）"),
    AccountSpec("secadmin", "安全管理员", "security_admin", shown="安全管理员"),
    AccountSpec("auditor", "审计管理员", "audit_admin", shown="审计管理员"),
    *_unit_accounts(),
)

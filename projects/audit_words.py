"""What the codes of the audit log are called on the screen (docs/trust.md, Audit chain).

The one registry of action sentences, for every act of the site; `tests/projects/test_audit_words.py` reads the sources
and fails on a code that is missing here, or that nobody uses.
"""

from __future__ import annotations

ACTIONS: dict[str, str] = {
    # the signed-in person, accounts and rights
    "session.sign_in": "登录",
    "session.sign_out": "退出登录",
    "account.create": "开通账号",
    "account.update": "修改账号信息",
    "account.reset_password": "重置密码",
    "account.change_password": "修改自己的密码",
    "account.disable": "停用账号",
    "account.enable": "启用账号",
    "grant.create": "授予角色",
    "grant.end": "终止角色",
    "substitution.create": "登记代理",
    "substitution.end": "终止代理",
    # units and roster
    "unit.create": "新增单位",
    "unit.update": "修改单位",
    "unit.alias": "添加单位别名",
    "unit.oversee": "登记分管领导",
    "officer.create": "新增名册人员",
    "officer.update": "修改名册人员",
    "officer.alias": "添加姓名写法",
    # settings
    "calendar.set_day": "调整工作日",
    "calendar.set_year_status": "登记放假安排状态",
    "calendar.load_year": "导入全年放假安排",
    "policy.set_value": "设定规则参数",
    # projects and lists
    "project.create": "项目建档",
    "project.update": "修改项目信息",
    "project.rename": "项目更名",
    "project.void": "作废项目",
    "project.revive": "恢复已作废项目",
    "project.stage": "调整建设阶段",
    "project.start": "确认开工",
    "project.completion": "确认竣工",
    "project.retract_start": "撤回开工确认",
    "project.inclusion": "登记入统",
    "project.assign_unit": "指定责任或配合单位",
    "project.end_unit": "终止单位责任",
    "project.retract_unit": "撤回单位指定",
    "project.assign_leader": "指定包联领导",
    "project.end_leader": "终止包联",
    "project.retract_officer": "撤回包联指定",
    "list.issue": "印发年度清单",
    "list.enter": "列入年度清单",
    "list.adjust": "调整年度清单",
    "plan.propose": "拟定年度计划",
    "plan.approve": "审定年度计划",
    "plan.reject": "不同意年度计划",
    "plan.adopt": "按文件登记年度计划",
    "milestone.add": "新增节点",
    "milestone.request_move": "申请变更节点时限",
    "milestone.refuse_move": "不同意变更节点时限",
    "milestone.move": "变更节点时限",
    "milestone.complete": "登记节点完成",
    "milestone.confirm": "确认节点完成",
    "milestone.void": "作废节点",
    "light.override": "人工调整灯色",
    "light.withdraw_override": "撤销人工调整灯色",
    "indicator.recompute": "重新计算灯色",
    # reports
    "period.open": "开放报告期",
    "period.expect": "登记应报",
    "period.expect_listed": "登记清单项目应报",
    "period.lock": "锁定报告期",
    "period.reschedule": "报告期改期",
    "period.waive": "登记免报",
    "report.submit": "提交进度报告",
    "report.accept": "审核通过报告",
    "report.give_back": "退回报告",
    "report.correct": "锁定后更正报告",
    "report.withdraw": "撤回报告",
    "flag.raise": "提出核实事项",
    "flag.settle": "登记核实结论",
    "flag.replace": "核实事项随更正转移",
    # ledgers
    "import.upload": "上传台账",
    "import.answer": "回答导入问题",
    "import.confirm": "确认导入台账",
    "import.undo": "撤销台账导入",
    # rankings, notices, operations
    "snapshots.take": "生成排名",
    "snapshots.publish": "发布排名",
    "snapshots.supersede": "以更正替代排名",
    "notices.issue": "发出通知",
    "notices.acknowledge": "签收通知",
    "deliveries.retry": "重新发送",
    "jobs.request": "手动启动作业",
    "jobs.retry": "重新运行作业",
}

WORDS: dict[str, str] = {
    "added": "增加的日期",
    "answers": "回答",
    "as_of": "数据日期",
    "boards": "榜单摘要",
    "changed": "变化",
    "codes": "核实事项",
    "counts": "逐行处理结果",
    "created": "新增",
    "day": "日期",
    "declined": "不能导入的原因",
    "expected": "应报数",
    "facts": "事实摘要",
    "history": "按填报时间记入",
    "kept": "保留未撤",
    "made_up": "补发",
    "milestone": "节点",
    "on": "日期",
    "period": "报告期",
    "projects": "项目数",
    "removed": "取消的日期",
    "revision": "提交",
    "sha256": "文件摘要",
    "undone": "已撤",
    "why": "原因",
}
"""Keys of an entry's content that are no field of a model."""


def sentence(action: str) -> str:
    """What somebody did; a code from a later version is named as such rather than shown raw."""
    return ACTIONS.get(action, "其他操作")

"""Which words head which column, and which words say class, nature, stage and level (docs/ledgers.md, Columns)."""

import re
from typing import Final

from projects.excel.text import squeeze

SYNONYMS: Final[dict[str, str]] = {
    "seq": "序号 编号 行号 no no. 项目编号 项目序号",
    "record_no": "记录号 报告编号",
    "name": (
        "项目名称 项目名 项目全称 工程名称 工程名 名称 项目(工程)名称 建设项目名称 重点项目名称 "
        "工程项目名称 项目单位及名称 项目"
    ),
    "code": "项目代码 项目编码 项目统一代码 全国统一编码 国家编码 赋码 审批监管平台代码",
    "parent": "总项目 打包项目 所属总项目 总项目序号 是否为总项目",
    "annual_class": "项目类别 年度类别 建设类别 进度类别 项目状态 项目年度类别",
    "nature": "建设性质 项目性质 性质 建设批次",
    "stage": "建设阶段 当前建设阶段 项目阶段",
    "level": "项目级别 项目级次 重点级别 级别 是否省市重点 项目层级 层次 省重点项目 市重点项目",
    "sector": (
        "所属行业 行业类别 行业分类 行业 项目类型 产业类别 产业分类 所属领域 领域 项目领域 领域分类 九大领域 三大产业"
    ),
    "grade": "项目分类 项目大类",
    "town": (
        "建设地点 项目地点 实施地点 建设地址 所属乡镇 所在乡镇 属地 归属街道 所属区域 所在地 项目位置 "
        "所在市县 所在盟市 隶属区县 所属区县 所在省辖市、县区"
    ),
    "content": (
        "建设内容 建设规模 建设规模及内容 建设规模和内容 建设规模及主要内容 建设内容及规模 主要建设内容 "
        "建设规模及主要建设内容 总建设规模和建设内容 主要建设内容及规模 拟建设规模 项目内容 项目简介 "
        "项目建设规模"
    ),
    "year_content": (
        "年度建设内容 年度建设目标 年度目标 年度工作目标 年度建设任务 年工作目标 年工作计划 年目标任务 "
        "年主要建设任务 当年工作目标 本年度主要建设内容 年底应达形象进度 全年计划形象进度 计划形象进度 "
        "计划建设内容 进度目标或新增效益 年度主要建设内容"
    ),
    "period": (
        "建设年限 建设起止年限 建设起止时间 起止年限 起止时间 建设周期 建设工期 项目工期 计划工期 "
        "计划建设期限 建设起止年月 开竣工时间"
    ),
    "start": ("计划开工时间 拟开工时间 预计开工时间 计划开工 开工年份 开工年度 开工时间 开工日期 开工 计划开工日期"),
    "finish": (
        "计划竣工时间 预计竣工 预计竣工时间 拟建成时间 完成时限 完工时限 投产时间 拟竣工时间 计划竣工 "
        "竣工年份 完工年份 竣工时间 竣工日期 竣工 完工时间 计划完工时间 预计完工时间 计划竣工日期 建成时间"
    ),
    "real_start": "实际开工时间 实际开工日期 今年开工时间 本年实际开工时间",
    "real_finish": "实际竣工时间 实际竣工日期 实际完工时间 今年竣工时间 本年实际竣工时间",
    "total": "总投资 总投资额 项目总投资 计划总投资 概算总投资 投资总额 投资额 估算总投资 投资规模",
    "prior_done": (
        "往年完成投资 往年累计 往年累计完成投资 开工至上一年度底累计完成投资 至上年底累计完成投资 "
        "截至上年底累计完成投资 上年底累计完成投资"
    ),
    "plan": (
        "年度计划投资 年度投资计划 今年计划投资 全年计划投资 年计划投资 本年计划投资 本年度计划投资 "
        "年度投资 计划投资 投资计划 预计投资 计划完成投资 年度计划完成投资 全年计划投资金额 当年计划投资"
    ),
    "done": (
        "年度累计完成投资 本年累计完成投资 今年累计完成投资 自元月至本月完成投资 年初至今 年初至今完成投资 "
        "本年度累计完成投资额度 当年项目累计投资 本年上报投资 当年累计投资额 当年累计投资 当月至今已完成 "
        "年累计完成投资 年内累计完成投资"
    ),
    "done_all": (
        "自开工累计完成投资 开工累计完成投资 开工至本月完成投资 项目累计投资 开工至今累计 开工至今累计完成投资"
    ),
    "done_month": "本月完成投资 当月完成投资 本月上报投资 当月投资 当月已完成投资 本月完成投资额 当月完成投资额",
    "year_forecast": "全年完成投资额 全年预计完成投资 全年完成投资",
    "rate": (
        "完成率 投资完成率 完成比例 投资完成比例 占年度计划 占年计划百分比 年度完成率 年度投资完成率 "
        "本次上报后投资完成率 占年计划 完成投资占年计划"
    ),
    "stat_month": "当月固投 上月完成固投 当月入库投资 当月固定资产入库资金",
    "stat_year": "当年累计固投 年累计入库资金 当年累计固定资产入库资金",
    "progress": (
        "形象进度 工程形象进度 目前形象进度 当前形象进度 当前进展 项目进展情况 项目进展 本月进展 具体进度 "
        "实物工程量 截至目前进展 实际形象进度 目前项目建设形象进度 进展情况 本月完成形象进度"
    ),
    "started": "是否开工 开工状态 开工情况",
    "stat_in": "是否纳统 是否入统 是否入库 入库纳统情况",
    "stat_code": "纳统编码 入库编码 统计局项目编码 统计局纳统项目编码",
    "stat_why": "未纳统原因",
    "problem": (
        "存在问题 存在的问题 存在的主要问题 问题和建议 需协调解决的问题 需协调问题 困难问题 具体问题 "
        "项目建设中存在问题 问题汇总 问题描述"
    ),
    "measure": "解决措施 下步措施 下一步打算 下一步措施",
    "solve_dept": "办理部门",
    "solve_due": "解决时限",
    "leader": (
        "包联领导 包抓领导 分包县领导 分包领导 联系领导 挂点领导 项目挂点领导 县级领导 牵头领导 包保领导 "
        "责任县领导 督办领导 挂钩领导 市挂钩领导 县挂钩领导 市或县挂钩领导 镇挂钩领导 县领导 市领导 "
        "包联县领导 服务队长"
    ),
    "unit": (
        "责任单位 包联单位 分包单位 牵头单位 牵头责任单位 主管部门 主管单位 分管局委 责任部门 包抓单位 "
        "项目主管单位 监管单位 主责单位 项目分管单位 市或县挂钩责任单位 挂钩责任单位"
    ),
    "co_units": "配合单位 协办单位 服务单位 代办单位 手续代办单位 责任(配合)单位",
    "owner": (
        "项目业主 业主单位 建设单位 项目单位 项目法人 实施单位 实施主体 主投单位 业主 业主名称 建设主体 "
        "法人单位 项目实施主体 项目(法人)单位 项目业主单位"
    ),
    "person": "责任人 责任领导 项目负责人 联系人 联络员 项目联系人 负责人 项目联络员 联络人 法人代表或者负责人",
    "phone": "电话 联系电话 联系方式 电话及传真 电话、电子邮箱及传真 手机",
    "fund_source": "资金来源 资金渠道",
    "investor": "投资主体",
    "benefit": "项目建成后效益 效益效值 建成投产新增生产能力 新增生产能力",
    "milestones": "节点目标 节点安排",
    "reported_at": "填报时间 上报时间 填报日期",
    "warning_mark": "预警标记 在线 审核标识 审核状态",
    "remark": "备注 说明",
}
"""Canonical column to the headers met for it; compared after NFKC, without blanks and unit brackets."""

EXACT: Final[dict[str, str]] = {squeeze(word).lower(): key for key, words in SYNONYMS.items() for word in words.split()}

TITLES: Final[dict[str, str]] = {
    "seq": "序号",
    "record_no": "记录号",
    "name": "项目名称",
    "code": "项目代码",
    "parent": "总项目",
    "annual_class": "年度类别",
    "nature": "建设性质",
    "stage": "建设阶段",
    "level": "级别",
    "sector": "领域",
    "grade": "项目分类",
    "town": "建设地点",
    "content": "建设内容",
    "year_content": "年度目标",
    "period": "建设起止年限",
    "start": "计划开工时间",
    "finish": "计划竣工时间",
    "real_start": "实际开工时间",
    "real_finish": "实际竣工时间",
    "total": "总投资",
    "prior_done": "往年累计完成投资",
    "plan": "年度计划投资",
    "plan_other_year": "其他年度计划投资",
    "stage_plan": "阶段计划投资",
    "fund": "资金",
    "plan_month": "月计划投资",
    "plan_quarter": "季度计划投资",
    "work_quarter": "季度工作内容",
    "done": "本年累计完成投资",
    "done_all": "开工累计完成投资",
    "done_month": "本月完成投资",
    "year_forecast": "全年预计完成投资",
    "rate": "完成率",
    "stat_month": "当月固投",
    "stat_year": "累计固投",
    "progress": "形象进度",
    "started": "是否开工",
    "stat_in": "是否纳统",
    "stat_code": "纳统编码",
    "stat_why": "未纳统原因",
    "problem": "存在问题",
    "measure": "解决措施",
    "solve_dept": "办理部门",
    "solve_due": "解决时限",
    "leader": "包联领导",
    "unit": "责任单位",
    "co_units": "配合单位",
    "owner": "项目业主",
    "person": "责任人",
    "phone": "联系电话",
    "fund_source": "资金来源",
    "investor": "投资主体",
    "benefit": "效益",
    "milestones": "节点安排",
    "reported_at": "填报时间",
    "warning_mark": "平台标记",
    "remark": "备注",
    "ignore": "不导入",
}
"""What each canonical column is called on the screen; also the answers to "which column is this?"."""

AMOUNTS: Final = frozenset(
    [
        "total",
        "prior_done",
        "plan",
        "plan_other_year",
        "plan_month",
        "plan_quarter",
        "done",
        "done_all",
        "done_month",
        "year_forecast",
        "stage_plan",
        "fund",
        "stat_month",
        "stat_year",
    ]
)
DATES: Final[dict[str, str]] = {
    "start": "start",
    "finish": "deadline",
    "real_start": "start",
    "real_finish": "deadline",
    "solve_due": "deadline",
}

CLASSES: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), label)
    for pattern, label in (
        (r"^(?:计划|拟|本年|当年)?续建(?:类|项目)*$", "续建"),
        (r"^(?:计划|拟|本年|当年)?(?:新开工|新开|新建|新开工建设)(?:类|项目)*$", "新开工"),
        (r"^(?:计划|拟|本年|当年)?(?:竣工|投产|竣工投产|完工|建成投产|竣工\(投产\))(?:类|项目)*$", "竣工投产"),
        (r"^(?:重大|重点)?前期(?:工作|类|项目)*$", "前期"),
        (r"^(?:储备|预备|谋划)(?:类|项目)*$", "储备"),
    )
)
"""Spellings of 年度类别 and its one label."""
NATURES: Final = frozenset(["新建", "扩建", "改建", "迁建", "技改", "改扩建", "技术改造", "续建"])


def annual_class(text: str) -> str | None:
    """The 年度类别 a word means (续建, 新开工, 竣工投产, 前期, 储备), None for anything else."""
    word = squeeze(text).strip("【】[]()")
    return next((label for pattern, label in CLASSES if pattern.fullmatch(word)), None)


_CODES: Final[dict[str, dict[str, str]]] = {
    "annual_class": {
        "续建": "carry_over",
        "新开工": "new_start",
        "竣工投产": "completion",
        "前期": "pre_stage",
        "储备": "reserve",
    },
    "nature": {
        "新建": "new",
        "扩建": "extension",
        "改扩建": "extension",
        "改建": "rebuilding",
        "迁建": "relocation",
        "技改": "technical",
        "技术改造": "technical",
    },
    "stage": {
        "谋划": "conception",
        "储备": "reserve",
        "申报": "application",
        "立项": "approval",
        "前期": "preparation",
        "前期准备": "preparation",
        "前期手续": "preparation",
        "征拆阶段": "preparation",
        "开工": "started",
        "新开工": "started",
        "已开工": "started",
        "在建": "building",
        "建设中": "building",
        "续建": "building",
        "完工": "finished",
        "已完工": "finished",
        "竣工": "acceptance",
        "竣工验收": "acceptance",
        "投产": "operation",
        "达产": "full_output",
        "暂停": "paused",
        "停工": "paused",
        "终止": "terminated",
    },
    "level": {
        "县级重点": "county",
        "县级": "county",
        "区级": "county",
        "区重点": "county",
        "县重点": "county",
        "区级重点": "county",
        "市级重点": "city",
        "市级": "city",
        "市重点": "city",
        "市重大": "city",
        "省级重点": "province",
        "省级": "province",
        "省重点": "province",
        "省重大": "province",
    },
}


def code_of(kind: str, text: str | None) -> str | None:
    """The stored choice value of a word read from a ledger; `kind` is annual_class, nature, stage or level."""
    if not text:
        return None
    word = squeeze(text)
    if kind == "annual_class":
        word = annual_class(word) or word
    return _CODES[kind].get(word)

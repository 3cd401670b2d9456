"""The invented county 青禾县: every name here is made up. Data only; `story.py` lets it live."""

from __future__ import annotations

from dataclasses import dataclass

COUNTY = "青禾县"


@dataclass(frozen=True, slots=True)
class UnitSpec:
    key: str
    name: str
    short: str
    kind: str
    board: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeaderSpec:
    key: str
    name: str
    post: str
    main: bool = False
    field: tuple[str, ...] = ()
    """Keys of the units in the leader's field."""


@dataclass(frozen=True, slots=True)
class ProjectSpec:
    """One project. `character` says how it behaves over eighteen months (see `story.CHARACTERS`)."""

    name: str
    annual_class: str
    sector: str
    unit: str
    leader: str
    total: int
    plan: int
    start: str
    finish: str
    character: str
    owner: str
    owner_kind: str = "government"
    level: str = "county"
    co_units: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()
    parent: str = ""
    content: str = ""


UNITS = (
    UnitSpec("drc", "青禾县发展和改革局", "县发改局", "coordinator", "none", ("发改局", "县发改委")),
    UnitSpec("kpo", "青禾县重点项目建设服务中心", "县重点项目办", "coordinator", "none", ("重点办", "重点项目办")),
    UnitSpec("sup", "青禾县人民政府督查室", "县督查室", "coordinator", "none", ("督查室",)),
    UnitSpec("gov", "青禾县人民政府办公室", "县政府办", "coordinator", "none", ("政府办",)),
    UnitSpec("housing", "青禾县住房和城乡建设局", "县住建局", "department", "departments", ("住建局", "县建设局")),
    UnitSpec("transport", "青禾县交通运输局", "县交通局", "department", "departments", ("交通局",)),
    UnitSpec("water", "青禾县水利局", "县水利局", "department", "departments", ("水利局", "县水务局")),
    UnitSpec("education", "青禾县教育局", "县教育局", "department", "departments", ("教育局",)),
    UnitSpec("health", "青禾县卫生健康局", "县卫健局", "department", "departments", ("卫健局", "县卫计局")),
    UnitSpec("farm", "青禾县农业农村局", "县农业农村局", "department", "departments", ("农业局", "县农业局")),
    UnitSpec("culture", "青禾县文化和旅游局", "县文旅局", "department", "departments", ("文旅局", "县旅游局")),
    UnitSpec("industry", "青禾县工业和信息化局", "县工信局", "department", "departments", ("工信局", "县经信局")),
    UnitSpec("commerce", "青禾县商务局", "县商务局", "department", "departments", ("商务局",)),
    UnitSpec("ecology", "青禾县生态环境分局", "县生态环境分局", "department", "departments", ("环保局",)),
    UnitSpec("forest", "青禾县林业局", "县林业局", "department", "departments", ("林业局",)),
    UnitSpec("chengguan", "城关镇人民政府", "城关镇", "township", "townships", ("城关镇政府",)),
    UnitSpec("liuhe", "柳河镇人民政府", "柳河镇", "township", "townships", ("柳河镇政府",)),
    UnitSpec("shiqiao", "石桥镇人民政府", "石桥镇", "township", "townships", ("石桥镇政府",)),
    UnitSpec("qingshan", "青山乡人民政府", "青山乡", "township", "townships", ()),
    UnitSpec("dongtan", "东滩乡人民政府", "东滩乡", "township", "townships", ()),
    UnitSpec("beiyuan", "北塬街道办事处", "北塬街道", "township", "townships", ("北塬街办",)),
    UnitSpec("park", "青禾经济开发区管理委员会", "经开区", "park", "parks", ("开发区", "县开发区")),
    UnitSpec("foodpark", "青禾农产品加工园区管理办公室", "农产品园区", "park", "parks", ("食品园区",)),
    UnitSpec("chengtou", "青禾县城市建设投资有限公司", "县城投公司", "company", "parks", ("城投公司", "城投")),
    UnitSpec("wentou", "青禾县文旅投资有限公司", "县文旅公司", "company", "parks", ("文旅投",)),
)

LEADERS = (
    LeaderSpec("secretary", "程望舒", "县委书记", main=True),
    LeaderSpec("head", "陆砚秋", "县委副书记、县长", main=True),
    LeaderSpec("deputy_party", "贺承安", "县委副书记", field=("farm",)),
    LeaderSpec("executive", "温以宁", "县委常委、常务副县长", field=("industry", "park", "drc")),
    LeaderSpec("v_housing", "纪长川", "副县长", field=("housing", "chengtou", "ecology")),
    LeaderSpec("v_transport", "石　磊", "副县长", field=("transport", "water", "forest")),
    LeaderSpec("v_education", "唐若琳", "副县长", field=("education", "health")),
    LeaderSpec("v_culture", "周亦凡", "副县长", field=("culture", "commerce", "wentou")),
    LeaderSpec("congress", "梁启明", "县人大常委会主任"),
    LeaderSpec("cppcc", "方　圆", "县政协主席"),
    LeaderSpec("discipline", "宋致远", "县委常委、组织部部长"),
    LeaderSpec("propaganda", "何清韵", "县委常委、宣传部部长"),
)

P = ProjectSpec
PROJECTS = (
    # 续建
    P("城北片区污水处理厂二期", "carry_over", "市政基础设施", "housing", "v_housing", 28600, 9800, "2025-03", "2027-06",
      "good", "青禾县城市建设投资有限公司", "state_company", "city", ("chengguan",), ("head",),
      content="新建日处理2万吨污水处理设施及配套管网18公里。"),
    P("国道312线青禾过境段改建工程", "carry_over", "交通", "transport", "v_transport", 86400, 26000,
      "2024-09", "2027-10",
      "steady", "青禾县交通运输局", "government", "province", ("chengguan", "liuhe"), ("secretary",),
      content="改建一级公路21.4公里，含大桥3座、平交口12处。"),
    P("县人民医院门诊医技综合楼", "carry_over", "卫生健康", "health", "v_education", 19800, 7200, "2025-05", "2026-12",
      "slow", "青禾县人民医院", "government", "city", (), (),
      content="新建门诊医技综合楼3.2万平方米，设置床位260张。"),
    P("青禾第一中学迁建", "carry_over", "教育", "education", "v_education", 32500, 12000, "2025-02", "2026-08",
      "late_finish", "青禾县教育局", "government", "city", ("beiyuan",), ("cppcc",),
      content="迁建高中一所，60个教学班，建筑面积6.8万平方米。"),
    P("柳河流域防洪治理工程", "carry_over", "水利", "water", "v_transport", 15600, 5200, "2025-04", "2026-11",
      "steady", "青禾县水利局", "government", "county", ("liuhe",), (),
      content="治理河道26公里，新建护岸31公里、排涝闸4座。"),
    P("年产20万吨高端饲料生产线", "carry_over", "工业", "park", "executive", 24000, 8600, "2025-06", "2026-09",
      "done_early", "禾丰饲料（青禾）有限公司", "private", "county", ("industry",), (),
      content="建设饲料生产车间4座，购置制粒、膨化生产线6条。"),
    P("精密铸造智能化改造", "carry_over", "工业", "park", "executive", 13200, 4600, "2025-08", "2026-10",
      "good", "青禾恒锐精密铸造有限公司", "private", "county", ("industry",), (),
      content="改造熔炼、造型、清理三条线，新增机器人工作站24台。"),
    P("新能源汽车线束产业园一期", "carry_over", "工业", "park", "head", 46000, 18000, "2025-03", "2027-03",
      "slow", "青禾启程线束科技有限公司", "private", "city", ("industry",), (),
      content="建设标准厂房8万平方米、研发楼1栋，形成年产120万套线束能力。"),
    P("老旧小区改造（2025年度）", "carry_over", "民生", "housing", "v_housing", 9600, 3200, "2025-04", "2026-06",
      "completed", "青禾县住房和城乡建设局", "government", "county", ("chengguan", "beiyuan"), (),
      content="改造老旧小区17个，惠及居民2860户。"),
    P("东滩灌区续建配套与现代化改造", "carry_over", "水利", "water", "deputy_party", 22800, 8000, "2025-01", "2026-12",
      "excused", "青禾县水利局", "government", "province", ("dongtan",), (),
      content="衬砌干渠42公里，改造泵站6座，配套计量设施210处。"),
    P("高标准农田建设（6万亩）", "carry_over", "农业农村", "farm", "deputy_party", 14400, 5800, "2025-09", "2026-10",
      "good", "青禾县农业农村局", "government", "county", ("liuhe", "shiqiao"), (),
      content="建设高标准农田6万亩，涉及4个乡镇31个行政村。"),
    P("青山湖旅游度假区游客中心", "carry_over", "文化旅游", "wentou", "v_culture", 11800, 4200, "2025-05", "2026-09",
      "copied", "青禾县文旅投资有限公司", "state_company", "county", ("qingshan", "culture"), (),
      content="新建游客中心1.2万平方米及生态停车场、步道8公里。"),
    P("城区集中供热管网延伸工程", "carry_over", "市政基础设施", "chengtou", "v_housing", 8800, 3600,
      "2025-06", "2026-10",
      "steady", "青禾县城市建设投资有限公司", "state_company", "county", ("chengguan",), (),
      content="敷设一级管网14公里，新建换热站11座。"),
    P("智慧冷链物流园一期", "carry_over", "商贸物流", "foodpark", "congress", 27500, 9000, "2025-07", "2027-05",
      "silent", "青禾鲜达冷链物流有限公司", "private", "county", ("commerce",), (),
      content="建设冷库6万立方米、分拣中心2万平方米。"),
    P("石桥镇卫生院整体搬迁", "carry_over", "卫生健康", "shiqiao", "propaganda", 4200, 1800, "2025-09", "2026-08",
      "good", "石桥镇人民政府", "government", "county", ("health",), (),
      content="新建门诊楼、住院楼共6400平方米。"),
    P("县城南环路道路工程", "carry_over", "交通", "housing", "v_housing", 18600, 6600, "2025-04", "2026-12",
      "recovering", "青禾县城市建设投资有限公司", "state_company", "county", ("chengguan",), ("discipline",),
      content="新建城市主干路5.6公里，含管线、绿化、照明。"),
    P("农村供水保障工程（三期）", "carry_over", "水利", "water", "v_transport", 7600, 3000, "2025-08", "2026-09",
      "steady", "青禾县水利局", "government", "county", ("qingshan", "dongtan"), (),
      content="新建水厂2座，铺设输配水管网86公里，受益人口3.1万人。"),
    P("中药材种植加工基地", "carry_over", "农业农村", "foodpark", "deputy_party", 9800, 3800, "2025-06", "2026-11",
      "mistyped", "青禾本草生物科技有限公司", "private", "county", ("farm",), (),
      content="建设种植基地8000亩、加工车间1.6万平方米。"),
    P("职业技术学校实训基地", "carry_over", "教育", "education", "v_education", 6800, 2600, "2025-10", "2026-09",
      "good", "青禾县教育局", "government", "county", (), (),
      content="新建实训楼1.4万平方米，购置数控、汽修等实训设备。"),
    P("北塬街道社区养老服务综合体", "carry_over", "民生", "beiyuan", "discipline", 3800, 1600, "2025-09", "2026-07",
      "completed", "北塬街道办事处", "government", "county", (), (),
      content="建设日间照料、助餐、康复一体的养老服务综合体5200平方米。"),
    # 新开工
    P("青禾至石桥快速通道", "new_start", "交通", "transport", "head", 62000, 15000, "2026-03", "2028-12",
      "good", "青禾县交通运输局", "government", "city", ("shiqiao",), ("v_transport",),
      content="新建双向四车道快速路18.6公里。"),
    P("现代化粮食储备库", "new_start", "农业农村", "commerce", "deputy_party", 16800, 6000, "2026-04", "2027-09",
      "not_started", "青禾县粮食储备有限公司", "state_company", "county", (), (),
      content="建设仓容8万吨的低温储备库及配套铁路专用线。"),
    P("县妇幼保健院改扩建", "new_start", "卫生健康", "health", "v_education", 8600, 3000, "2026-05", "2027-08",
      "late_start", "青禾县妇幼保健院", "government", "county", (), (),
      content="改扩建业务用房1.5万平方米。"),
    P("装配式建筑构件生产基地", "new_start", "工业", "park", "executive", 35000, 11000, "2026-03", "2027-12",
      "steady", "青禾筑成建筑科技有限公司", "private", "city", ("industry",), (),
      content="建设构件生产车间5座，年产预制构件30万立方米。"),
    P("锂电池隔膜材料生产线", "new_start", "工业", "park", "secretary", 58000, 16000, "2026-06", "2028-06",
      "slow", "青禾星源新材料有限公司", "private", "province", ("industry",), (),
      content="建设湿法隔膜生产线4条，形成年产3亿平方米能力。"),
    P("城乡公交一体化枢纽站", "new_start", "交通", "transport", "v_transport", 5600, 2400, "2026-04", "2027-04",
      "good", "青禾县交通运输局", "government", "county", ("beiyuan",), (),
      content="新建公交枢纽站1处、乡镇换乘站6处。"),
    P("青山乡乡村振兴示范片", "new_start", "农业农村", "qingshan", "propaganda", 4800, 2200, "2026-03", "2026-12",
      "steady", "青山乡人民政府", "government", "county", ("farm",), (),
      content="整治村庄9个，建设产业路23公里、污水管网17公里。"),
    P("东滩乡现代设施蔬菜基地", "new_start", "农业农村", "dongtan", "deputy_party", 3600, 1800, "2026-03", "2026-11",
      "good", "东滩乡人民政府", "government", "county", ("farm",), (),
      content="新建日光温室420座、育苗中心1处。"),
    P("城关镇历史文化街区保护修缮", "new_start", "文化旅游", "chengguan", "v_culture", 7200, 2600, "2026-05", "2027-10",
      "silent", "城关镇人民政府", "government", "county", ("culture",), (),
      content="修缮传统院落46处，整治街巷5条。"),
    P("百里青河生态廊道", "new_start", "生态环保", "forest", "congress", 9200, 3400, "2026-03", "2027-06",
      "steady", "青禾县林业局", "government", "county", ("liuhe", "dongtan"), (),
      content="营造生态廊道52公里，修复湿地1800亩。"),
    P("工业固废综合利用项目", "new_start", "生态环保", "park", "executive", 12600, 400, "2026-12", "2027-11",
      "planned_later", "青禾循环环保有限公司", "private", "county", ("ecology",), (),
      content="年处理工业固废40万吨，生产环保建材。"),
    P("县级融媒体中心演播大楼", "new_start", "文化旅游", "culture", "propaganda", 5200, 1800, "2026-06", "2027-06",
      "late_start", "青禾县文化和旅游局", "government", "county", (), (),
      content="新建演播大楼9800平方米及设备购置。"),
    P("柳河镇特色小镇基础设施", "new_start", "市政基础设施", "liuhe", "cppcc", 6600, 2800, "2026-04", "2027-05",
      "recovering", "柳河镇人民政府", "government", "county", (), (),
      content="建设道路7.2公里、停车场3处、公厕8座。"),
    P("青禾第三幼儿园", "new_start", "教育", "education", "v_education", 2600, 1500, "2026-03", "2026-12",
      "good", "青禾县教育局", "government", "county", ("beiyuan",), (),
      content="新建15班幼儿园，建筑面积5600平方米。"),
    P("城区雨污分流改造（一期）", "new_start", "市政基础设施", "housing", "v_housing", 13800, 5000,
      "2026-03", "2027-12",
      "copied", "青禾县城市建设投资有限公司", "state_company", "county", ("chengguan",), (),
      content="改造雨污管网37公里，治理积水点14处。"),
    P("乡镇消防站建设", "new_start", "民生", "housing", "v_housing", 2400, 1200, "2026-05", "2026-12",
      "not_started", "青禾县住房和城乡建设局", "government", "county", ("shiqiao", "liuhe"), (),
      content="新建乡镇消防站3座，购置消防车辆9台。"),
    P("预制菜中央厨房", "new_start", "工业", "foodpark", "v_culture", 8800, 3200, "2026-04", "2027-03",
      "good", "青禾味来食品有限公司", "private", "county", ("commerce",), (),
      content="建设中央厨房2.1万平方米，日产预制菜60吨。"),
    P("石桥镇石材产业转型升级", "new_start", "工业", "shiqiao", "executive", 10600, 3600, "2026-05", "2027-09",
      "impossible", "青禾磐石石业有限公司", "private", "county", ("industry",), (),
      content="整合石材企业12家，建设集中加工区及污水处理设施。"),
    P("屋顶分布式光伏（打包）", "new_start", "能源", "chengtou", "executive", 21000, 0, "2026-03", "2027-12",
      "package", "青禾县城市建设投资有限公司", "state_company", "county", (), (),
      content="在公共建筑屋顶建设分布式光伏，分三个子项目实施。"),
    P("屋顶分布式光伏—学校子项目", "new_start", "能源", "chengtou", "executive", 8000, 3200, "2026-03", "2027-06",
      "good", "青禾县城市建设投资有限公司", "state_company", "county", ("education",), (),
      parent="屋顶分布式光伏（打包）", content="在42所学校屋顶建设光伏20兆瓦。"),
    P("屋顶分布式光伏—机关子项目", "new_start", "能源", "chengtou", "executive", 5000, 2000, "2026-04", "2027-06",
      "steady", "青禾县城市建设投资有限公司", "state_company", "county", (), (),
      parent="屋顶分布式光伏（打包）", content="在机关单位屋顶建设光伏12兆瓦。"),
    P("屋顶分布式光伏—园区子项目", "new_start", "能源", "park", "executive", 8000, 3000, "2026-05", "2027-12",
      "slow", "青禾县城市建设投资有限公司", "state_company", "county", (), (),
      parent="屋顶分布式光伏（打包）", content="在园区标准厂房屋顶建设光伏22兆瓦。"),
    # 竣工投产
    P("医用敷料生产线扩建", "completion", "工业", "park", "executive", 9600, 3000, "2024-11", "2026-06",
      "completed", "青禾安康医疗用品有限公司", "private", "county", ("industry",), (),
      content="扩建医用敷料生产线3条。"),
    P("县文化馆图书馆新馆", "completion", "文化旅游", "culture", "propaganda", 12400, 3800, "2024-06", "2026-09",
      "late_finish", "青禾县文化和旅游局", "government", "county", (), (),
      content="新建两馆合一综合楼1.9万平方米。"),
    P("县道X205线提升改造", "completion", "交通", "transport", "v_transport", 6200, 2000, "2025-03", "2026-07",
      "completed", "青禾县交通运输局", "government", "county", ("shiqiao",), (),
      content="提升改造县道24公里。"),
    P("城区第二水厂", "completion", "市政基础设施", "water", "v_transport", 16200, 4600, "2024-08", "2026-10",
      "done_early", "青禾县水务有限公司", "state_company", "city", (), (),
      content="新建日供水3万吨水厂一座及输水管线12公里。"),
    P("农村公路安防工程", "completion", "交通", "transport", "v_transport", 3400, 1400, "2025-09", "2026-08",
      "completed", "青禾县交通运输局", "government", "county", (), (),
      content="实施村道安防工程162公里。"),
    P("返乡创业孵化园", "completion", "工业", "commerce", "discipline", 5800, 1900, "2025-02", "2026-05",
      "late_finish", "青禾县商务局", "government", "county", ("industry",), (),
      content="改造厂房2.6万平方米，建设孵化服务中心。"),
    # 前期
    P("青禾通用机场", "pre_stage", "交通", "transport", "secretary", 68000, 1200, "2027-05", "2030-12",
      "pre_good", "青禾县交通运输局", "government", "province", (), (),
      content="建设A1类通用机场，跑道1200米。"),
    P("青禾抽水蓄能电站", "pre_stage", "能源", "chengtou", "head", 580000, 3000, "2027-10", "2033-12",
      "pre_good", "青禾清源蓄能有限公司", "state_company", "province", ("water", "forest"), (),
      content="装机容量120万千瓦，上下水库及输水发电系统。"),
    P("县城生活垃圾焚烧发电厂", "pre_stage", "生态环保", "housing", "v_housing", 36000, 800, "2027-03", "2028-12",
      "pre_slow", "青禾县城市建设投资有限公司", "state_company", "city", ("ecology",), (),
      content="日处理生活垃圾600吨，配套发电机组12兆瓦。"),
    P("青山古驿道文旅融合示范区", "pre_stage", "文化旅游", "wentou", "v_culture", 22000, 600, "2027-04", "2029-10",
      "pre_slow", "青禾县文旅投资有限公司", "state_company", "county", ("qingshan",), (),
      content="修复古驿道11公里，建设驿站6处、民宿集群2处。"),
    P("数据中心与算力服务基地", "pre_stage", "工业", "park", "executive", 42000, 0, "2027-06", "2029-06",
      "unplanned", "青禾云谷数据有限公司", "private", "city", ("industry",), (),
      content="规划机柜3000架，一期建设机房1.2万平方米。"),
    # 储备
    P("青禾高铁站站前广场", "reserve", "交通", "chengtou", "head", 24000, 0, "2028-03", "2029-12",
      "no_plan", "青禾县城市建设投资有限公司", "state_company", "county", (), (),
      content="配合高铁建设站前广场及综合换乘设施。"),
    P("县域商业体系建设", "reserve", "商贸物流", "commerce", "v_culture", 6400, 0, "2027-08", "2028-12",
      "no_plan", "青禾县商务局", "government", "county", (), (),
      content="改造县城商贸中心1处、乡镇商贸中心8处。"),
    P("生物质能热电联产", "reserve", "能源", "foodpark", "executive", 31000, 0, "2027-09", "2029-12",
      "no_plan", "青禾绿能热电有限公司", "private", "county", ("ecology",), (),
      content="建设30兆瓦生物质热电联产机组。"),
    P("城市体育公园", "new_start", "民生", "chengtou", "cppcc", 5400, 2200, "2026-04", "2027-02",
      "paused", "青禾县城市建设投资有限公司", "state_company", "county", ("culture",), (),
      content="建设体育公园12公顷，含全民健身中心1座。"),
    P("粮食烘干仓储中心", "new_start", "农业农村", "liuhe", "deputy_party", 2800, 1600, "2026-04", "2026-10",
      "removed", "柳河镇人民政府", "government", "county", ("farm",), (),
      content="建设烘干线4条、仓储库房6000平方米。"),
    P("青年人才公寓", "new_start", "民生", "chengtou", "discipline", 9400, 3000, "2026-07", "2028-03",
      "added", "青禾县城市建设投资有限公司", "state_company", "county", ("housing",), (),
      content="建设人才公寓480套，建筑面积3.9万平方米。"),
)

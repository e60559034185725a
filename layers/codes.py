"""Code lists that several layers share. Standard library only."""

from __future__ import annotations

from ..text import Text
from .spec import Code, Field, Kind

_ALL_THREE = ("三家共享", "三家共建", "三家运营商", "三大运营商", "三网共享")
# Two operators in one word: the shared networks of Telecom and Unicom, and of Mobile and Broadnet at 700 MHz.
_TELECOM_AND_UNICOM = ("电联", *_ALL_THREE)
_ON_700_MHZ = ("700m共建",)

OPERATORS = (
    Code(
        "CMCC",
        Text("中国移动", "China Mobile"),
        ("移动", "移动公司", "YD", "cm", "46000", "46002", "46004", "46007", "46008", "中移动", "Mobile"),
        ("中国移动", "中移动", "中移", "移动", "cmcc", "china mobile", "chinamobile", *_ON_700_MHZ, *_ALL_THREE),
    ),
    Code(
        "CTCC",
        Text("中国电信", "China Telecom"),
        ("电信", "电信公司", "DX", "ct", "46003", "46005", "46011", "46012", "中电信", "Telecom"),
        ("中国电信", "中电信", "电信", "天翼", "ctcc", "china telecom", "chinatelecom", *_TELECOM_AND_UNICOM),
    ),
    Code(
        "CUCC",
        Text("中国联通", "China Unicom"),
        ("联通", "联通公司", "LT", "cu", "46001", "46006", "46009", "中联通", "Unicom"),
        ("中国联通", "中联通", "联通", "联合网络通信", "cucc", "china unicom", "chinaunicom", *_TELECOM_AND_UNICOM),
    ),
    Code(
        "CBN",
        Text("中国广电", "China Broadnet"),
        ("广电", "广电网络", "GD", "46015", "Broadnet"),
        ("中国广电", "广电", "广播电视网络", "cbn", "china broadnet", *_ON_700_MHZ),
    ),
    Code(
        "TOWER",
        Text("中国铁塔", "China Tower"),
        ("铁塔", "铁塔公司", "TT"),
        ("中国铁塔", "铁塔", "china tower", "chinatower"),
    ),
    Code("OTHER", Text("其他", "Other"), ("其它",)),
)

BASIC_OPERATORS = ("CMCC", "CTCC", "CUCC", "CBN")

TECHNOLOGIES = (
    Code("2G", Text("2G", "2G"), ("GSM", "CDMA", "GPRS", "EDGE", "CDMA1X", "GSM900", "DCS1800", "BTS")),
    Code("3G", Text("3G", "3G"), ("WCDMA", "TD-SCDMA", "CDMA2000", "UMTS", "EVDO", "HSPA", "NodeB")),
    Code(
        "4G",
        Text("4G", "4G"),
        (
            *("LTE", "FDD-LTE", "TD-LTE", "TDD-LTE", "LTE-FDD", "LTE-TDD", "LTE-A", "FDD", "TDD", "TDL", "4G LTE"),
            *("4G-LTE", "4G FDD", "4G TDD", "VoLTE", "NB-IoT", "LTE-M", "eNodeB", "eNB", "E-UTRAN"),
        ),
    ),
    Code(
        "5G",
        Text("5G", "5G"),
        (
            *("NR", "5G NR", "5GNR", "NR5G", "SA", "NSA", "5G SA", "5G-SA", "5G NSA", "NR SA", "NR NSA", "5G-A", "5GA"),
            *("5G RedCap", "5GC", "gNodeB", "gNB"),
        ),
    ),
)

# The numbers are those of most operators' lists: 1 in service, 2 planned, 3 being built, 4 taken down. Of all but the
# first the planner is asked (`numeric_code`), for some number them otherwise.
STATUSES = (
    Code(
        "existing",
        Text("现状", "Existing"),
        (
            *(
                "在网",
                "现网",
                "存量",
                "已建",
                "已建成",
                "建成",
                "已开通",
                "开通",
                "开通运行",
                "在用",
                "使用中",
                "正常",
                "正常使用",
            ),
            *(
                "运行",
                "运行中",
                "正常运行",
                "在网运行",
                "在运",
                "在运行",
                "投运",
                "已投运",
                "投产",
                "已投产",
                "投入使用",
                "入网",
            ),
            *(
                "已入网",
                "商用",
                "已商用",
                "交维",
                "已交维",
                "在服",
                "在线",
                "激活",
                "已激活",
                "启用",
                "已启用",
                "现有",
                "既有",
            ),
            *("已有", "built", "on air", "in service", "live", "online", "active", "operational", "working"),
            *("1",),
        ),
    ),
    Code(
        "under_construction",
        Text("在建", "Under construction"),
        (
            *(
                "建设中",
                "施工",
                "工程",
                "施工中",
                "在施",
                "工程中",
                "工程建设",
                "工程建设中",
                "正在建设",
                "正在施工",
                "在建中",
            ),
            *("建设", "已开工", "building", "constructing", "construction", "in construction", "3"),
        ),
    ),
    Code(
        "planned",
        Text("规划", "Planned"),
        (
            *(
                "规划中",
                "已规划",
                "拟建",
                "待建",
                "新建",
                "拟新建",
                "计划",
                "计划建设",
                "规划建设",
                "规划拟建",
                "待建设",
                "拟建设",
            ),
            *("立项", "已立项", "可研", "设计中", "未开工", "待开工", "plan", "planning", "proposed", "new"),
            *("2",),
        ),
    ),
    Code(
        "retired",
        Text("退网", "Retired"),
        (
            *(
                "退役",
                "拆除",
                "已拆除",
                "拆站",
                "停用",
                "已停用",
                "下线",
                "已下线",
                "退网下线",
                "已退网",
                "已退役",
                "报废",
                "已报废",
            ),
            *("关停", "已关停", "清退", "注销", "已注销", "decommissioned", "dismantled", "removed", "4"),
        ),
    ),
)

NETWORK_LEVELS = (
    Code(
        "national",
        Text("一级干线", "National trunk"),
        ("国家干线", "国干", "一干", "省际干线", "骨干", "national"),
    ),
    Code("provincial", Text("二级干线", "Provincial trunk"), ("省内干线", "省干", "二干", "provincial")),
    Code("metro", Text("本地网", "Local network"), ("本地", "城域", "城域网", "metro", "local")),
    Code("access", Text("接入网", "Access network"), ("接入", "配线", "access")),
)

PLACE_KINDS = (
    Code(
        "committee",
        Text("村委会", "Village committee"),
        ("村部", "村民委员会", "居委会", "党群服务中心", "committee", "village committee"),
    ),
    Code("school", Text("学校", "School"), ("school",), narrower=("小学", "中学", "教学点", "幼儿园", "村小")),
    Code("clinic", Text("卫生室", "Clinic"), ("村卫生室", "卫生所", "clinic"), narrower=("诊所", "医务室")),
    Code("hospital", Text("医院", "Hospital"), ("hospital",), narrower=("卫生院", "乡镇卫生院")),
    Code("square", Text("文化广场", "Village square"), ("广场", "村民广场", "文化活动中心", "square")),
    Code("market", Text("集市", "Market"), ("市场", "market"), narrower=("农贸市场", "圩市")),
    Code("township_seat", Text("乡镇政府", "Township seat"), ("乡政府", "镇政府", "township government")),
    Code(
        "border_institution",
        Text("边境管理机构", "Border management institution"),
        ("边防", "边检站", "边防检查站", "边境派出所", "border post"),
    ),
    Code(
        "trade_post",
        Text("边民互市点", "Border trade post"),
        ("互市点", "边贸点", "边贸机构", "互市贸易区", "trade post"),
    ),
    Code("port_of_entry", Text("口岸", "Port of entry"), ("陆路口岸", "公路口岸", "port of entry", "crossing")),
    Code("island", Text("海岛", "Island"), ("有居民海岛", "岛屿", "island")),
    Code("farm", Text("农林牧场", "Farm"), ("farm",), narrower=("农场", "林场", "牧场")),
    # The scenes of signal upgrade: a place of one is judged by its key points.
    Code(
        "government_centre",
        Text("政务中心", "Government service centre"),
        ("政务服务中心", "行政服务中心", "便民服务中心", "政务大厅", "办事大厅", "government centre"),
    ),
    Code(
        "tourism",
        Text("文旅场所", "Tourist site"),
        ("文旅", "文旅景区", "文化旅游", "旅游景区", "景区", "景点", "旅游区", "tourism", "scenic area"),
        narrower=("博物馆", "文化馆", "图书馆", "体育馆"),
    ),
    Code(
        "medical",
        Text("医疗机构", "Medical institution"),
        ("医疗卫生机构", "医疗场所", "重点医疗机构", "medical"),
    ),
    Code(
        "university",
        Text("高等学校", "University"),
        ("高校", "大学", "高等院校", "重点高校", "university"),
        narrower=("学院", "高职院校"),
    ),
    Code(
        "transport_hub",
        Text("交通枢纽", "Transport hub"),
        ("枢纽", "交通枢纽站", "transport hub"),
        narrower=("机场", "火车站", "高铁站", "铁路客运站", "客运站", "汽车站", "客运码头"),
    ),
    Code("metro", Text("城市地铁", "Metro"), ("地铁", "轨道交通", "地铁站", "metro", "subway")),
    Code(
        "road_rail_waterway",
        Text("公路铁路水路", "Road, railway or waterway"),
        ("公路铁路水运", "公铁水路", "公路、铁路、水路", "road rail waterway"),
        narrower=("服务区", "高速公路服务区", "收费站"),
    ),
    Code(
        "mall",
        Text("重点商超", "Shopping centre"),
        ("商超", "商场", "购物中心", "商场超市", "mall", "shopping centre"),
        narrower=("超市", "百货商场"),
    ),
    Code(
        "housing",
        Text("住宅小区", "Housing estate"),
        ("居民小区", "小区", "居民住宅", "housing", "residential"),
    ),
    Code(
        "office_building",
        Text("商务楼宇", "Office building"),
        ("楼宇", "写字楼", "办公楼宇", "办公楼", "office building"),
    ),
    Code("township_village", Text("乡镇农村", "Township or village"), ("乡镇和农村", "农村乡镇", "township village")),
    Code("other", Text("其他", "Other"), ("其它",)),
)

# Whether gigabit fibre is there. Nobody infers it: where a layer does not say so, nothing can be told.
GIGABIT = Field(
    "gigabit",
    Kind.FLAG,
    Text("是否通千兆光网", "Gigabit fibre"),
    "SFQZGW",
    (
        *("千兆光网", "通千兆光网", "是否通千兆", "是否通千兆光纤", "是否千兆", "千兆光纤", "千兆宽带", "通千兆"),
        *("是否具备千兆接入能力", "千兆光网覆盖", "gigabit", "gigabit fibre", "gigabit fiber"),
    ),
    since=5,
)

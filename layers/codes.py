"""Code lists that several layers share. Standard library only."""

from __future__ import annotations

from ..text import Text
from .spec import Code

OPERATORS = (
    Code(
        "CMCC",
        Text("中国移动", "China Mobile"),
        ("移动", "移动公司", "China Mobile", "YD", "cm", "46000", "中移动"),
    ),
    Code(
        "CTCC",
        Text("中国电信", "China Telecom"),
        ("电信", "电信公司", "China Telecom", "DX", "ct", "46011", "中电信"),
    ),
    Code(
        "CUCC",
        Text("中国联通", "China Unicom"),
        ("联通", "联通公司", "China Unicom", "LT", "cu", "46001", "中联通"),
    ),
    Code("CBN", Text("中国广电", "China Broadnet"), ("广电", "广电网络", "China Broadnet", "GD", "46015")),
    Code("TOWER", Text("中国铁塔", "China Tower"), ("铁塔", "铁塔公司", "China Tower", "TT")),
    Code("OTHER", Text("其他", "Other"), ("其它",)),
)

BASIC_OPERATORS = ("CMCC", "CTCC", "CUCC", "CBN")

TECHNOLOGIES = (
    Code("2G", Text("2G", "2G"), ("GSM", "CDMA")),
    Code("3G", Text("3G", "3G"), ("WCDMA", "TD-SCDMA", "CDMA2000")),
    Code(
        "4G",
        Text("4G", "4G"),
        ("LTE", "FDD-LTE", "TD-LTE", "TDD-LTE", "LTE-FDD", "LTE-TDD", "FDD", "TDD", "eNodeB"),
    ),
    Code(
        "5G",
        Text("5G", "5G"),
        ("NR", "5G NR", "5GNR", "SA", "NSA", "5G SA", "5G-SA", "5G NSA", "gNodeB", "gNB"),
    ),
)

STATUSES = (
    Code(
        "existing",
        Text("现状", "Existing"),
        (
            "在网",
            "现网",
            "存量",
            "已建",
            "已开通",
            "开通",
            "在用",
            "正常",
            "运行",
            "入网",
            "已入网",
            "built",
            "on air",
            "active",
            "operational",
        ),
    ),
    Code(
        "under_construction",
        Text("在建", "Under construction"),
        ("建设中", "施工", "工程", "施工中", "under construction", "building"),
    ),
    Code("planned", Text("规划", "Planned"), ("规划中", "拟建", "待建", "新建", "计划", "plan", "proposed")),
    Code(
        "retired",
        Text("退网", "Retired"),
        ("退役", "拆除", "已拆除", "停用", "下线", "退网下线", "已退网", "decommissioned", "removed"),
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
    Code("school", Text("学校", "School"), ("小学", "中学", "教学点", "幼儿园", "村小", "school")),
    Code("clinic", Text("卫生室", "Clinic"), ("村卫生室", "卫生所", "诊所", "医务室", "clinic")),
    Code("hospital", Text("医院", "Hospital"), ("卫生院", "乡镇卫生院", "hospital")),
    Code("square", Text("文化广场", "Village square"), ("广场", "村民广场", "文化活动中心", "square")),
    Code("market", Text("集市", "Market"), ("市场", "农贸市场", "圩市", "market")),
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
    Code("farm", Text("农林牧场", "Farm"), ("农场", "林场", "牧场", "farm")),
    Code("other", Text("其他", "Other"), ("其它",)),
)

"""How a rule's value, and a planner's change of it, are said. Standard library only: the window says them too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...layers.codes import PLACE_KINDS
from ...layers.specs.control_lines import KINDS as ZONE_KINDS
from ...rules.status import second_hand, status_label, unverified_caution
from ...text import NOTHING, Text, same

__all__ = [
    "SEVERITY_LABELS",
    "change_words",
    "rule_cautions",
    "second_hand",
    "status_label",
    "unverified_caution",
    "value_words",
]

_UNIT_WORDS = {
    "kind": NOTHING,
    "operator": Text(" 家运营商", " operator"),
    "household": Text(" 户", " households"),
    "户": Text(" 户", " households"),
    "个": Text(" 个", ""),
    "处": Text(" 处", " places"),
    "条": Text(" 条", " lines"),
    "倍": Text(" 倍", " times"),
    "倍/°": Text(" 倍/°", " times per °"),
    "点/m": Text(" 点/m", " points/m"),
    "年": Text(" 年", " years"),
    "个/万人": Text(" 个/万人", " per 10,000 people"),
    "province": NOTHING,
    "scene": NOTHING,
    "severity": NOTHING,
    "zone_kind": NOTHING,
}


# How grave it is to lie in a control line (or outside of it): the pack "land".
SEVERITY_LABELS = {
    0: Text("不计", "Not counted"),
    1: Text("提示", "Note"),
    2: Text("须论证报批", "Approval needed"),
    3: Text("应避让", "Avoid"),
}
_WORDS = {"as_needed": Text("按需", "as needed")}
# GB/T 2260, first two digits.
_PROVINCES = {
    **{"11": Text("北京", "Beijing"), "12": Text("天津", "Tianjin"), "13": Text("河北", "Hebei")},
    **{"14": Text("山西", "Shanxi"), "15": Text("内蒙古", "Inner Mongolia"), "21": Text("辽宁", "Liaoning")},
    **{"22": Text("吉林", "Jilin"), "23": Text("黑龙江", "Heilongjiang"), "31": Text("上海", "Shanghai")},
    **{"32": Text("江苏", "Jiangsu"), "33": Text("浙江", "Zhejiang"), "34": Text("安徽", "Anhui")},
    **{"35": Text("福建", "Fujian"), "36": Text("江西", "Jiangxi"), "37": Text("山东", "Shandong")},
    **{"41": Text("河南", "Henan"), "42": Text("湖北", "Hubei"), "43": Text("湖南", "Hunan")},
    **{"44": Text("广东", "Guangdong"), "45": Text("广西", "Guangxi"), "46": Text("海南", "Hainan")},
    **{"50": Text("重庆", "Chongqing"), "51": Text("四川", "Sichuan"), "52": Text("贵州", "Guizhou")},
    **{"53": Text("云南", "Yunnan"), "54": Text("西藏", "Tibet"), "61": Text("陕西", "Shaanxi")},
    **{"62": Text("甘肃", "Gansu"), "63": Text("青海", "Qinghai"), "64": Text("宁夏", "Ningxia")},
    **{"65": Text("新疆", "Xinjiang"), "71": Text("台湾", "Taiwan"), "81": Text("香港", "Hong Kong")},
    "82": Text("澳门", "Macao"),
}


def value_words(value: Any, unit: str) -> Text:
    """Say a rule's value as a planner reads it: words for codes, a measure word for counted things."""
    values = value if isinstance(value, list) else [value]
    labels: Mapping[Any, Text] = {**_WORDS, **{code.value: code.label for code in PLACE_KINDS}}
    if unit == "province":
        labels = _PROVINCES
    elif unit == "severity":
        labels = SEVERITY_LABELS
    elif unit == "zone_kind":
        labels = {code.value: code.label for code in ZONE_KINDS}
    named = [labels.get(item, same(str(item))) for item in values]
    shown = Text("、".join(item.zh for item in named), ", ".join(item.en for item in named))
    word = _UNIT_WORDS.get(unit, same(f" {unit}" if unit else ""))
    return Text(shown.zh + word.zh, shown.en + word.en)


def rule_cautions(rules: Sequence[Mapping[str, Any]]) -> list[Text]:
    """Say which of the cited values nobody has verified, and what the planner's own packs changed."""
    unverified = unverified_caution(rules)
    changed = [change_words(rule) for rule in rules if rule.get("own_pack")]
    return [*([unverified] if unverified else []), *changed]


def change_words(rule: Mapping[str, Any]) -> Text:
    """Say what a planner's own pack changed in a rule, or that it added it, and why."""
    now, reason = value_words(rule["value"], rule["unit"]), rule["reason"]
    own = Text(
        f"自定义规则包“{rule['own_pack']}”",
        f"the planner's own pack “{rule['own_pack']}”",
    )
    why = Text(f"理由：{reason}", f"Reason: {reason}") if reason else NOTHING
    if not rule["pack"]:
        return Text(
            f"规则“{rule['zh']}”出自{own.zh}。{why.zh}", f"The rule “{rule['en']}” is from {own.en}. {why.en}".strip()
        )
    if rule["replaced"] == rule["value"]:
        return Text(
            f"规则“{rule['zh']}”经{own.zh}修改（取值未变，{now.zh}）。{why.zh}",
            f"The rule “{rule['en']}” was changed by {own.en} (its value stays {now.en}). {why.en}",
        )
    before = value_words(rule["replaced"], rule["unit"])
    return Text(
        f"规则“{rule['zh']}”经{own.zh}由 {before.zh} 改为 {now.zh}。{why.zh}",
        f"The rule “{rule['en']}” was changed by {own.en} from {before.en} to {now.en}. {why.en}",
    )

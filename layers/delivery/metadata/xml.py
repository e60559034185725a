"""Metadata as the XML tree that the land survey's software edits, after TD/T 1016.

Names and order of the elements were read in that software (facts §3.4); the text of TD/T 1016 was not. What no text
that was read settles: the name of the root (taken from the tree's own last branch) and that the part on content is
repeated once a layer.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Union

import numpy as np

from ....text import Text
from ..findings import Finding
from .known import Known, LayerFacts

# A branch: a text, a mapping of names to branches, or several branches of one name.
Branch = Union[str, "Mapping[str, Branch]", "Sequence[Mapping[str, Branch]]"]

PLANNERS = (
    *("version", "abstract", "state", "start", "end", "scale", "theme", "owner", "person", "role", "phone", "fax"),
    *("address", "postcode", "email", "website", "restriction", "security", "completeness", "conformity", "accuracy"),
    *("acceptance",),
)


def tree_of(known: Known, lineage: str) -> Mapping[str, Branch]:
    """Give the tree below its root.

    Parameters
    ----------
    lineage : str
        Where the data come from, for want of the planner's own words.
    """
    unit = _unit(known)
    return {
        "日期": known.date,
        "联系": {"CI_负责单位": unit},
        "标识信息": {"MD_标识": _identification(known, unit)},
        "数据质量信息": {"DQ_数据质量": _quality(known, lineage)},
        "空间参照系统信息": {"RS_参照系统": _reference(known)},
        "内容信息": [_content(layer) for layer in known.layers],
        "分发信息": {
            "MD_分发": {
                "数字传输选项": {"MD_数字传输选项": {"在线连接": known.words["website"]}},
                "分发者": {"MD_分发者": {"分发者联系信息": {"CI_负责单位": unit}}},
            }
        },
    }


def _unit(known: Known) -> dict[str, Branch]:
    words = known.words
    return {
        "负责单位名称": words["owner"],
        "联系人": words["person"],
        "职责": words["role"],
        "联系信息": {
            "CI_联系": {
                "电话": words["phone"],
                "传真": words["fax"],
                "通信地址": words["address"],
                "邮政编码": words["postcode"],
                "电子信箱地址": words["email"],
                "网址": words["website"],
            }
        },
    }


def _identification(known: Known, unit: Branch) -> dict[str, Branch]:
    words = known.words
    west, south, east, north = (f"{value:.6f}" if np.isfinite(value) else "" for value in known.degrees)
    formats = "、".join(known.formats)
    return {
        "数据集引用": {"CI_引用": {"名称": words["name"] or known.package, "日期": known.date}},
        "版本": words["version"],
        "语种": "中文",
        "摘要": words["abstract"],
        "现状": words["state"],
        "地理范围": {"EX_地理坐标范围": {"西边经度": west, "东边经度": east, "南边纬度": south, "北边纬度": north}},
        "地理描述": {"SI_地理描述": {"地理标识符": f"{known.county}{known.county_name}"}},
        "时间范围": {"EX_时间范围": {"范围": {"TM_时间段": {"起始时间": words["start"], "终止时间": words["end"]}}}},
        # Shapes are two-dimensional: there are no heights to give the range of.
        "垂向范围": {"EX_垂向范围": {"最小垂向坐标值": "", "最大垂向坐标值": "", "计量单位": "米"}},
        "表示方式": "矢量",
        "数据格式名称": formats,
        "可交换数据格式名称": formats,
        "调查比例尺": words["scale"],
        "类别": words["theme"],
        "数据集联系信息": {"CI_负责单位": unit},
        "静态浏览图信息": {"MD_浏览图": {"文件名称": ""}},
        "数据集限制": {
            "MD_数据集限制": {
                "MD_法律限制": {"使用限制代码": words["restriction"]},
                "MD_安全限制": {"安全等级代码": words["security"]},
            }
        },
        "数据集格式": [{"MD_格式": {"名称": name, "版本": _VERSIONS.get(name, "")}} for name in known.formats],
    }


_VERSIONS = {"GeoPackage": "1.2", "FileGDB": "10", "VCT": "3.0"}


def _quality(known: Known, lineage: str) -> dict[str, Branch]:
    words = known.words
    return {
        "概述": {
            "完整性": words["completeness"],
            "规范性": words["conformity"],
            "准确性": words["accuracy"],
            "检查验收": words["acceptance"],
        },
        "数据志": words["lineage"] or lineage,
    }


def _reference(known: Known) -> dict[str, Branch]:
    zone = known.crs.zone
    system: dict[str, Branch] = {"坐标系统类型": "大地坐标系统", "坐标系统名称": "2000国家大地坐标系"}
    if not known.is_geographic:
        stated = known.projection
        parts = [
            f"中央经线 {stated.get('Longitude of natural origin', 0):g}°",
            *([f"{zone.width_deg}度分带第 {zone.number} 带"] if zone else []),
            f"东偏移 {stated.get('False easting', 0):.0f} 米",
            f"比例因子 {stated.get('Scale factor at natural origin', 1):g}",
        ]
        system = {
            "坐标系统类型": "投影坐标系统",
            "坐标系统名称": "高斯-克吕格投影",
            "投影坐标系统参数": "，".join(parts),
        }
    return {
        "SI_基于地理标识的空间参照系统": {"名称": f"{known.county}{known.county_name}"},
        "SC_基于坐标的空间参照系统": {
            "SC_大地坐标参照系统": {"大地坐标参照系统名称": "2000国家大地坐标系", "SC_坐标系统": system},
            "SC_垂向坐标参照系统": {"垂向坐标参照系统名称": known.vertical},
        },
    }


def _content(layer: LayerFacts) -> dict[str, Branch]:
    return {
        "图层名称": layer.name,
        "要素实体名称": layer.alias,
        "属性列表": "、".join(f"{name}（{alias}）" for name, alias in layer.fields),
    }


def write_xml(path: Path, known: Known, lineage: str) -> None:
    """Write the tree, UTF-8, the same bytes for the same facts."""
    root = ET.Element("MD_元数据")
    _grow(root, tree_of(known, lineage))
    ET.indent(root, "  ")
    path.write_bytes(ET.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n")


def _grow(parent: ET.Element, branch: Branch) -> None:
    if isinstance(branch, str):
        parent.text = _fit(branch) or None
    elif isinstance(branch, Mapping):
        for name, below in branch.items():
            for one in below if isinstance(below, list) else [below]:
                _grow(ET.SubElement(parent, name), one)


def _fit(text: str) -> str:
    """Leave out the control characters that XML 1.0 forbids."""
    return "".join(sign for sign in text if sign in "\t\n\r" or ord(sign) >= 32)


def unread() -> Finding:
    """Say that the standard's own text was not read."""
    return Finding(
        "META",
        "note",
        "",
        Text(
            "元数据 XML 按三调软件所用的 TD/T 1016 结构写出，标准原文未读到。",
            "The metadata XML has the tree of the land survey's software after TD/T 1016; the standard was not read.",
        ),
        Text("请与接收单位核对元数据的结构。", "Ask the bureau about the structure of its metadata."),
    )

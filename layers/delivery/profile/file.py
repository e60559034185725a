"""Find and read the files of delivery profiles: those that come with the plugin, and a planner's own."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from ....errors import Fault, InputError
from ....text import Text, same
from .model import Profile, profile_of

PROFILES = Path(__file__).parents[1] / "profiles"
_AT = re.compile(r"at line (\d+), column (\d+)")


def shipped_profiles() -> list[str]:
    """Give the names of the profiles that come with the plugin, sorted."""
    return sorted(path.stem for path in PROFILES.glob("*.toml"))


def is_file(stated: str) -> bool:
    """Tell whether a stated profile is a file, not the name of a shipped one."""
    return stated not in shipped_profiles()


def path_of(stated: str) -> Path:
    """Give the file of a stated profile; raise InputError where there is none."""
    path = Path(stated) if is_file(stated) else PROFILES / f"{stated}.toml"
    if not path.is_file():
        raise InputError(
            Text(
                f"没有成果规格 {stated}：既不是随附的规格，也不是文件。",
                f"There is no delivery profile {stated}: neither a shipped one nor a file.",
            ),
            Text(f"随附的规格：{'、'.join(shipped_profiles())}。", f"Shipped: {', '.join(shipped_profiles())}."),
        )
    return path


def read_profile(stated: str) -> Profile:
    """Read a profile by the name of a shipped one or by the path of a file.

    Raises
    ------
    InputError
        There is none, it cannot be read, or it is not sound; `faults` has everything at once.
    """
    path = path_of(stated)
    return profile_of(read_content(path), path.stem, path)


def read_content(path: Path) -> dict[str, Any]:
    """Read the file of a profile; raise InputError where it cannot be read, is not UTF-8 or no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(Text(f"读不到成果规格 {path}：{error}", f"Cannot read the profile {path}: {error}")) from error
    except UnicodeDecodeError as error:
        raise InputError(
            Text(f"成果规格 {path} 不是 UTF-8 编码。", f"The profile {path} is not in UTF-8."),
            Text("请在文本编辑器中另存为 UTF-8。", "Save it as UTF-8 in a text editor."),
            faults=[Fault(Text("不是 UTF-8 编码。", "It is not in UTF-8."), file=path.name)],
        ) from error
    except tomllib.TOMLDecodeError as error:
        where = _AT.search(str(error))
        place = f"（第 {where[1]} 行第 {where[2]} 列附近）" if where else ""
        raise InputError(
            Text(f"成果规格 {path} 不是有效的 TOML{place}：{error}", f"The profile {path} is not valid TOML: {error}"),
            Text("请按提示的行号修改。", "Mend the line that the message names."),
            faults=[Fault(same(str(error)), file=path.name, row=int(where[1]) if where else None)],
        ) from error

"""Show a delivery profile as tables, with what is wrong with it; change it and save it as a planner's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..text import Text
from .declaration import Job, Output, OutputKind, Parameter, ParameterKind
from .delivery_package import PROFILES

if TYPE_CHECKING:
    from pathlib import Path

    from ..engine.context import RunContext
    from ..errors import InputError

JOB = Job(
    name="edit_profile",
    label=Text("编辑成果规格", "Edit a delivery profile"),
    help=Text(
        "列出成果规格的图层、字段、取值、代码表、检查规则和各项规定，连同全部问题；给出修改时先检查，无误的才写入自己的规格文件。"
        "随附的规格不改，另存为自己的文件。成果规格窗口即用此任务。",
        "Lists layers, fields, values, code lists, checks and settings of a profile with everything that is wrong. Changes are checked first, "
        "and only a sound profile is written, to a file of your own: shipped ones stay. The window of profiles works through this job.",
    ),
    step="deliver",
    parameters=(
        Parameter(
            "profile",
            ParameterKind.CHOICE_OR_TEXT,
            Text("成果规格", "Delivery profile"),
            Text(
                "随附规格的名称，或规格文件（.toml）的路径。",
                "Name of a shipped profile, or path of a profile (.toml).",
            ),
            required=True,
            choices=PROFILES,
        ),
        Parameter(
            "changes",
            ParameterKind.SOURCE,
            Text("修改", "Changes"),
            Text(
                "JSON 文件：列表，各项有 path 以及 set、add、remove 之一。",
                "A JSON file: a list of changes, each with path and one of set, add and remove.",
            ),
        ),
        Parameter(
            "file",
            ParameterKind.TEXT,
            Text("保存到", "Save as"),
            Text(
                "自己的规格文件（.toml）；留空则只检查不保存。",
                "A profile (.toml) of your own; empty checks and does not save.",
            ),
        ),
    ),
    outputs=(Output("pages", OutputKind.FILE, Text("规格内容（JSON）", "The profile (JSON)")),),
    summary_keys=("profile", "layers", "fields", "faults", "saved"),
)


def run(context: RunContext) -> dict[str, Any]:
    """Read the profile, sound or not, apply the changes, check, save where asked and sound."""
    import json
    from pathlib import Path

    from ..engine.record import plain
    from ..layers.delivery.profile.editing import changed
    from ..layers.delivery.profile.faults import faults_of_profile
    from ..layers.delivery.profile.file import is_file, path_of, read_content
    from ..layers.delivery.profile.pages import pages_of
    from ..layers.delivery.profile.text import as_toml

    path = path_of(context["profile"])
    target = Path(context["file"]) if context["file"] else None
    if is_file(context["profile"]) and target != path:  # a file that is written again is no input that stays
        context.read("profile", path)
    content = read_content(path)
    if context["changes"]:
        content = changed(content, _read_changes(context.read("changes", Path(context["changes"]))))
    faults = faults_of_profile(content, (target or path).name)
    if target is not None:
        if faults:
            raise _unsound(target, faults)
        _save(target, as_toml(content))
    pages = pages_of(content)
    told = {
        "name": path.stem,
        "path": str(path) if is_file(context["profile"]) else "",
        "title": {key: content.get("profile", {}).get(key, "") for key in ("zh", "en")},
        "pages": [page._asdict() for page in pages],
        "faults": [{"zh": fault.message.zh, "en": fault.message.en, "place": fault.field} for fault in faults],
    }
    text = json.dumps(plain(_told(told)), ensure_ascii=False, indent=1)
    context.output("pages", "profile.json").write_text(text, encoding="utf-8", newline="\n")
    layers = content.get("layer", [])
    return {
        "profile": path.stem,
        "layers": len(layers),
        "fields": sum(len(layer.get("field", ())) for layer in layers if isinstance(layer, dict)),
        "faults": len(faults),
        "saved": str(target) if target else "",
    }


def _told(value: Any) -> Any:
    """Give named tuples and texts as the tables that JSON knows."""
    if isinstance(value, Text):
        return {"zh": value.zh, "en": value.en}
    if hasattr(value, "_asdict"):
        return {key: _told(item) for key, item in value._asdict().items()}
    if isinstance(value, dict):
        return {key: _told(item) for key, item in value.items()}
    return [_told(item) for item in value] if isinstance(value, (list, tuple)) else value


def _read_changes(path: Path) -> list[dict[str, Any]]:
    import json

    from ..errors import InputError

    try:
        changes = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InputError(
            Text(f"读不到修改 {path}：{error}", f"Cannot read the changes {path}: {error}"),
            Text("请给出 UTF-8 的 JSON 文件。", "State a JSON file in UTF-8."),
        ) from error
    if not isinstance(changes, list) or not all(
        isinstance(item, dict) and item.get("path") and {"set", "add", "remove"} & set(item) for item in changes
    ):
        raise InputError(
            Text(
                f"{path} 不是修改的列表：每项应有 path 以及 set、add、remove 之一。",
                f"{path} is no list of changes: each needs path and one of set, add and remove.",
            ),
            Text("请按 docs/jobs.md 的说明书写。", "Write it as docs/jobs.md says."),
        )
    return changes


def _unsound(target: Path, faults: list[Any]) -> InputError:
    from ..errors import InputError

    return InputError(
        Text(
            f"规格有 {len(faults)} 处问题，未保存到 {target}。",
            f"Faults: {len(faults)}; nothing was saved to {target}.",
        ),
        Text("请改正列出的各处后再保存。", "Mend them and save again."),
        faults=faults,
    )


def _save(target: Path, text: str) -> None:
    """Write the file under a temporary name first, so that a kill leaves the old one or the new one."""
    from ..errors import InputError

    part = target.with_name(f".{target.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(target)
    except OSError as error:
        raise InputError(
            Text(f"无法写入 {target}：{error.strerror}。", f"Cannot write {target}: {error.strerror}."),
            Text("请选择可写入的文件夹。", "Choose a folder that you may write to."),
        ) from error

"""List all rule packs, shipped and own, with every rule as it holds: what the pack editor shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..text import Text
from .declaration import Job, Output, OutputKind
from .shared.pack_parameters import OWN_PACKS

if TYPE_CHECKING:
    from ..engine.context import RunContext

JOB = Job(
    name="list_packs",
    label=Text("列出规则包", "List rule packs"),
    help=Text(
        "列出随附的和自定义的全部规则包：每条规则的取值、出处、有效期、状态，以及自定义修改和理由；有问题的自定义规则包连同其问题一并列出。",
        "Lists all rule packs, shipped and your own: value, source, validity and status of every rule, your changes with their reasons, "
        "and what is wrong with a pack of your own.",
    ),
    step="data",
    parameters=(OWN_PACKS,),
    outputs=(Output("packs", OutputKind.FILE, Text("规则包（JSON）", "Rule packs (JSON)")),),
    summary_keys=("packs", "rules", "changed", "faulty"),
)


def run(context: RunContext) -> dict[str, Any]:
    """Read everything, faulty own packs too, and write it as JSON."""
    import json

    from ..engine.record import plain
    from .packs.listing import list_packs
    from .shared.packs import own_folder

    packs = list_packs(own_folder(context))
    text = json.dumps({"packs": plain(packs)}, ensure_ascii=False, indent=1)
    context.output("packs", "packs.json").write_text(text, encoding="utf-8", newline="\n")
    shipped = [pack for pack in packs if not pack["own"]]
    return {
        "packs": len(packs),
        "rules": sum(len(pack["rows"]) for pack in shipped),
        "changed": sum(bool(row["own_pack"]) for pack in shipped for row in pack["rows"]),
        "faulty": sum(bool(pack["faults"]) for pack in packs if pack["own"]),
    }

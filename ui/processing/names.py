"""How the names of the engine's contract read in Processing."""

from __future__ import annotations

from ...jobs.declaration import Job, OutputKind, ParameterKind

PROVIDER_ID = "xinji"
RESULT_FOLDER = "RESULT_FOLDER"

_TEXT_KEYS = {
    *("evidence", "encoding", "source_crs", "datum", "mapping", "crs", "crs_name", "kind", "rule_id"),
    *("layers", "findings", "formats", "score", "rules", "rules_run", "rules_not_run", "zones", "alternatives"),
}


def algorithm_name(job: str) -> str:
    """Give the algorithm's name: the job's, without underscores, because Processing wants lower-case letters."""
    return job.replace("_", "")


def parameter_name(name: str) -> str:
    """Give the Processing name of a parameter or output."""
    return name.upper()


def output_name(job: Job, name: str) -> str:
    """Give the Processing name of an output; one that a parameter has taken gets ``_RESULT`` behind it.

    A workspace keeps its name: it is not a destination, and chains of imports read best as WORKSPACE to WORKSPACE.
    """
    taken = {parameter.name for parameter in job.parameters}
    kinds = {output.name: output.kind for output in job.outputs}
    if name in taken and kinds.get(name) is not OutputKind.WORKSPACE:
        return parameter_name(name) + "_RESULT"
    return parameter_name(name)


def summary_name(key: str) -> str:
    """Give the Processing name of one figure of the summary."""
    return "SUMMARY_" + key.upper()


def is_text_key(job: Job, key: str) -> bool:
    """Tell whether a key of the summary holds words or a table rather than a number."""
    if key.startswith("by_") or key in _TEXT_KEYS:
        return True
    texts = (
        ParameterKind.TEXT,
        ParameterKind.CHOICE,
        ParameterKind.CHOICES,
        ParameterKind.CHOICE_OR_TEXT,
        ParameterKind.SOURCE,
    )
    return any(item.name == key and item.kind in texts for item in job.parameters)

"""Find the jobs: every module of this folder that declares ``JOB``. Standard library only."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import ModuleType

from .declaration import Job

_HELPERS = ("common", "declaration", "registry")


@cache
def modules() -> dict[str, ModuleType]:
    """Give the job modules by job name, sorted."""
    package = __name__.rpartition(".")[0]
    path = importlib.import_module(package).__path__
    names = sorted(info.name for info in pkgutil.iter_modules(path) if not info.ispkg and info.name not in _HELPERS)
    found = [importlib.import_module(f"{package}.{name}") for name in names]
    return {module.JOB.name: module for module in found}


def jobs() -> dict[str, Job]:
    """Give the declarations by job name, sorted."""
    return {name: module.JOB for name, module in modules().items()}

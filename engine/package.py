"""Import the repository root as the package ``xinji_planner``, whatever the folder is called.

Run as a script it is the way into the engine: ``python -I engine/package.py worker`` speaks the protocol
on stdin and stdout, ``python -I engine/package.py run JOB …`` runs one job; see `engine/cli.py` for the rest.
"""

import importlib.util
import sys
from pathlib import Path

PACKAGE = "xinji_planner"
ROOT = Path(__file__).resolve().parents[1]


def register(root: Path = ROOT) -> None:
    """Make ``import xinji_planner`` mean the package in `root`; do nothing if it is imported already."""
    if PACKAGE in sys.modules:
        return
    spec = importlib.util.spec_from_file_location(PACKAGE, root / "__init__.py", submodule_search_locations=[str(root)])
    if spec is None or spec.loader is None:
        raise ImportError(f"{root} holds no package")
    module = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = module
    spec.loader.exec_module(module)


def main() -> int:
    """Start the worker or the command line, by the first argument."""
    register()
    if sys.argv[1:2] == ["worker"]:
        from xinji_planner.engine import worker

        return worker.main(sys.argv[2:])
    from xinji_planner.engine import cli, stdio

    return cli.main(sys.argv[1:], stdio.take_stdout())


if __name__ == "__main__":
    sys.exit(main())

"""Write the fictional sample county anew: ``python sample_data/generate.py [FOLDER]``; same bytes on every run."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(arguments: list[str]) -> int:
    """Write all files into the folder named, or beside this script, and print how much was written."""
    spec = importlib.util.spec_from_file_location("xinji_bootstrap", HERE.parent / "engine" / "package.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"{HERE.parent} holds no package")
    bootstrap = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bootstrap)
    bootstrap.register()
    from xinji_planner.sample_data import build

    folder = Path(arguments[0]) if arguments else HERE
    written = build.write_all(folder)
    megabytes = sum(path.stat().st_size for path in written) / 1e6
    print(f"{len(written)} files, {megabytes:.2f} MB in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Import the repository root as the package ``xinji_planner``, whatever the folder is called.

Run as a script it is the way into the engine: ``python -I engine/package.py worker`` speaks the protocol
on stdin and stdout, ``python -I engine/package.py run JOB …`` runs one job; see `engine/cli.py` for the rest.
"""

import hashlib
import importlib.util
import os
import shutil
import sys
import tempfile
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


def keep_kernels(root: Path = ROOT) -> None:
    """Give numba one cache folder per state of `analysis` and `layers`, in the user's cache.

    numba looks only at the file a kernel stands in: it would go on with old machine code after a change in a file that
    the kernel calls into, as an update of the plugin makes. The plugin's own folder may be read-only besides.
    """
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    state = hashlib.sha256()
    for path in sorted([*(root / "analysis").rglob("*.py"), *(root / "layers").rglob("*.py")]):
        found = path.stat()
        state.update(f"{path.relative_to(root).as_posix()} {found.st_size} {found.st_mtime_ns}\n".encode())
    place = hashlib.sha256(str(root).encode()).hexdigest()[:12]
    caches = _user_cache() / "xinji_planner"
    folder = caches / f"{place}-{state.hexdigest()[:12]}"
    if not folder.exists():
        for old in caches.glob(f"{place}-*"):
            shutil.rmtree(old, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
    os.environ["NUMBA_CACHE_DIR"] = str(folder)


def _user_cache() -> Path:
    if sys.platform == "win32":
        choices = [os.environ.get("LOCALAPPDATA")]
    elif sys.platform == "darwin":
        choices = [os.path.expanduser("~/Library/Caches")]  # noqa: PTH111 - leaves the text alone where there is no home
    else:
        choices = [os.environ.get("XDG_CACHE_HOME"), os.path.expanduser("~/.cache")]  # noqa: PTH111
    for choice in choices:
        if choice:
            folder = Path(choice)
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError:
                continue
            if os.access(folder, os.W_OK):
                return folder
    return Path(tempfile.gettempdir())


def main() -> int:
    """Start the worker or the command line, by the first argument."""
    keep_kernels()
    register()
    if sys.argv[1:2] == ["worker"]:
        from xinji_planner.engine import worker

        return worker.main(sys.argv[2:])
    from xinji_planner.engine import cli, stdio

    return cli.main(sys.argv[1:], stdio.take_stdout())


if __name__ == "__main__":
    sys.exit(main())

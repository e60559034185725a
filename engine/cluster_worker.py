"""Start a worker of a `dask.distributed` cluster that knows the plugin.

Run as a script, with the engine's own interpreter: ``python engine/cluster_worker.py tcp://HOST:8786`` and any option
of ``dask worker``. The scheduler is dask's own: ``dask scheduler``.
"""

import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().with_name("package.py")
# Every process of the worker runs this first; dask wants a text, since it would copy a file away from its folder.
PRELOAD = f"""import importlib.util
spec = importlib.util.spec_from_file_location("xinji_bootstrap", {str(_PACKAGE)!r})
bootstrap = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bootstrap)
bootstrap.keep_kernels()
bootstrap.register()
"""


def main(arguments: list[str]) -> None:
    """Become a worker."""
    from distributed.cli.dask_worker import main as dask_worker

    dask_worker(["--preload", PRELOAD, *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])

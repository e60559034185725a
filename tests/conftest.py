"""Import the clone as ``xinji_planner``, whatever its folder is called, and say where the real data lies."""

import importlib.util
import os
from pathlib import Path

import pytest

try:
    import hypothesis
except ImportError:  # the tests in QGIS need none
    hypothesis = None

ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"


def _register_package() -> None:
    spec = importlib.util.spec_from_file_location("xinji_bootstrap", ROOT / "engine" / "package.py")
    bootstrap = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bootstrap)
    bootstrap.keep_kernels()
    bootstrap.register()


_register_package()


if hypothesis and os.environ.get("CI"):  # a gate must not depend on luck; by hand, each run looks elsewhere
    hypothesis.settings.register_profile("gate", derandomize=True, print_blob=True)
    hypothesis.settings.load_profile("gate")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data of other owners that stands beside the clone; skip where it does not."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data is not beside this clone")
    return SHARED_DATA

"""The environment in which the engine runs as its own process. Standard library only.

QGIS sets variables for its own interpreter and libraries; handed on to another interpreter they
make it load the wrong modules or the wrong PROJ database.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping

_FOREIGN = (
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "DYLD_LIBRARY_PATH",
    "DYLD_FRAMEWORK_PATH",
    "DYLD_INSERT_LIBRARIES",
    "PROJ_LIB",
    "PROJ_DATA",
    "GDAL_DATA",
    "GDAL_DRIVER_PATH",
)

MALLOC_TUNING = {
    "MALLOC_MMAP_THRESHOLD_": "17179869184",
    "MALLOC_TRIM_THRESHOLD_": "17179869184",
    "MALLOC_TOP_PAD_": "268435456",
}
"""glibc keeps freed memory instead of handing it back page by page; page faults otherwise made
training three times slower (DESIGN section 4). Other C libraries ignore these."""

# parameters of mallopt(3)
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_MAX = -1, -2, -4


def worker_environment(environ: Mapping[str, str], *, own_gdal: bool = True) -> dict[str, str]:
    """The environment of a worker started from QGIS.

    Drops every `PYTHON*` variable and the library paths, keeps proxies, credentials, locale and
    all else, keeps the user's site-packages out and sets glibc's malloc thresholds.

    Args:
        environ: the environment of the process that starts the worker.
        own_gdal: the worker's interpreter finds its own GDAL and PROJ data; False where it uses
            QGIS's GDAL through variables (QGIS bundles on Windows and macOS), which then stay.
    """
    dropped = _FOREIGN if own_gdal else tuple(n for n in _FOREIGN if not _names_gdal(n))
    kept = {
        name: value
        for name, value in environ.items()
        if not name.upper().startswith("PYTHON") and name.upper() not in dropped
    }
    return {**kept, "PYTHONNOUSERSITE": "1", "PYTHONUTF8": "1", **MALLOC_TUNING}


def _names_gdal(name: str) -> bool:
    return name.startswith(("PROJ_", "GDAL_"))


def tune_malloc() -> None:
    """Give this process, already running, what `MALLOC_TUNING` gives a new one.

    For the command line, whose environment nobody prepared. Does nothing without glibc, or where
    the environment already decided.
    """
    if not sys.platform.startswith("linux") or any(name in os.environ for name in MALLOC_TUNING):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return  # another C library (musl): nothing to tune
    mallopt(_M_MMAP_MAX, 0)
    mallopt(_M_TRIM_THRESHOLD, -1)
    mallopt(_M_TOP_PAD, int(MALLOC_TUNING["MALLOC_TOP_PAD_"]))


def process_count(environ: Mapping[str, str]) -> int:
    """Processes that `torchrun` started to do one job together; 1 where it did not start this."""
    return int(environ["WORLD_SIZE"]) if "TORCHELASTIC_RUN_ID" in environ else 1


def follows(environ: Mapping[str, str]) -> bool:
    """Whether another process of the same job speaks to the user."""
    return process_count(environ) > 1 and environ.get("RANK", "0") != "0"

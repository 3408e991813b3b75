"""Finding the Python of an installed QGIS, and asking it what it has. Standard library only."""

from __future__ import annotations

import glob
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from tools.debian import QGIS_WANTED, release
from tools.steps import SetupError

PROBE = """
import json, sys
from importlib import metadata
import qgis
from qgis.core import Qgis
import numpy
from osgeo import gdal, gdal_array
print("\\n" + json.dumps({
    "executable": sys.executable,
    "version": Qgis.QGIS_VERSION,
    "gdal": gdal.__version__,
    "numpy": numpy.__version__,
    "files": [qgis.__file__, gdal.__file__, numpy.version.__file__],
    "distributions": sorted({
        name.lower().replace("_", "-")
        for name in (d.metadata["Name"] for d in metadata.distributions()) if name
    }),
}))
"""


@dataclass(frozen=True)
class QgisPython:
    """The Python of an installed QGIS.

    Args:
        executable: its path. version, gdal, numpy: versions of QGIS, GDAL and numpy in it.
        files: one file of each of the three; when one changes, the set-up is checked again.
        distributions: normalised names of all Python packages in it.
    """

    executable: str
    version: str
    gdal: str
    numpy: str
    files: tuple[str, ...]
    distributions: frozenset[str]


def ask(python: str) -> QgisPython:
    """Ask an interpreter which QGIS it sees.

    Raises:
        SetupError: it cannot be run, sees no QGIS, or its GDAL and numpy do not fit together.
    """
    quiet = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONNOUSERSITE": "1"}
    remedy = "Name the Python of a working QGIS: `make env QGIS_PYTHON=/path/to/python3`."
    try:
        answer = subprocess.run(
            [python, "-c", PROBE], capture_output=True, text=True, check=False, env=quiet
        )
    except OSError as error:
        raise SetupError(f"{python} cannot be run: {error}", remedy) from error
    if answer.returncode != 0:
        reason = (answer.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise SetupError(f"{python} sees no usable QGIS: {reason}", remedy)
    told = json.loads(answer.stdout.strip().splitlines()[-1])
    return QgisPython(
        executable=told["executable"],
        version=told["version"],
        gdal=told["gdal"],
        numpy=told["numpy"],
        files=tuple(told["files"]),
        distributions=frozenset(told["distributions"]),
    )


def find(named: str) -> tuple[QgisPython | None, list[str]]:
    """The first QGIS that is new enough, and why the others are not taken.

    Args:
        named: the interpreter that the user names (QGIS_PYTHON), or "" to look around. A named
            one is taken or refused; nothing else is looked at.

    Raises:
        SetupError: the named interpreter has no QGIS that is new enough.
    """
    if named:
        found = ask(named)
        if release(found.version) < QGIS_WANTED:
            raise SetupError(too_old(found), "Name the Python of QGIS 3.40 or newer.")
        return found, []
    reasons = []
    for python in candidates():
        try:
            found = ask(python)
        except SetupError as error:
            reasons.append(str(error))
            continue
        if release(found.version) >= QGIS_WANTED:
            return found, reasons
        reasons.append(too_old(found))
    return None, reasons


def too_old(found: QgisPython) -> str:
    """Say that a QGIS is older than wanted."""
    wanted = ".".join(map(str, QGIS_WANTED))
    return f"{found.executable} has QGIS {found.version}, wanted is {wanted} or newer"


def candidates() -> Iterator[str]:
    """Interpreters that may see QGIS: the system's, then the application's, then the path's."""
    seen = set()
    places = [
        "/usr/bin/python3",
        *sorted(glob.glob("/Applications/QGIS*.app/Contents/MacOS/bin/python3")),
    ]
    for python in [*places, shutil.which("python3") or ""]:
        if python and os.path.exists(python) and os.path.realpath(python) not in seen:
            seen.add(os.path.realpath(python))
            yield python

"""The Python interpreter that belongs to QGIS, from which the engine's environment is made.

Inside QGIS `sys.executable` is QGIS itself on Windows and macOS: the interpreter lies beside
`sys.base_prefix`. Where it lies is decided by plain functions of paths, so that the cases of
other systems can be tested anywhere.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath, PureWindowsPath

from s4_core.errors import S4Error
from s4_qgis.engine.conversation import worker_error
from s4_qgis.engine.process import ask, child_environment
from s4_qgis.i18n import tr

_PROBE_S = 60.0

# What an environment of the engine is built on, imported where it will be used.
PROBE = """
import importlib, importlib.util, json, platform, sys
found = {"executable": sys.executable, "python": platform.python_version(),
         "platform": sys.platform, "machine": platform.machine(), "problems": {}}
for name in ("numpy", "osgeo.gdal", "osgeo.gdal_array", "venv"):
    try:
        module = importlib.import_module(name)
        found[name] = getattr(module, "__version__", "")
    except Exception as error:
        found["problems"][name] = f"{type(error).__name__}: {error}"
if "numpy" in found:
    import os, numpy
    found["numpy_folder"] = os.path.dirname(os.path.dirname(os.path.abspath(numpy.__file__)))
for name in ("ensurepip", "pip"):
    found[name] = importlib.util.find_spec(name) is not None
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Surroundings:
    """What the running QGIS knows of its Python.

    Args:
        platform: `sys.platform`. executable, base_prefix: of `sys`. version: major and minor.
    """

    platform: str
    executable: str
    base_prefix: str
    version: tuple[int, int]


@dataclass(frozen=True)
class QgisPython:
    """An interpreter that imports what the engine's environment is built on.

    Args:
        path: the interpreter. python, numpy, gdal: versions. numpy_folder: where numpy is
            installed. machine: "x86_64", "AMD64", ...
        platform: `sys.platform`. ensurepip: it can put pip into an environment.
    """

    path: str
    python: str
    numpy: str
    numpy_folder: str
    gdal: str
    platform: str
    machine: str
    ensurepip: bool


def surroundings() -> Surroundings:
    """Of this process."""
    version = (sys.version_info[0], sys.version_info[1])
    return Surroundings(sys.platform, sys.executable or "", sys.base_prefix, version)


def candidates(around: Surroundings) -> list[str]:
    """Where QGIS's interpreter may lie, the likeliest first, each once."""
    major, minor = around.version
    if around.platform == "win32":
        found = _on_windows(PureWindowsPath(around.base_prefix), PureWindowsPath(around.executable))
    else:
        names = (f"python{major}.{minor}", f"python{major}")
        base, program = PurePosixPath(around.base_prefix), PurePosixPath(around.executable)
        places = _on_macos(base, program) if around.platform == "darwin" else (base / "bin",)
        found = (place / name for place in places for name in names)
    paths = [str(path) for path in found]
    if around.executable and _is_python(PurePath(around.executable).name):
        paths.append(around.executable)
    return list(dict.fromkeys(paths))


def _on_windows(base: PureWindowsPath, program: PureWindowsPath) -> Iterator[PurePath]:
    # OSGeo4W: base is apps\\Python312, which runs by itself; bin\\python3.exe needs PYTHONHOME
    for place in (base, program.parent):
        for name in ("python.exe", "python3.exe"):
            yield place / name


def _on_macos(base: PurePosixPath, program: PurePosixPath) -> Iterator[PurePosixPath]:
    # QGIS.app/Contents/MacOS/QGIS: the interpreter's place has changed between packagings
    contents = program.parent.parent
    yield base / "bin"
    yield program.parent / "bin"
    yield program.parent
    yield contents / "Frameworks" / "bin"
    yield contents / "Resources" / "python" / "bin"


def _is_python(name: str) -> bool:
    return name.rpartition("\\")[2].lower().startswith("python")


def find_qgis_python(
    around: Surroundings | None = None,
    exists: Callable[[str], bool] = os.path.isfile,
    probe: Callable[[str], str] | None = None,
) -> QgisPython:
    """QGIS's interpreter, tried out.

    Raises:
        S4Error: none was found, or none imports what is needed (code "engine"); says what was
            tried and why it does not do.
    """
    around = around or surroundings()
    there = [path for path in candidates(around) if exists(path)]
    reasons = []
    for path in there:
        try:
            return read_probe((probe or run_probe)(path), path, around.version)
        except S4Error as error:
            reasons.append(f"{path}: {error.message}")
    if not there:
        reasons = [*candidates(around)]
        said = tr("QGIS's own Python interpreter was not found. Looked for:")
    else:
        said = tr("QGIS's own Python interpreter cannot carry the engine.")
    raise worker_error(
        "\n".join([said, *reasons]),
        tr("Name an interpreter that has GDAL and PyTorch instead."),
        "engine",
    )


def run_probe(path: str) -> str:
    """What the interpreter prints for `PROBE`.

    Raises:
        S4Error: it does not start, or fails.
    """
    answer = ask([path, "-c", PROBE], child_environment(path), _PROBE_S)
    if answer.code != 0:
        said = tr("It fails with exit code {code}. {errors}")
        raise worker_error(
            said.format(code=answer.code, errors=answer.errors.strip()[-400:]), "", "engine"
        )
    return answer.output


def read_probe(text: str, path: str, version: tuple[int, int]) -> QgisPython:
    """The interpreter that printed `text`.

    Raises:
        S4Error: it is another version than QGIS's, or lacks something.
    """
    try:
        found = json.loads(text.strip().splitlines()[-1])
        own = tuple(int(part) for part in found["python"].split(".")[:2])
    except (ValueError, IndexError, KeyError, TypeError) as error:
        raise worker_error(tr("Its answer was not understood."), "", "engine") from error
    if own != version:
        said = tr("It is Python {found}, QGIS runs Python {wanted}.")
        wanted = ".".join(map(str, version))
        raise worker_error(said.format(found=found["python"], wanted=wanted), "", "engine")
    problems = [f"{name} ({reason})" for name, reason in found["problems"].items()]
    if not found["ensurepip"] and not found["pip"]:
        problems.append("pip" + tr(" (on Debian and Ubuntu: install the package python3-venv)"))
    if problems:
        said = tr("It cannot import {names}.")
        raise worker_error(said.format(names="; ".join(problems)), "", "engine")
    return QgisPython(
        path,
        found["python"],
        found["numpy"],
        found["numpy_folder"],
        found["osgeo.gdal"],
        found["platform"],
        found["machine"],
        bool(found["ensurepip"]),
    )

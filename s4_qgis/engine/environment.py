"""Which interpreter runs the engine, and whether it can.

Three sources, the first that is set counts: the variable S4_ENGINE_PYTHON (tests, development),
an interpreter that the user pointed to, the environment that the plugin builds. The last lies
outside of the plugin's folder, named by engine version and lists of packages:

    absent -> incomplete -> ready
                 ^            |
                 `- broken <--'   QGIS's Python or numpy changed, files vanished
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import s4_core
from s4_core.errors import S4Error
from s4_qgis.engine.conversation import worker_error
from s4_qgis.engine.locks import Locks, locks_for, platform_key
from s4_qgis.engine.process import PLUGIN_FOLDER, ask, child_environment
from s4_qgis.i18n import tr
from s4_qgis.settings import PluginSettings, data_folder

VARIABLE = "S4_ENGINE_PYTHON"
"""Names the engine's interpreter in tests and development, before everything else."""

MANIFEST = "s4-engine.json"
"""Written last of all into an environment: without it, it is incomplete."""

_CHECK_S = 300.0  # the first import of torch reads a gigabyte, under a virus scanner's eyes

# Imports what the jobs need, in the order in which QGIS's GDAL and torch get along.
CHECK = """
import importlib, json, platform
found, problems = {"python": platform.python_version()}, {}
for name in ("numpy", "osgeo.gdal", "osgeo.gdal_array", "torch", "safetensors", "sklearn", "yaml",
             "matplotlib", "tqdm", "s4_core.worker"):
    try:
        module = importlib.import_module(name)
        found[name] = str(getattr(module, "__version__", ""))
    except Exception as error:
        problems[name] = f"{type(error).__name__}: {error}"
if "torch" in found:
    torch = importlib.import_module("torch")
    cuda = torch.cuda.is_available()
    found["gpu"] = torch.cuda.get_device_name(0) if cuda else ""
print(json.dumps({"found": found, "problems": problems}))
"""


@dataclass(frozen=True)
class EngineState:
    """Whether the engine can run.

    Args:
        kind: "absent", "incomplete", "ready" or "broken".
        source: "variable", "user" or "managed".
        python: the interpreter; empty where there is none.
        reason, remedy: why it is not ready, and what to do.
    """

    kind: str
    source: str
    python: str = ""
    reason: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class Check:
    """What an interpreter can import for the engine.

    Args:
        found: module -> version, and "gpu" -> name of the GPU or "".
        problems: module -> why it is not imported.
    """

    found: dict[str, str]
    problems: dict[str, str]

    @property
    def is_good(self) -> bool:
        """Whether every job can run."""
        return not self.problems


def engine_python() -> str:
    """The engine's interpreter.

    Raises:
        S4Error: there is none that could run (code "engine").
    """
    state = engine_state()
    if state.kind != "ready":
        raise worker_error(state.reason, state.remedy, "engine")
    return state.python


def engine_state() -> EngineState:
    """The state of the engine in use, found without starting anything."""
    named = os.environ.get(VARIABLE, "")
    if named:
        return _named_state("variable", named)
    pointed = PluginSettings().engine_python
    if pointed:
        return _named_state("user", pointed)
    return managed_state(managed_folder())


def _named_state(source: str, python: str) -> EngineState:
    if os.path.isfile(python) and os.access(python, os.X_OK):
        return EngineState("ready", source, python)
    said = tr("The interpreter {path} is not there or cannot be run.")
    return EngineState(
        "broken",
        source,
        python,
        said.format(path=python),
        tr("Name another interpreter on the engine page, or let the plugin install the engine."),
    )


def environment_folder(locks: Locks) -> Path:
    """Where the environment for these lists of packages belongs."""
    return data_folder() / f"engine-{s4_core.__version__}-{locks.digest()}"


def managed_folders() -> list[Path]:
    """Every environment that the plugin ever built here, the newest first."""
    folders = [path for path in data_folder().glob("engine-*") if path.is_dir()]
    return sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True)


def managed_folder() -> Path | None:
    """The environment to use: of this version or, made from the same lists, of another one.

    A finished one is preferred. None where there is none, or no list for this platform.
    """
    locks = own_locks()
    if locks is None:
        return None
    fitting = [f for f in managed_folders() if f.name.endswith(f"-{locks.digest()}")]
    exact = [f for f in fitting if f == environment_folder(locks)]
    finished = [f for f in (*exact, *fitting) if read_manifest(f)]
    return next(iter((*finished, *exact)), None)


def own_locks() -> Locks | None:
    """The lists of packages for the Python that runs QGIS."""
    key = platform_key(sys.platform, platform.machine(), platform.python_version())
    return locks_for(key, PluginSettings().bundle_folder)


def managed_state(folder: Path | None) -> EngineState:
    """The state of a managed environment; None where none was begun."""
    if folder is None or not folder.exists():
        return EngineState(
            "absent",
            "managed",
            reason=tr("The engine is not installed yet."),
            remedy=tr("Install it, or name an interpreter, on the engine page of the plugin."),
        )
    python = str(python_in(folder))
    manifest = read_manifest(folder)
    if not manifest:
        return EngineState(
            "incomplete",
            "managed",
            python,
            tr("The installation of the engine has not finished."),
            tr("Resume it on the engine page of the plugin; what is there is kept."),
        )
    reason = _what_changed(python, manifest)
    if reason:
        remedy = tr("Install the engine again on the engine page of the plugin.")
        return EngineState("broken", "managed", python, reason, remedy)
    return EngineState("ready", "managed", python)


def _what_changed(python: str, manifest: dict[str, Any]) -> str:
    """Why a finished environment cannot be used any more; empty where it can."""
    if not os.path.isfile(python):  # a link whose target vanished with QGIS's Python is no file
        said = tr("The engine's interpreter {path} is gone; QGIS may have been upgraded.")
        return said.format(path=python)
    # where QGIS's interpreter found it, not where this process would: that also sees the user's own
    now = version_in(str(manifest.get("numpy_folder", "")), "numpy")
    if now != manifest.get("numpy"):
        said = tr("The engine was built for numpy {old}; QGIS now has {new}.")
        return said.format(old=manifest.get("numpy"), new=now or tr("none there"))
    return ""


def version_in(folder: str, name: str) -> str:
    """Version of a package that is installed in a folder; empty where it is not there."""
    found = metadata.distributions(name=name, path=[folder])
    return next((distribution.version for distribution in found), "")


def read_manifest(folder: Path) -> dict[str, Any]:
    """What is written in a finished environment about itself; empty where nothing is."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def python_in(folder: Path, system: str = sys.platform) -> Path:
    """The interpreter of a virtual environment."""
    if system == "win32":
        return folder / "Scripts" / "python.exe"
    return folder / "bin" / "python"


def check_engine(python: str, is_cancelled: Callable[[], bool] = lambda: False) -> Check:
    """Import what the jobs need in an interpreter; takes seconds, so call it in a task.

    Raises:
        Cancelled: it was stopped.
        S4Error: it does not start or answer (code "worker" or "engine").
    """
    environment = {**child_environment(python), "PYTHONPATH": str(PLUGIN_FOLDER)}
    answer = ask([python, "-c", CHECK], environment, _CHECK_S, is_cancelled)
    try:
        said = json.loads(answer.output.strip().splitlines()[-1])
        return Check(said["found"], said["problems"])
    except (ValueError, IndexError, KeyError, TypeError) as error:
        message = tr("{python} is no usable interpreter (exit code {code}). {errors}")
        raise worker_error(
            message.format(python=python, code=answer.code, errors=answer.errors.strip()[-600:]),
            tr("Name a Python 3.9 or newer that has GDAL and PyTorch."),
            "engine",
        ) from error


def require_good(check: Check, python: str) -> None:
    """Refuse an interpreter that lacks something.

    Raises:
        S4Error: naming what is missing and what to do (code "engine").
    """
    if check.is_good:
        return
    reasons = "; ".join(f"{name} ({reason})" for name, reason in check.problems.items())
    raise _lacking(python, reasons)


def _lacking(python: str, reasons: str) -> S4Error:
    said = tr("{python} cannot run the engine: {reasons}").format(python=python, reasons=reasons)
    if "DLL" in reasons:
        remedy = tr(
            "Install Microsoft's Visual C++ runtime (x64), restart QGIS and try again; a virus "
            "scanner may also have locked a file."
        )
    else:
        remedy = tr("Install what is missing there, or let the plugin install the engine.")
    return worker_error(said, remedy, "engine")

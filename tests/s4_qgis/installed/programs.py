"""Real QGIS programs in a home of their own, and scripts that drive QGIS's desktop."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

SHARED = """
import json, sys, traceback
from pathlib import Path
from qgis.core import Qgis, QgsApplication
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QAction, QDockWidget

def state():
    '''Which versions of the plugin and the engine run, by what they say themselves.'''
    import s4_core, s4_qgis.plugin
    from s4_core.protocol import AreaRequest, InfoJob
    from s4_qgis.engine.process import run_job
    hello = []
    folder = Path(s4_core.__file__).parent.parent
    job = InfoJob(AreaRequest(path=str(folder / "resources" / "sample")))
    run_job(job, ENGINE, hello.append, lambda: False)
    return {
        "folder": str(folder),
        "versions": [s4_core.__version__, hello[0]["engine"]],
        "name": s4_qgis.plugin.NAME,
        "ours": sorted({name.partition(".")[0] for name in sys.modules if name.startswith("s4_")}),
    }
"""
"""Begins every script that drives QGIS."""

STARTUP = """
import os
from qgis.core import QgsApplication
_log = open(os.environ["S4_TEST_FOLDER"] + "/log.txt", "w", encoding="utf-8", buffering=1)
QgsApplication.messageLog().messageReceived.connect(
    lambda text, tag, level: _log.write(f"{tag}|{getattr(level, 'value', level)}|{text}\\n"))
"""
"""QGIS runs this before it loads plugins: from there on everything logged is kept."""


def run(command: list[str], folder: Path, more: Mapping[str, str], timeout: int = 90) -> str:
    """What a program prints in a home of its own; it must succeed."""
    environment = {name: value for name, value in os.environ.items() if not is_ours(name)}
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        environment[name] = str(folder / "home" / name)
        Path(environment[name]).mkdir(parents=True, exist_ok=True, mode=0o700)
    environment.update(
        S4_ENGINE_PYTHON=sys.executable, OMP_NUM_THREADS="1", LC_ALL="C.UTF-8", LANG="C.UTF-8"
    )
    with (folder / "stderr.txt").open("w+", encoding="utf-8") as errors:
        child = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=folder,
            env={**environment, **more},
            start_new_session=True,
        )
        try:
            output, _ = child.communicate(timeout=timeout)
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)  # with the programs that it started
        errors.seek(0)
        assert child.returncode == 0, errors.read() + output
    return output


def is_ours(name: str) -> bool:
    """Whether an environment variable comes from the tests and would change what QGIS does."""
    return name.startswith(("PYTHON", "QGIS", "PYQGIS", "S4_", "QT_", "LC_"))


def desktop(profile: Path, folder: Path, script: str, **variables: str) -> None:
    """Run a real QGIS on a screen of its own with the plugin enabled; a script drives it."""
    for program in ("qgis", "xvfb-run", "xauth"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    settings = profile / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir()
    settings.write_text(
        "[PythonPlugins]\ns4_crop_mapper=true\n[app]\nplugin_installer\\checkOnStart=false\n"
    )
    (folder / "startup.py").write_text(STARTUP, encoding="utf-8")
    (folder / "drive.py").write_text(SHARED + script, encoding="utf-8")
    display = ["xvfb-run", "--auto-servernum", "--server-args=-screen 0 1400x900x24"]
    qgis = ["qgis", "--nologo", "--noversioncheck", "--profiles-path", str(folder)]
    code = ["--profile", "default", "--code", str(folder / "drive.py")]
    more = {
        "PYQGIS_STARTUP": str(folder / "startup.py"),
        **variables,
        "QT_QPA_PLATFORM": "xcb",
        "S4_TEST_FOLDER": str(folder),
    }
    run([*display, *qgis, *code], folder, more)


def check_log(folder: Path) -> str:
    """QGIS's log in the folder of a desktop; nothing in it is an error of Python or of ours."""
    log = (folder / "log.txt").read_text(encoding="utf-8")
    assert [line for line in log.splitlines() if _is_bad(line)] == []
    assert "Traceback" not in log + (folder / "stderr.txt").read_text(encoding="utf-8")
    return log


def _is_bad(line: str) -> bool:
    """Whether a line of QGIS's log is an error of Python, or of ours and a warning or worse."""
    tag, _, rest = line.partition("|")
    return "Python" in tag or (tag.startswith("S4") and rest[0] in "12")

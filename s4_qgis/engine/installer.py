"""Builds the managed environment, by the plan in `plan.py`.

A virtual environment cannot be moved, so it is made where it will stay; its manifest is written
last and alone says that it is finished. Cancelled or failed, the next try goes on with what is
there: pip keeps what it has installed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QLockFile

import s4_core
from s4_core.protocol import log_message, progress_message
from s4_qgis.engine import environment
from s4_qgis.engine.conversation import worker_error
from s4_qgis.engine.pip_output import PipProgress, failure
from s4_qgis.engine.plan import VENV_SHARE, Plan, Step, needed_bytes, package_steps, venv_step
from s4_qgis.engine.process import ask, child_environment, follow
from s4_qgis.engine.sizes import readable, size_of
from s4_qgis.i18n import tr

Message = Callable[[dict[str, Any]], None]

_ASK_S = 60.0


def install(plan: Plan, on_message: Message, is_cancelled: Callable[[], bool]) -> dict[str, Any]:
    """Build the environment and return its manifest; blocks.

    Raises:
        Cancelled: it was stopped; the next try goes on.
        S4Error: it failed (code "install" or "engine").
    """
    plan.folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(plan.folder):
        if environment.read_manifest(plan.folder):
            remove(plan.folder)  # it was finished: whoever installs again wants a new one
        _require_space(plan)
        return _Installation(plan, on_message, is_cancelled).run()


class _Installation:
    """One run of the installer.

    Args:
        plan, on_message, is_cancelled: as in `install`.
    """

    def __init__(self, plan: Plan, on_message: Message, is_cancelled: Callable[[], bool]) -> None:
        self._plan, self._on_message, self._is_cancelled = plan, on_message, is_cancelled
        self._variables = {**child_environment(plan.base.path), "PIP_USER": "0"}
        self._python = str(environment.python_in(plan.folder))
        self._done = 0.0

    def run(self) -> dict[str, Any]:
        """Every step that is left."""
        plan = self._plan
        if not self._runs():
            self._do(venv_step(plan))
        self._done = VENV_SHARE
        drop_half_installed(plan.folder)
        numpy = f"numpy=={plan.base.numpy}\n"
        (plan.folder / "s4-numpy.txt").write_text(numpy, encoding="utf-8")
        for step in package_steps(plan, self._pip_version()):
            self._do(step)
        self._tell(0.0, tr("Trying the engine"))
        check = environment.check_engine(self._python, self._is_cancelled)
        environment.require_good(check, self._python)
        return self._finish(check)

    def _runs(self) -> bool:
        """Whether there is an environment whose Python starts."""
        if not os.path.isfile(self._python):
            return False
        return ask([self._python, "-c", ""], self._variables, _ASK_S).code == 0

    def _pip_version(self) -> tuple[int, int]:
        answer = ask([self._python, "-m", "pip", "--version"], self._variables, _ASK_S)
        found = re.match(r"pip (\d+)\.(\d+)", answer.output)
        return (int(found[1]), int(found[2])) if found else (0, 0)

    def _do(self, step: Step) -> None:
        self._tell(0.0, step.title)
        progress = PipProgress(max(step.packages, 1))

        def hear(line: str) -> None:
            if not line.startswith("Progress "):
                self._on_message(log_message("info", line))
            if step.packages and progress.hear(line):
                self._tell(step.share * progress.fraction, f"{step.title}: {progress.stage}")

        answer = follow(step.command, hear, self._is_cancelled, self._variables)
        if answer.code != 0:
            raise failure(answer.output, answer.code)
        self._done += step.share

    def _tell(self, more: float, stage: str) -> None:
        self._on_message(progress_message(min(self._done + more, 1.0), stage, None, {}))

    def _finish(self, check: environment.Check) -> dict[str, Any]:
        """Write the manifest, which says that the environment is complete."""
        plan = self._plan
        manifest = {
            "engine": s4_core.__version__,
            "python": plan.base.python,
            "base": plan.base.path,
            "numpy": plan.base.numpy,
            "numpy_folder": plan.base.numpy_folder,
            "gdal": plan.base.gdal,
            "platform": plan.locks.key,
            "torch_source": plan.bundle or plan.torch_index or "default",
            "found": check.found,
            "finished": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "bytes": size_of(plan.folder),
        }
        path = plan.folder / environment.MANIFEST
        aside = path.with_suffix(".part")
        aside.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        os.replace(aside, path)
        self._tell(1.0, tr("The engine is ready"))
        return manifest


def drop_half_installed(folder: Path) -> None:
    """Forget packages in whose installation pip was killed, so that it installs them anew.

    pip writes a package's RECORD last; without it, it would take the rest for a whole package.
    """
    for pattern in ("lib/python*/site-packages/*.dist-info", "Lib/site-packages/*.dist-info"):
        for about in folder.glob(pattern):
            if not (about / "RECORD").is_file():
                shutil.rmtree(about)


def remove(folder: Path) -> None:
    """Delete an environment; its manifest first, so that a half-deleted one is not used.

    Raises:
        S4Error: a file is in use or may not be deleted (code "install").
    """
    try:
        (folder / environment.MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(folder)
    except OSError as error:
        said = tr("{path} cannot be removed: {reason}.")
        raise worker_error(
            said.format(path=folder, reason=error.strerror or error),
            tr("Stop running jobs and close other QGIS windows, then try again."),
            "install",
        ) from error


def _require_space(plan: Plan) -> None:
    needed = needed_bytes(plan) - (size_of(plan.folder) if plan.folder.exists() else 0)
    free = shutil.disk_usage(plan.folder.parent).free
    if free < needed:
        said = tr("{path} has {free} free; the engine needs {needed} while it is installed.")
        path = plan.folder.parent
        raise worker_error(
            said.format(path=path, free=readable(free), needed=readable(needed)),
            tr("Free space on that disk, then resume."),
            "install",
        )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep a second QGIS from installing into the same folder."""
    lock = QLockFile(str(folder) + ".lock")
    lock.setStaleLockTime(0)  # an installation may last; Qt sees when the other process is gone
    if not lock.tryLock(0):
        raise worker_error(
            tr("Another QGIS is installing the engine."),
            tr("Wait until it has finished."),
            "install",
        )
    try:
        yield
    finally:
        lock.unlock()

"""Builds the managed environment: what to do as plain data, then doing it.

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
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QLockFile

import s4_core
from s4_core.protocol import log_message, progress_message
from s4_qgis.engine import environment
from s4_qgis.engine.conversation import worker_error
from s4_qgis.engine.interpreter import QgisPython, find_qgis_python
from s4_qgis.engine.locks import Locks, known_keys, locks_for, platform_key
from s4_qgis.engine.pip_output import PipProgress, failure
from s4_qgis.engine.process import ask, child_environment, follow
from s4_qgis.engine.task import WorkTask
from s4_qgis.i18n import tr

Message = Callable[[dict[str, Any]], None]

_RAW_PROGRESS = (24, 1)  # the first pip that prints bytes: --progress-bar raw
_VENV_SHARE, _CHECK_SHARE = 0.03, 0.04  # of the whole progress
_PACKAGES_SHARE = 0.4  # of the installing, where sizes are not known: against torch
_UNPACKED = 3  # times its download a package takes on disk, at most
_ASK_S = 60.0


@dataclass(frozen=True)
class Plan:
    """Everything that decides what will be installed, and where.

    Args:
        base: QGIS's interpreter. folder: the environment. locks: lists for the platform.
        torch_index: address of an index for torch; empty: pip's own, checked by hash.
        bundle: offline folder of packages; empty: the network.
    """

    base: QgisPython
    folder: Path
    locks: Locks
    torch_index: str = ""
    bundle: str = ""

    @property
    def torch_is_checked(self) -> bool:
        """Whether torch's hash is known: not for a build from elsewhere."""
        if self.bundle:
            return self.locks.torch.parent == Path(self.bundle)
        return not self.torch_index

    @property
    def download_bytes(self) -> int:
        """About how much is fetched; 0 where unknown."""
        if self.bundle or self.torch_index:
            return 0
        return self.locks.download_bytes + self.locks.torch_bytes


@dataclass(frozen=True)
class Step:
    """One command of the installation.

    Args:
        title: what the user reads. command: arguments. share: of the whole progress, 0..1.
        packages: how many pip will handle; 0 where the step is not pip's.
    """

    title: str
    command: tuple[str, ...]
    share: float
    packages: int = 0


def make_plan(torch_index: str = "", bundle: str = "") -> Plan:
    """What would be installed here and now; starts QGIS's interpreter once.

    Raises:
        S4Error: QGIS's interpreter does not do, or there is no list for this platform.
    """
    base = find_qgis_python()
    key = platform_key(base.platform, base.machine, base.python)
    if bundle and not Path(bundle).is_dir():
        said = tr("The offline folder {path} is not there.").format(path=bundle)
        raise worker_error(said, tr("Choose the folder that holds the packages."), "install")
    locks = locks_for(key, bundle)
    if locks is None:
        said = tr("There is no checked list of packages for {key}; there is one for {known}.")
        raise worker_error(
            said.format(key=key, known=", ".join(known_keys())),
            tr("Name an interpreter that has GDAL and PyTorch, or an offline folder with lists."),
            "install",
        )
    return Plan(base, environment.environment_folder(locks), locks, torch_index, bundle)


def package_steps(plan: Plan, pip_version: tuple[int, int]) -> list[Step]:
    """pip's commands, in order.

    Args:
        pip_version: of the pip in the environment.
    """
    known = plan.download_bytes
    packages = plan.locks.download_bytes / known if known else _PACKAGES_SHARE
    rest = 1.0 - _VENV_SHARE - _CHECK_SHARE
    pip = _pip(plan, pip_version)
    return [
        Step(
            tr("Installing the packages beside PyTorch"),
            (*pip, *_from(plan), *_checked(plan.locks.packages)),
            rest * packages,
            plan.locks.count(),
        ),
        Step(
            tr("Installing PyTorch"),
            (*pip, *_torch(plan)),
            rest * (1 - packages),
            plan.locks.torch_count(),
        ),
    ]


def venv_step(plan: Plan) -> Step:
    """Makes the virtual environment, in the place of whatever was there."""
    without = () if plan.base.ensurepip else ("--without-pip",)  # QGIS's own pip is seen then
    command = (plan.base.path, "-m", "venv", "--clear", "--system-site-packages", *without)
    return Step(tr("Making the environment"), (*command, str(plan.folder)), _VENV_SHARE)


def _pip(plan: Plan, version: tuple[int, int]) -> tuple[str, ...]:
    bar = "raw" if version >= _RAW_PROGRESS else "off"
    python = str(environment.python_in(plan.folder))
    options = ("--no-input", "--disable-pip-version-check", "--no-color", "--progress-bar", bar)
    return (python, "-m", "pip", "install", *options, "--only-binary=:all:")


def _from(plan: Plan) -> tuple[str, ...]:
    return ("--no-index", "--find-links", plan.bundle) if plan.bundle else ()


def _checked(lock: Path) -> tuple[str, ...]:
    # --no-deps: the list is complete, and numpy, which is QGIS's, is not in it
    return ("--no-deps", "--require-hashes", "-r", str(lock))


def _torch(plan: Plan) -> tuple[str, ...]:
    if plan.torch_is_checked:
        return (*_from(plan), *_checked(plan.locks.torch))
    index = ("--index-url", plan.torch_index) if not plan.bundle else ()
    # another build brings other libraries; whatever it asks for, numpy stays QGIS's
    constraint = ("-c", str(plan.folder / "s4-numpy.txt"))
    return (*_from(plan), *index, *constraint, plan.locks.torch_requirement)


def needed_bytes(plan: Plan) -> int:
    """Free space to ask for: what is fetched, what it unpacks to, and pip's copies on the way.

    0 where the size of another build of torch is not known beforehand.
    """
    if plan.bundle:
        fetched = sum(file.stat().st_size for file in Path(plan.bundle).glob("*.whl"))
        return fetched * _UNPACKED
    return plan.download_bytes * (1 + _UNPACKED)


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
        self._done = _VENV_SHARE
        drop_half_installed(plan.folder)
        numpy = f"numpy=={plan.base.numpy}\n"
        (plan.folder / "s4-numpy.txt").write_text(numpy, encoding="utf-8")
        for step in package_steps(plan, self._pip_version()):
            self._do(step)
        self._tell(0.0, tr("Trying the engine"))
        check = environment.check_engine(self._python)
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


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder, links not followed."""
    total = 0
    for parent, _, names in os.walk(folder):
        total += sum(os.lstat(os.path.join(parent, name)).st_size for name in names)
    return total


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


def readable(size: float) -> str:
    """A number of bytes as people read it: "2.7 GB"."""
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


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


class InstallTask(WorkTask):
    """The installation as a task; its result is the manifest.

    Args:
        torch_index, bundle: as in `make_plan`.
    """

    def __init__(self, torch_index: str = "", bundle: str = "") -> None:
        super().__init__(tr("Installing the engine of S4 Crop Mapper"))
        self._torch_index, self._bundle = torch_index, bundle

    def work(self) -> dict[str, Any]:
        """Plan and install."""
        plan = make_plan(self._torch_index, self._bundle)
        return install(plan, self.report, self.isCanceled)


class CheckTask(WorkTask):
    """Tries an interpreter; its result is what it found.

    Args:
        python: the interpreter.
    """

    def __init__(self, python: str) -> None:
        super().__init__(tr("Trying the engine of S4 Crop Mapper"))
        self._python = python

    def work(self) -> dict[str, Any]:
        """Import what the jobs need."""
        check = environment.check_engine(self._python)
        environment.require_good(check, self._python)
        return dict(check.found)

"""Setting up the engine, as tasks of QGIS's task manager. Their results are plain values."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from s4_qgis.engine import environment
from s4_qgis.engine.installer import install
from s4_qgis.engine.page_texts import summary_of
from s4_qgis.engine.plan import make_plan
from s4_qgis.engine.task import WorkTask
from s4_qgis.i18n import tr


class PlanTask(WorkTask):
    """Finds out what an installation would do; its result is a `Summary` as a dict.

    Args:
        torch_index, bundle: as in `make_plan`.
    """

    def __init__(self, torch_index: str = "", bundle: str = "") -> None:
        super().__init__(tr("Looking at QGIS's Python"), silent=True)
        self._torch_index, self._bundle = torch_index, bundle

    def work(self) -> dict[str, Any]:
        """Plan."""
        return asdict(summary_of(make_plan(self._torch_index, self._bundle)))


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
        super().__init__(tr("Trying the engine of S4 Crop Mapper"), silent=True)
        self._python = python

    def work(self) -> dict[str, Any]:
        """Import what the jobs need."""
        check = environment.check_engine(self._python, self.isCanceled)
        environment.require_good(check, self._python)
        return dict(check.found)

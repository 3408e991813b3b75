"""Jobs in QGIS's task manager, with real worker processes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsApplication, QgsTask

from s4_core.errors import Cancelled
from s4_core.protocol import AreaRequest, InfoJob, PretrainJob
from s4_qgis.engine.setup_tasks import PlanTask
from s4_qgis.engine.task import JobTask, WorkTask, run_in_task_manager, running_tasks, stop_all

REPOSITORY = Path(__file__).resolve().parents[3]
SAMPLE = AreaRequest(str(REPOSITORY / "resources" / "sample"))
Wait = Callable[..., None]


class Heard:
    """Everything that a task's signals said."""

    def __init__(self, task: WorkTask) -> None:
        self.messages: list[dict[str, Any]] = []
        self.outcomes: list[Any] = []
        task.message.connect(self.messages.append)
        task.succeeded.connect(self.outcomes.append)
        task.failed.connect(lambda *failure: self.outcomes.append(failure))
        task.stopped.connect(lambda: self.outcomes.append("stopped"))


def test_what_nobody_asked_for_stays_out_of_the_task_manager(qgis_app: Any) -> None:
    quiet, asked = PlanTask(), JobTask("Describing the images", InfoJob(SAMPLE))
    for flag in (QgsTask.Flag.Silent, QgsTask.Flag.Hidden):
        assert quiet.flags() & flag
        assert not asked.flags() & flag
    assert quiet.canCancel()


def test_a_job_in_the_task_manager(engine: str, wait: Wait) -> None:
    task = JobTask("Describing the images", InfoJob(SAMPLE))
    heard = Heard(task)
    progress: list[float] = []
    task.progressChanged.connect(progress.append)
    run_in_task_manager(task)
    assert running_tasks() == [task]
    wait(lambda: heard.outcomes, 60)
    (result,) = heard.outcomes
    assert {a["modality"] for a in result["acquisitions"]} == {"optical", "radar"}
    assert heard.messages[0]["type"] == "hello"
    assert all(value <= 100 for value in progress)
    assert running_tasks() == []
    wait(lambda: QgsApplication.taskManager().count() == 0, 10)


def test_run_serial(engine: str, tmp_path: Path) -> None:
    task = JobTask("Describing", InfoJob(AreaRequest(str(tmp_path))))
    heard = Heard(task)
    assert task.run_serial() is False
    ((code, message, remedy),) = heard.outcomes
    assert code == "area"
    assert str(tmp_path) in message
    assert remedy


def test_without_an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("S4_ENGINE_PYTHON", raising=False)
    task = JobTask("Describing", InfoJob(SAMPLE))
    heard = Heard(task)
    task.run_serial()
    ((code, _, remedy),) = heard.outcomes
    assert code == "engine"
    assert "engine page" in remedy


def pretraining(folder: Path) -> JobTask:
    """A job that lasts until it is stopped."""
    overrides = {"pretrain.epochs": 10_000}
    return JobTask(
        "Pretraining", PretrainJob((SAMPLE,), str(folder / "m.safetensors"), overrides=overrides)
    )


def test_cancel_in_the_task_manager(engine: str, wait: Wait, tmp_path: Path) -> None:
    task = pretraining(tmp_path)
    heard = Heard(task)
    run_in_task_manager(task)
    wait(lambda: any(m["type"] == "progress" for m in heard.messages), 60)
    task.cancel()
    wait(lambda: heard.outcomes, 60)
    assert heard.outcomes == ["stopped"]


def test_the_worker_is_killed(engine: str, wait: Wait, tmp_path: Path) -> None:
    task = pretraining(tmp_path)
    heard = Heard(task)
    run_in_task_manager(task)
    wait(lambda: heard.messages, 60)
    (worker,) = children_of(os.getpid())
    os.kill(worker, signal.SIGKILL)
    wait(lambda: heard.outcomes, 60)
    ((code, message, remedy),) = heard.outcomes
    assert code == "worker"
    assert "was killed" in message
    assert "memory" in remedy


def test_leaving_stops_every_job(engine: str, wait: Wait, tmp_path: Path) -> None:
    task = pretraining(tmp_path)
    heard = Heard(task)
    run_in_task_manager(task)
    wait(lambda: heard.messages, 60)
    stop_all()
    assert children_of(os.getpid()) == []
    wait(lambda: heard.outcomes == ["stopped"], 10)


def test_a_task_that_never_began_is_stopped(wait: Wait) -> None:
    task = Never("never")
    task.hold()
    heard = Heard(task)
    run_in_task_manager(task)
    stop_all()
    wait(lambda: heard.outcomes == ["stopped"], 10)


def test_a_fault_of_ours_is_told() -> None:
    task = Never("broken")
    heard = Heard(task)
    task.run_serial()
    ((code, message, remedy),) = heard.outcomes
    assert (code, message) == ("internal", "ZeroDivisionError: division by zero")
    assert "diagnostics" in remedy


def test_a_task_that_was_cancelled_in_its_work() -> None:
    class Stops(WorkTask):
        def work(self) -> dict[str, Any]:
            raise Cancelled()

    task = Stops("stops")
    heard = Heard(task)
    task.run_serial()
    assert heard.outcomes == ["stopped"]


class Never(WorkTask):
    """A task that must not run."""

    def work(self) -> dict[str, Any]:
        return {"x": 1 / 0}


def children_of(parent: int) -> list[int]:
    """Processes whose parent is the given one and that have not ended."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = status.read_text()
        except OSError:
            continue  # it ended while we looked
        state, its_parent = text.rpartition(")")[2].split()[:2]
        if int(its_parent) == parent and state != "Z":
            found.append(int(status.parent.name))
    return found

"""Pages, notices and the row of a job."""

from __future__ import annotations

from typing import Any

import pytest

from s4_core.errors import Cancelled, ConfigurationError
from s4_core.protocol import progress_message
from s4_qgis.engine.task import WorkTask
from s4_qgis.panel.job_row import JobRow, eta_text
from s4_qgis.panel.state import SessionState
from s4_qgis.panel.steps import StepPage, StepState


class Work(WorkTask):
    def __init__(self, outcome: Any = None) -> None:
        super().__init__("work")
        self.outcome = outcome

    def work(self) -> dict[str, Any]:
        self.report(progress_message(0.5, "read the images", 90.0, {}))
        while self.outcome == "cancelled":
            if self.isCanceled():
                raise Cancelled()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return {"done": True}


class Page(StepPage):
    key = title = "images"

    def state_of(self, session: SessionState) -> StepState:
        return self.running_state() or StepState("todo")


def test_a_job_that_succeeds(wait: Any) -> None:
    row, got, running = JobRow(), [], []
    row.succeeded.connect(got.append)
    row.running_changed.connect(running.append)
    assert row.start(Work())
    assert not row.start(Work())  # one at a time
    wait(lambda: got, 10)
    assert got == [{"done": True}]
    assert running == [True, False]
    assert row.isHidden()


def test_a_job_that_is_cancelled_by_the_button(wait: Any) -> None:
    row, told = JobRow(), []
    row.stopped.connect(lambda: told.append("stopped"))
    row.start(Work("cancelled"))
    wait(lambda: row._bar.maximum() == 1000, 10)
    assert (row._bar.value(), row._stage.text()) == (500, "Read the images")
    assert row._eta.text() == "2 min left"
    row._cancel.click()
    assert not row._cancel.isEnabled()
    wait(lambda: told, 10)
    assert not row.is_running


def test_a_failure_is_shown_with_its_remedy_until_the_next_try(
    session: SessionState, wait: Any
) -> None:
    page = Page(session, None)
    assert page.state_of(session).kind == "todo"
    page.start_job(Work(ConfigurationError("Wrong.", "Do it right.")))
    assert page.state_of(session).kind == "running"
    wait(lambda: not page.job_row.is_running, 10)
    assert page.notice.text() == "Wrong.\nDo it right."
    assert page.state_of(session).kind == "failed"
    page.start_job(Work())
    assert page.notice.text() == ""
    wait(lambda: not page.job_row.is_running, 10)
    assert page.state_of(session).kind == "todo"


def test_the_button_to_the_next_step(session: SessionState) -> None:
    page, wanted = Page(session, None), []
    page.step_wanted.connect(wanted.append)
    page.offer_next("labels", "Go on")
    page.offer_next("train", "Go on")
    page._next.click()
    assert wanted == ["train"]
    page.offer_next("", "")
    assert page._next.isHidden()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, ""), (0.2, "1 s left"), (59, "59 s left"), (150, "2 min left"), (7200, "2.0 h left")],
)
def test_time_that_is_left(seconds: float | None, text: str) -> None:
    assert eta_text(seconds) == text


def test_messages_do_not_darken_each_other(session: SessionState) -> None:
    page = Page(session, None)
    page.notice.say("problem", "one")
    first = page.notice.styleSheet()
    page.grab()  # the style reaches the palette when it is drawn
    page.notice.say("warning", "two")
    page.grab()
    page.notice.say("problem", "three")
    assert page.notice.styleSheet() == first

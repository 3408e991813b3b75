from __future__ import annotations

import io

from s4_core.cli.terminal import Terminal


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_log_gets_a_line_a_stage_and_one_now_and_then():
    stream, clock = io.StringIO(), Clock()
    terminal = Terminal(stream, clock=clock)
    for second in range(40):
        clock.now = second
        terminal.progress(second / 40, "pretrain", 40.0 - second, {"loss": 1.2345})
    terminal.progress(1.0, "write", None, {})
    assert stream.getvalue().splitlines() == [
        "[  2%] pretrain (loss 1.23, 39 s left)",
        "[ 40%] pretrain (loss 1.23, 24 s left)",
        "[ 78%] pretrain (loss 1.23, 9 s left)",
        "[100%] write",
    ]


def test_a_short_job_shows_no_progress():
    stream, clock = Screen(), Clock()
    terminal = Terminal(stream, clock=clock)
    terminal.progress(0.2, "read", None, {})
    clock.now = 0.9
    terminal.progress(0.9, "read", None, {})
    terminal.close()
    assert stream.getvalue() == ""


def test_a_long_job_draws_a_bar_with_stage_and_time_left():
    stream, clock = Screen(), Clock()
    terminal = Terminal(stream, clock=clock)
    terminal.progress(0.2, "read", None, {})
    clock.now = 2.0
    terminal.progress(0.5, "segment", 90.0, {})
    terminal.log("warning", "gap in June")
    terminal.close()
    text = stream.getvalue()
    assert "50%" in text
    assert "segment" in text
    assert "1 min 30 s left" in text
    assert "warning: gap in June" in text


def test_quiet_says_only_warnings():
    stream = io.StringIO()
    terminal = Terminal(stream, quiet=True)
    terminal.progress(0.5, "read", None, {})
    terminal.log("info", "details")
    terminal.log("warning", "careful")
    assert stream.getvalue() == "warning: careful\n"


def test_cancel_is_remembered():
    terminal = Terminal(io.StringIO())
    assert not terminal.cancelled()
    terminal.cancel()
    assert terminal.cancelled()

"""Conversations with workers that behave and with workers that do not."""

from __future__ import annotations

import os
import stat
import sys
import threading
from pathlib import Path
from typing import Any, Callable

import pytest

from s4_core.errors import Cancelled, S4Error
from s4_core.protocol import AreaRequest, InfoJob
from s4_qgis.engine.process import Patience, ask, child_environment, follow, is_of, run_job

JOB = InfoJob(AreaRequest("/nowhere"))
QUICK = Patience(hello=20.0, cancel=0.3, urgent=0.1, terminate=0.3, leave=5.0, look=0.05)
HELLO = 'say({"type": "hello", "protocol": 1, "engine": "0", "device": "cpu", "reason": "x"})'
PRELUDE = """
import json, os, signal, sys, time
def say(message): print(json.dumps(message), flush=True)
"""
Worker = Callable[..., str]


@pytest.fixture
def worker(tmp_path: Path) -> Worker:
    """A program in the place of Python: it ignores its arguments and runs the given code."""

    def write(*lines: str) -> str:
        path = tmp_path / "python"
        code = PRELUDE + "\n".join(lines) + "\n"
        path.write_text(f"#!{sys.executable}\n{code}", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return write


def run(python: str, cancelled: Callable[[], bool] = lambda: False, **more: Any) -> Any:
    messages: list[dict[str, Any]] = []
    result = run_job(JOB, python, messages.append, cancelled, patience=QUICK, **more)
    return result, messages


def fail(python: str, cancelled: Callable[[], bool] = lambda: False) -> S4Error:
    with pytest.raises(S4Error) as failure:
        run(python, cancelled)
    return failure.value


def test_a_worker_that_succeeds(worker: Worker) -> None:
    python = worker(
        "request = json.loads(sys.stdin.readline())",
        HELLO,
        'say({"type": "progress", "fraction": 0.5, "stage": "s", "eta_s": None, "metrics": {}})',
        'say({"type": "result", "result": request["area"]})',
    )
    result, messages = run(python)
    assert result["path"] == "/nowhere"
    assert [m["type"] for m in messages] == ["hello", "progress"]


def test_the_real_worker_tells_its_own_error(tmp_path: Path) -> None:
    with pytest.raises(S4Error) as failure:
        run_job(InfoJob(AreaRequest(str(tmp_path))), sys.executable, print, lambda: False)
    assert failure.value.code == "area"
    assert str(tmp_path) in failure.value.message
    assert failure.value.remedy


def test_what_is_printed_before_the_hello_goes_to_the_log(worker: Worker) -> None:
    python = worker(
        'print("Intel MKL WARNING"); print("[1, 2]"); print("{broken"); print("x" * 5000)',
        'say({"type": "result", "result": {}})',
        'sys.stdout.buffer.write(b"\\xff\\xfe\\n")',
        HELLO,
        'print("after it"); say({"type": "result", "result": {"a": 1}})',
    )
    result, messages = run(python)
    assert result == {"a": 1}
    logged = [m["message"] for m in messages if m["type"] == "log"]
    assert logged[:3] == ["Intel MKL WARNING", "[1, 2]", "{broken"]
    assert logged[3] == "x" * 2000
    assert logged[-1] == "after it"
    assert messages[-2]["type"] == "hello"


def test_a_flood_of_noise_reaches_the_log_only_at_first(worker: Worker) -> None:
    python = worker(
        'for n in range(5000): print("noise", n)', HELLO, 'say({"type": "result", "result": {}})'
    )
    _, messages = run(python)
    assert len([m for m in messages if m["type"] == "log"]) == 100


def test_a_worker_that_was_killed(worker: Worker) -> None:
    error = fail(worker(HELLO, "os.kill(os.getpid(), signal.SIGKILL)"))
    assert error.code == "worker"
    assert "was killed" in error.message
    assert "memory" in error.remedy


def test_a_worker_that_crashed(worker: Worker) -> None:
    error = fail(worker(HELLO, "os.kill(os.getpid(), signal.SIGSEGV)"))
    assert error.code == "worker"
    assert "SIGSEGV" in error.message


def test_a_worker_that_ends_early_shows_the_end_of_its_stderr(worker: Worker) -> None:
    error = fail(
        worker(
            'for n in range(100000): print("line", n, "x" * 50, file=sys.stderr)',
            'sys.stderr.buffer.write(b"caf\\xe9\\n"); sys.stderr.flush(); sys.exit(3)',
        )
    )
    assert error.code == "worker"
    assert "exit code 3" in error.message
    assert error.message.endswith("caf\N{REPLACEMENT CHARACTER}")
    assert len(error.message.splitlines()) == 9
    assert error.remedy


def test_another_protocol(worker: Worker) -> None:
    error = fail(worker('say({"type": "hello", "protocol": 99})', "time.sleep(60)"))
    assert error.code == "worker"
    assert "protocol 99, the plugin 1" in error.message
    assert "Restart QGIS" in error.remedy


def test_an_error_keeps_code_message_and_remedy(worker: Worker) -> None:
    error = fail(
        worker(HELLO, 'say({"type": "error", "code": "area", "message": "m", "remedy": "r"})')
    )
    assert (error.code, error.message, error.remedy) == ("area", "m", "r")


def test_a_worker_that_never_says_hello(worker: Worker) -> None:
    python = worker("time.sleep(60)")
    impatient = Patience(hello=0.3, terminate=0.3, look=0.05)
    with pytest.raises(S4Error, match="did not start in time"):
        run_job(JOB, python, print, lambda: False, patience=impatient)


def test_stdin_that_the_worker_closed_breaks_nothing(worker: Worker) -> None:
    python = worker(
        "os.close(0)", HELLO, "time.sleep(0.5)", 'say({"type": "result", "result": {"a": 1}})'
    )
    assert run(python)[0] == {"a": 1}


def test_a_child_of_the_worker_that_keeps_the_pipe_open(worker: Worker) -> None:
    python = worker(HELLO, "if os.fork() == 0: time.sleep(3); os._exit(0)", "os._exit(5)")
    assert "exit code 5" in fail(python).message


def test_cancel_asks_first(worker: Worker) -> None:
    python = worker(
        "sys.stdin.readline()",
        HELLO,
        'if json.loads(sys.stdin.readline()) == {"cancel": True}: say({"type": "cancelled"})',
    )
    assert isinstance(fail(python, _after(0.2)), Cancelled)


@pytest.mark.parametrize("stubborn", ["", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"])
def test_a_worker_that_hangs_when_cancelled_is_ended(
    worker: Worker, tmp_path: Path, stubborn: str
) -> None:
    note = tmp_path / "pid"
    python = worker(
        stubborn, f"open({str(note)!r}, 'w').write(str(os.getpid()))", HELLO, "time.sleep(60)"
    )
    assert isinstance(fail(python, _after(0.2)), Cancelled)
    assert not Path("/proc", note.read_text()).exists()


def test_when_qgis_leaves_the_wait_is_short(worker: Worker) -> None:
    patience = Patience(cancel=60, urgent=0.1, terminate=0.3, look=0.05)
    with pytest.raises(Cancelled):
        run_job(
            JOB,
            worker(HELLO, "time.sleep(60)"),
            lambda message: None,
            _after(0.1),
            is_urgent=lambda: True,
            patience=patience,
        )


def test_a_failing_listener_does_not_leave_a_worker_behind(worker: Worker, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    python = worker(f"open({str(note)!r}, 'w').write(str(os.getpid()))", HELLO, "time.sleep(60)")

    def broken(message: dict[str, Any]) -> None:
        raise RuntimeError("wrapped C/C++ object has been deleted")

    with pytest.raises(RuntimeError):
        run_job(JOB, python, broken, lambda: False, patience=QUICK)
    assert not Path("/proc", note.read_text()).exists()


def test_an_interpreter_that_is_not_there() -> None:
    error = fail("/nowhere/python")
    assert error.code == "worker"
    assert "/nowhere/python cannot be started" in error.message
    assert error.remedy


def test_no_thread_is_left(worker: Worker) -> None:
    before = threading.active_count()
    run(worker(HELLO, 'say({"type": "result", "result": {}})'))
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.daemon:
            thread.join(2)
    assert threading.active_count() <= before


def test_follow_hands_on_lines_and_returns_the_end() -> None:
    lines: list[str] = []
    code = "import sys; print('a'); sys.stdout.flush(); print('b', file=sys.stderr); sys.exit(4)"
    answer = follow([sys.executable, "-c", code], lines.append, lambda: False, dict(os.environ))
    assert lines == ["a", "b"]
    assert (answer.code, answer.output) == (4, "a\nb")


def test_follow_is_cancelled() -> None:
    with pytest.raises(Cancelled):
        follow(
            [sys.executable, "-c", "import time; time.sleep(60)"],
            print,
            _after(0.2),
            dict(os.environ),
            QUICK,
        )


def test_ask() -> None:
    answer = ask([sys.executable, "-c", "print(1 + 1)"], dict(os.environ), 30)
    assert (answer.code, answer.output.strip(), answer.errors) == (0, "2", "")
    with pytest.raises(S4Error, match="did not answer"):
        ask([sys.executable, "-c", "import time; time.sleep(9)"], dict(os.environ), 0.3)


def test_ask_keeps_the_end_of_stderr_apart_and_is_cancelled() -> None:
    code = "import sys; print('a'); print('b', file=sys.stderr); sys.exit(2)"
    answer = ask([sys.executable, "-c", code], dict(os.environ), 30)
    assert (answer.code, answer.output, answer.errors) == (2, "a", "b")
    wait = [sys.executable, "-c", "import time; time.sleep(60)"]
    with pytest.raises(Cancelled):
        ask(wait, dict(os.environ), 30, _after(0.2), QUICK)


def test_an_interpreter_in_an_environment_belongs_to_its_base(tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    (environment / "bin").mkdir(parents=True)
    python = str(environment / "bin" / "python")
    assert not is_of(python, "/opt/qgis")
    (environment / "pyvenv.cfg").write_text("home = /opt/qgis/bin\nversion = 3.12.0\n")
    assert is_of(python, "/opt/qgis")
    assert not is_of(python, "/opt/qgis-other")
    assert is_of("/opt/qgis/bin/python3", "/opt/qgis")


def test_the_environment_is_scrubbed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHOME", "/qgis")
    monkeypatch.setenv("PROJ_LIB", "/qgis/proj")
    environment = child_environment(sys.executable)
    assert "PYTHONHOME" not in environment
    assert "PROJ_LIB" not in environment
    assert environment["PYTHONNOUSERSITE"] == "1"


def _after(seconds: float) -> Callable[[], bool]:
    flag = threading.Event()
    timer = threading.Timer(seconds, flag.set)
    timer.daemon = True
    timer.start()
    return flag.is_set

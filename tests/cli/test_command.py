from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from s4_core import jobs
from s4_core.cli import command as command_module
from s4_core.errors import Cancelled, OutputError

REPOSITORY = Path(__file__).resolve().parents[2]


def evaluate(folder: Path) -> list[object]:
    return [
        "evaluate",
        "--map",
        folder / "crop_map.tif",
        "--reference",
        folder / "parcels.gpkg",
        "--field",
        "crop",
    ]


def test_a_result_is_a_table_on_stdout(s4, folder):
    said = s4(*evaluate(folder))
    assert said.code == 0
    assert "mean IoU           0.72 (" in said.out
    wheat = next(line for line in said.out.splitlines() if line.startswith("wheat"))
    assert wheat.split() == ["wheat", "2", "0.75", "0.86", "1.00", "0.75"]
    assert "not assessable: grass (its only parcel)" in said.out
    assert "areas: no interval: the reference is not a random sample" in said.out


def test_json_is_one_object_on_stdout_and_the_text_goes_to_stderr(s4, folder):
    said = s4(*evaluate(folder), "--json")
    assert json.loads(said.out)["n_parcels"] == 5
    assert "mean IoU" in said.err


def test_quiet_leaves_only_the_result(s4, folder):
    said = s4(*evaluate(folder), "--json", "--quiet")
    assert json.loads(said.out)["n_parcels"] == 5
    assert said.err == ""


def test_a_failure_says_what_and_what_to_do(s4, folder):
    (folder / "crop_map.tif").unlink()
    said = s4(*evaluate(folder))
    assert said.code == 1
    assert said.out == ""
    assert said.err.splitlines()[0].startswith("error: ")
    assert "crop_map.tif" in said.err.splitlines()[0]
    assert said.err.splitlines()[1].startswith("  do: ")


def test_a_failure_in_json(s4, folder):
    (folder / "crop_map.tif").unlink()
    said = s4(*evaluate(folder), "--json")
    error = json.loads(said.out)["error"]
    assert error["code"] == "raster"
    assert "crop_map.tif" in error["message"]
    assert error["remedy"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["paint"],
        ["evaluate", "--map", "m.tif"],
        ["info"],
        ["info", "area", "--season", "summer"],
        ["segment", "--area", "a", "--model", "m", "--modality", "thermal", "--out", "o"],
        ["pretrain", "--area", "a", "--out", "m", "--set", "epochs"],
        [],
    ],
)
def test_wrong_usage_is_exit_code_2(s4, arguments):
    said = s4(*arguments)
    assert said.code == 2
    assert "usage: s4" in said.err


@pytest.mark.parametrize("given", [["--extent", "-5,50,-4,51"], ["--extent=-5,50,-4,51"]])
def test_an_extent_may_begin_with_a_minus(s4, monkeypatch, given):
    asked = []
    monkeypatch.setattr(jobs, "run", lambda job, _: asked.append(job.extent) or {"areas": []})
    monkeypatch.setattr(command_module, "describe", lambda *_: "")
    needed = ("--area", "a", "--model", "m", "--modality", "radar", "--out", "o.tif")
    assert s4("segment", *given, *needed).code == 0
    assert asked == ["-5,50,-4,51"]


def test_a_cancelled_job_is_exit_code_130(s4, folder, monkeypatch):
    def stopped(job, reporter):
        raise Cancelled()

    monkeypatch.setattr(jobs, "run", stopped)
    said = s4(*evaluate(folder), "--json")
    assert said.code == 130
    assert json.loads(said.out)["error"]["code"] == "cancelled"
    assert said.err == "cancelled\n"


def test_an_unexpected_exception_shows_its_trace(s4, folder, monkeypatch):
    monkeypatch.setattr(jobs, "run", lambda job, reporter: {}["x"])
    said = s4(*evaluate(folder))
    assert said.code == 1
    assert "Traceback" in said.err
    assert "error: KeyError: 'x'" in said.err
    assert "fault of the program" in said.err


def test_a_full_disk_is_an_output_error(s4, folder, monkeypatch):
    def full(job, reporter):
        raise OSError(28, "No space left on device", "map.tif")

    monkeypatch.setattr(jobs, "run", full)
    said = s4(*evaluate(folder), "--json")
    assert json.loads(said.out)["error"]["code"] == OutputError.code
    assert "Traceback" not in said.err


def test_warnings_reach_stderr_even_when_quiet(s4, folder, monkeypatch):
    def warned(job, reporter):
        reporter.log("info", "unheard")
        reporter.log("warning", "heed this")
        return {"report": "r.html", "missing": []}

    monkeypatch.setattr(jobs, "run", warned)
    said = s4("report", "--run", folder, "--out", "r.html", "--quiet")
    assert said.err == "warning: heed this\n"
    assert said.out == "report    r.html\n"


def test_help_describes_every_command_with_examples(s4):
    said = s4("--help")
    assert said.code == 0
    for command in ("info", "pretrain", "finetune", "segment", "evaluate", "report", "worker"):
        assert f"    {command}" in said.out
        text = s4(command, "--help").out
        assert "usage: s4 " + command in text
        assert command == "worker" or "examples:\n  s4 " + command in text


def test_area_options_exist_wherever_an_area_does(s4):
    for command in ("info", "pretrain", "finetune", "segment"):
        text = s4(command, "--help").out
        for option in ("--season", "--until", "--mask", "--scale", "--radar-unit"):
            assert option in text


def run_process(*arguments: object, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "s4_core", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        check=False,
        **options,
    )


def test_help_and_evaluate_never_load_torch(folder):
    code = (
        "import sys; from s4_core.cli import main; code = main(sys.argv[1:]);"
        "print('torch' in sys.modules, file=sys.stderr); sys.exit(code)"
    )
    for arguments in (["--help"], [str(a) for a in evaluate(folder)]):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            capture_output=True,
            text=True,
            cwd=REPOSITORY,
            check=False,
        )
        assert done.returncode == 0
        assert done.stderr.splitlines()[-1] == "False"


def test_the_module_runs_as_a_process(folder):
    done = run_process(*evaluate(folder), "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["modality"] == "optical"


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_ctrl_c_is_exit_code_130(folder):
    code = (
        "import sys, time; from s4_core import jobs; from s4_core.errors import Cancelled\n"
        "def run(job, reporter):\n"
        "    print('ready', flush=True)\n"
        "    for _ in range(400):\n"
        "        time.sleep(0.05)\n"
        "        if reporter.cancelled(): raise Cancelled()\n"
        "jobs.run = run\n"
        "from s4_core.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, evaluate(folder))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert err == "cancelled\n"

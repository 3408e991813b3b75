from __future__ import annotations

import subprocess
import sys

import pytest

from s4_core import io
from s4_core.errors import OutputError

HOLD = """
import sys, time
from s4_core import io
with io.alone(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_run_is_refused_and_a_later_one_is_not(tmp_path):
    path = tmp_path / "new" / "map.tif"
    with io.alone(path):
        with pytest.raises(OutputError, match="made by another run"), io.alone(path):
            pass
        with io.alone(path.with_name("other.tif")):
            pass
    with io.alone(path):
        pass
    assert list(path.parent.iterdir()) == []


def test_a_killed_run_holds_nothing(tmp_path):
    path = tmp_path / "map.tif"
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE) as run:
        assert run.stdout.readline() == b"held\n"
        with pytest.raises(OutputError, match="made by another run"), io.alone(path):
            pass
        run.kill()
    with io.alone(path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_failure_inside_drops_the_lock(tmp_path):
    path = tmp_path / "map.tif"
    with pytest.raises(KeyError), io.alone(path):
        raise KeyError
    with io.alone(path):
        pass


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be made"), io.alone(tmp_path / "file" / "m.tif"):
        pass


def test_a_file_system_without_locks_is_done_without(tmp_path, monkeypatch):
    def unsupported(_descriptor):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("s4_core.io.locking._take", unsupported)
    with io.alone(tmp_path / "map.tif"):
        pass
    assert list(tmp_path.iterdir()) == []

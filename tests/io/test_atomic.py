from __future__ import annotations

import errno
import json
import math
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from s4_core import io
from s4_core.errors import OutputError
from s4_core.types import Modality


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_result_appears_only_at_the_end(tmp_path):
    path = tmp_path / "new" / "deep" / "result.txt"
    with io.aside(path) as temporary:
        temporary.write_text("complete")
        assert not path.exists()
        assert temporary.parent == path.parent
        assert temporary.suffix == ".txt"
        assert temporary.name.startswith(".")
    assert path.read_text() == "complete"
    assert names(path.parent) == ["result.txt"]


def test_failure_leaves_the_old_result_and_nothing_else(tmp_path):
    path = tmp_path / "result.txt"
    path.write_text("old")

    def interrupted():
        with io.aside(path) as temporary:
            temporary.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text() == "old"
    assert names(tmp_path) == ["result.txt"]


def test_side_files_come_and_go_with_the_file(tmp_path):
    path = tmp_path / "map.tif"
    with io.aside(path, sides=(".aux.xml",)) as temporary:
        temporary.write_text("1")
        Path(f"{temporary}.aux.xml").write_text("side of 1")
    assert names(tmp_path) == ["map.tif", "map.tif.aux.xml"]
    assert (tmp_path / "map.tif.aux.xml").read_text() == "side of 1"
    with io.aside(path, sides=(".aux.xml",)) as temporary:
        temporary.write_text("2")
    assert names(tmp_path) == ["map.tif"]


def test_side_files_return_when_the_file_cannot_be_replaced(tmp_path, monkeypatch):
    path = tmp_path / "map.tif"
    path.write_text("old")
    (tmp_path / "map.tif.aux.xml").write_text("side of old")
    replace = os.replace

    def held_open(source, target):
        if Path(target) == path:
            raise PermissionError(errno.EACCES, "used by another process", str(target))
        replace(source, target)

    def write_anew():
        with io.aside(path, sides=(".aux.xml",)) as temporary:
            temporary.write_text("new")
            Path(f"{temporary}.aux.xml").write_text("side of new")

    monkeypatch.setattr(os, "replace", held_open)
    with pytest.raises(OutputError, match=r"map\.tif cannot be written: used by another process"):
        write_anew()
    assert names(tmp_path) == ["map.tif", "map.tif.aux.xml"]
    assert (tmp_path / "map.tif.aux.xml").read_text() == "side of old"


def test_remains_of_killed_writers_go_after_an_hour(tmp_path):
    old = tmp_path / ".result.aside-1abc.txt"
    fresh = tmp_path / ".result.aside-2abc.txt"
    other = tmp_path / ".other.aside-1abc.txt"
    for path in (old, fresh, other):
        path.write_text("half")
    two_hours_ago = time.time() - 7200
    os.utime(old, (two_hours_ago, two_hours_ago))
    os.utime(other, (two_hours_ago, two_hours_ago))
    io.write_text(tmp_path / "result.txt", "x")
    assert names(tmp_path) == sorted([fresh.name, other.name, "result.txt"])


def test_parent_that_is_a_file(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"The folder .*file.* cannot be made") as caught:
        io.write_text(tmp_path / "file" / "result.txt", "x")
    assert caught.value.remedy


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="no /proc here")
def test_folder_that_takes_no_files():
    with pytest.raises(OutputError, match=r"/proc/result\.txt cannot be written"):
        io.write_text("/proc/result.txt", "x")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root, to become someone else"
)
def test_folder_of_someone_else(tmp_path_factory):
    folder = tmp_path_factory.mktemp("locked")
    for parent in (folder.parent, folder.parent.parent):
        parent.chmod(parent.stat().st_mode | 0o055)
    folder.chmod(0o555)
    os.seteuid(65534)
    try:
        with pytest.raises(OutputError, match="Permission denied"):
            io.write_text(folder / "result.txt", "x")
    finally:
        os.seteuid(0)
    assert names(folder) == []


def test_errors_of_reading_inside_stay_what_they_are(tmp_path):
    with pytest.raises(FileNotFoundError), io.aside(tmp_path / "result.txt"):
        Path("/nowhere/input.txt").read_text()
    assert names(tmp_path) == []


def test_full_disk(tmp_path):
    pytest.importorskip("resource", reason="file size limits are POSIX")
    script = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "from s4_core import io\n"
        "from s4_core.errors import OutputError\n"
        "try:\n"
        "    io.write_text(sys.argv[1], 'x' * 100000)\n"
        "except OutputError as error:\n"
        "    print(error.message)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "result.txt")],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert "result.txt cannot be written: the disk is full" in done.stdout
    assert names(tmp_path) == []


@dataclass(frozen=True)
class Point:
    x: float
    day: date


def test_json_is_always_valid(tmp_path):
    path = tmp_path / "value.json"
    io.write_json(
        path,
        {
            "nan": math.nan,
            "list": [1, np.float32("inf"), -math.inf, np.int64(3), True, None],
            "array": np.array([[1.5, np.nan]]),
            "point": Point(0.5, date(2019, 4, 1)),
            Modality.RADAR: Modality.OPTICAL,
            7: Path("a") / "b",
            "words": ("é", frozenset({2})),
        },
    )
    assert json.loads(path.read_text(), parse_constant=pytest.fail) == {
        "nan": None,
        "list": [1, None, None, 3, True, None],
        "array": [[1.5, None]],
        "point": {"x": 0.5, "day": "2019-04-01"},
        "radar": "optical",
        "7": str(Path("a") / "b"),
        "words": ["é", [2]],
    }


def test_json_refuses_what_it_cannot_say(tmp_path):
    with pytest.raises(TypeError, match="object cannot be said in JSON"):
        io.write_json(tmp_path / "value.json", {"a": object()})
    assert names(tmp_path) == []


def test_table(tmp_path):
    path = tmp_path / "areas.csv"
    io.write_table(path, ["class", "hectares"], [["maize, sweet", 1.5], ["grass", math.nan]])
    assert path.read_bytes() == b'class,hectares\r\n"maize, sweet",1.5\r\ngrass,\r\n'
    with pytest.raises(ValueError, match="A row of 1 cells under 2 columns"):
        io.write_table(path, ["class", "hectares"], [["grass"]])
    assert path.read_bytes().startswith(b'class,hectares\r\n"maize')

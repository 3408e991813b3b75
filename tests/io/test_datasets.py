from __future__ import annotations

import multiprocessing
import os
import sys
import threading

import numpy as np
import pytest

from s4_core import io
from s4_core.errors import RasterError
from s4_core.io import datasets


@pytest.fixture
def path(tmp_path, make_raster, utm_grid):
    values = np.arange(64, dtype=np.uint16).reshape(1, 8, 8)
    return str(make_raster(tmp_path / "a.tif", values, utm_grid(8, 8)))


def test_kept_open_until_closed(path):
    first = datasets.open_raster(path)
    assert datasets.open_raster(path) is first
    io.close_rasters()
    assert datasets.open_raster(path) is not first


def test_a_replaced_file_is_read_anew(path, tmp_path, make_raster, utm_grid):
    assert io.read_array(path)[0].sum() == 64 * 63 // 2
    make_raster(tmp_path / "b.tif", np.full((1, 8, 8), 5, np.uint16), utm_grid(8, 8))
    os.utime(tmp_path / "b.tif", ns=(1, 1))
    os.replace(tmp_path / "b.tif", path)
    assert io.read_array(path)[0].sum() == 64 * 5


def test_number_of_open_files_is_bounded(tmp_path, monkeypatch, make_raster, utm_grid):
    monkeypatch.setattr(datasets, "MAX_OPEN", 4)
    for index in range(10):
        values = np.full((1, 4, 4), index, np.uint8)
        path = make_raster(tmp_path / f"{index}.tif", values, utm_grid(4, 4))
        assert io.read_array(path)[0].max() == index
    assert len(datasets._shelf.entries) == 4
    assert next(iter(datasets._shelf.entries)).endswith("6.tif")


def test_each_thread_has_its_own(path):
    found = []
    thread = threading.Thread(target=lambda: found.append(datasets.open_raster(path)))
    thread.start()
    thread.join()
    assert found[0] is not datasets.open_raster(path)


def test_many_threads_read_the_same(path):
    expected = io.read_array(path)[0]
    wrong = []

    def read_often():
        for _ in range(50):
            if not np.array_equal(io.read_array(path)[0], expected):
                wrong.append(1)

    threads = [threading.Thread(target=read_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def _open_in_child(path, queue):
    queue.put((len(datasets._shelf.entries), int(io.read_array(path)[0].sum())))


@pytest.mark.skipif(sys.platform != "linux", reason="forks")
def test_a_forked_child_opens_its_own(path):
    io.read_array(path)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=_open_in_child, args=(path, queue))
    child.start()
    assert queue.get(timeout=30) == (0, 64 * 63 // 2)
    child.join()


def test_missing_names_the_file(tmp_path):
    with pytest.raises(RasterError, match=r"gone\.tif"):
        datasets.open_raster(str(tmp_path / "gone.tif"))

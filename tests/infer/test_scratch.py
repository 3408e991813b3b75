"""Finished tiles survive a kill and only serve the run that they belong to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from s4_core.errors import OutputError
from s4_core.infer.scratch import TileStore

RUN = {"area": "a", "model": "m"}


def filled(tmp_path: Path) -> TileStore:
    store = TileStore(tmp_path / "map.tif")
    assert store.open(RUN, resume=False) is None
    store.write("tile_3", {"values": np.arange(6, dtype=np.uint16).reshape(2, 3)})
    return store


def test_round_trip(tmp_path: Path) -> None:
    store = filled(tmp_path)
    read = store.read("tile_3")
    assert read is not None
    assert read["values"].dtype == np.uint16
    assert read["values"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert store.read("tile_4") is None
    store.drop("tile_3")
    store.drop("tile_3")
    assert store.read("tile_3") is None


def test_resume_keeps_tiles_of_the_same_run(tmp_path: Path) -> None:
    filled(tmp_path)
    again = TileStore(tmp_path / "map.tif")
    assert again.open(dict(RUN), resume=True) is None
    assert again.read("tile_3") is not None


def test_resume_of_another_run_says_what_differs_and_begins_anew(tmp_path: Path) -> None:
    filled(tmp_path)
    again = TileStore(tmp_path / "map.tif")
    assert again.open({"area": "b", "model": "m", "extent": "e"}, resume=True) == "area, extent"
    assert again.read("tile_3") is None


def test_without_resume_everything_begins_anew(tmp_path: Path) -> None:
    filled(tmp_path)
    again = TileStore(tmp_path / "map.tif")
    assert again.open(RUN, resume=False) is None
    assert again.read("tile_3") is None


def test_a_damaged_tile_counts_as_unfinished(tmp_path: Path) -> None:
    store = filled(tmp_path)
    path = store.folder / "tile_3.npz"
    path.write_bytes(path.read_bytes()[:50])
    assert store.read("tile_3") is None
    path.write_bytes(b"")
    assert store.read("tile_3") is None


def test_a_damaged_fingerprint_counts_as_none(tmp_path: Path) -> None:
    store = filled(tmp_path)
    (store.folder / "run.json").write_text("{")
    assert store.open(RUN, resume=True) is None
    assert store.read("tile_3") is None


def test_remove_leaves_nothing(tmp_path: Path) -> None:
    store = filled(tmp_path)
    store.remove()
    store.remove()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be made"):
        TileStore(tmp_path / "file" / "map.tif").open(RUN, resume=False)

"""Arrays of tiles survive a kill and only serve the run that they belong to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from s4_core.errors import OutputError
from s4_core.infer.scratch import TileStore


def filled(tmp_path: Path) -> TileStore:
    store = TileStore(tmp_path / "map.tif", "one")
    store.open(resume=False)
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


@pytest.mark.parametrize(
    ("fingerprint", "resume", "kept"),
    [("one", True, True), ("one", False, False), ("b", True, False)],
)
def test_only_a_resumed_run_of_the_same_kind_keeps_tiles(
    tmp_path: Path, fingerprint: str, resume: bool, kept: bool
) -> None:
    filled(tmp_path)
    again = TileStore(tmp_path / "map.tif", fingerprint)
    again.open(resume)
    assert (again.read("tile_3") is not None) is kept


def test_a_damaged_tile_counts_as_unfinished(tmp_path: Path) -> None:
    store = filled(tmp_path)
    path = store.folder / "tile_3.npz"
    path.write_bytes(path.read_bytes()[:50])
    assert store.read("tile_3") is None
    path.write_bytes(b"")
    assert store.read("tile_3") is None


def test_remove_leaves_nothing(tmp_path: Path) -> None:
    store = filled(tmp_path)
    store.remove()
    store.remove()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be made"):
        TileStore(tmp_path / "file" / "map.tif", "one").open(resume=False)

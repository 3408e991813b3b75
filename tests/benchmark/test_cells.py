"""Finished cells on disk."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from s4_core.benchmark.cells import Cell, Store, key_of

CELL = Cell(
    area="a",
    modality="radar",
    k=1,
    method="rf",
    classes=(0, 2),
    parcel_classes=np.array([0, 2, 2, -1]),
    counts=np.array([[[3, 0, 1], [0, 0, 4], [1, 0, 3], [0, 0, 0]]]),
    ece=(0.25,),
    seconds=1.5,
    prepared_s=0.5,
)


def test_a_cell_comes_back_as_it_was(tmp_path):
    store = Store(tmp_path / "work")
    store.put(CELL, {"k": 1})
    found = store.get({"k": 1})
    assert found is not None
    for name in ("parcel_classes", "counts"):
        assert np.array_equal(getattr(found, name), getattr(CELL, name))
    same = replace(found, parcel_classes=CELL.parcel_classes, counts=CELL.counts)
    assert same.__dict__ == CELL.__dict__
    assert found.miou == pytest.approx([(3 / 5 + 7 / 9) / 2])


@pytest.mark.parametrize("content", ["", "{}", '{"cell": {"area": "a"}}', '{"cell": [1]}'])
def test_a_spoilt_file_is_no_cell(tmp_path, content):
    store = Store(tmp_path)
    store.put(CELL, {"k": 1})
    (path,) = tmp_path.iterdir()
    path.write_text(content)
    assert store.get({"k": 1}) is None


def test_other_sources_other_cells(tmp_path):
    store = Store(tmp_path)
    store.put(CELL, {"k": 1})
    assert store.get({"k": 2}) is None
    assert key_of({"a": 1, "b": (2,)}) == key_of({"b": [2], "a": 1})


def test_clearing_leaves_what_is_no_cell(tmp_path):
    store = Store(tmp_path / "work")
    store.clear()
    store.put(CELL, {"k": 1})
    kept = tmp_path / "work" / "adapted.safetensors"
    kept.write_bytes(b"")
    store.clear()
    assert list((tmp_path / "work").iterdir()) == [kept]
    kept.unlink()
    store.clear()
    assert not (tmp_path / "work").exists()

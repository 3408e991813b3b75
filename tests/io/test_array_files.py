from __future__ import annotations

import numpy as np
import pytest

from s4_core.errors import OutputError
from s4_core.io import read_arrays, write_arrays

ARRAYS = {"one": np.arange(6, dtype=np.int16).reshape(2, 3), "two": np.array([np.nan, 1.5])}


@pytest.mark.parametrize("durable", [True, False])
def test_arrays_come_back_and_nothing_else_is_left(tmp_path, durable):
    path = tmp_path / "tile.npz"
    write_arrays(path, ARRAYS, durable=durable)
    write_arrays(path, ARRAYS, durable=durable)
    found = read_arrays(path)
    assert found.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found[name], array)
        assert found[name].dtype == array.dtype
    assert [one.name for one in tmp_path.iterdir()] == ["tile.npz"]


def test_absent_or_damaged_is_none(tmp_path):
    path = tmp_path / "tile.npz"
    assert read_arrays(path) is None
    path.write_bytes(b"PK nothing of the kind")
    assert read_arrays(path) is None


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(OutputError):
        write_arrays(tmp_path / "gone" / "tile.npz", ARRAYS, durable=True)
    assert not list(tmp_path.iterdir())

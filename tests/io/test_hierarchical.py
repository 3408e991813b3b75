from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from s4_core.errors import OutputError, RasterError
from s4_core.io import Hdf5File, write_hdf5


def test_arrays_of_every_kind_come_back(tmp_path: Path) -> None:
    path = tmp_path / "data.hdf5"
    cube = np.random.default_rng(0).normal(size=(2, 5, 4, 3))
    arrays = {
        ("s1", "000041"): cube,
        ("s1", "000007"): cube[..., :1].astype(np.float32),
        ("labels", "000041"): np.arange(20, dtype=np.uint8).reshape(5, 4),
        ("s1_dates", "000041"): np.array([3, 150, 366], np.int16),
        ("s1_length", "000041"): np.array(3, np.int16),
    }
    write_hdf5(path, ((group, name, array) for (group, name), array in arrays.items()))
    assert path.read_bytes()[:8] == b"\x89HDF\r\n\x1a\n"
    file = Hdf5File(path)
    assert file.names("s1") == ("000007", "000041")
    assert file.names("planet") == ()
    assert file.shape("s1", "000041") == (2, 5, 4, 3)
    for (group, name), array in arrays.items():
        read = file.read(group, name)
        assert read.dtype == array.dtype
        np.testing.assert_array_equal(read, array)


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(RasterError, match=r"nowhere\.hdf5"):
        Hdf5File(tmp_path / "nowhere.hdf5")
    text = tmp_path / "text.hdf5"
    text.write_text("no")
    with pytest.raises(RasterError, match=r"text\.hdf5"):
        Hdf5File(text)
    path = tmp_path / "data.hdf5"
    write_hdf5(path, [("s1", "a", np.zeros(3, np.float32))])
    with pytest.raises(RasterError, match="no array /s1/b"):
        Hdf5File(path).read("s1", "b")


def test_a_broken_writer_leaves_nothing(tmp_path: Path) -> None:
    def entries():
        yield "s1", "a", np.zeros(3, np.float32)
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        write_hdf5(tmp_path / "data.hdf5", entries())
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        write_hdf5(tmp_path / "file" / "data.hdf5", [])

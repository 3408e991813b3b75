from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core.errors import OutputError
from s4_core.io.partial import Journal, PartialValues
from s4_core.types import Window

HEIGHT, WIDTH = 23, 31


@st.composite
def inner_windows(draw):
    row, col = draw(st.integers(0, HEIGHT - 1)), draw(st.integers(0, WIDTH - 1))
    return Window(row, col, draw(st.integers(1, HEIGHT - row)), draw(st.integers(1, WIDTH - col)))


@pytest.mark.parametrize(("dtype", "empty"), [(np.uint8, 0), (np.uint16, 0), (np.float32, np.nan)])
@given(written=st.lists(inner_windows(), max_size=6), asked=inner_windows())
@settings(deadline=None, max_examples=25)
def test_windows_are_written_in_place(tmp_path_factory, dtype, empty, written, asked):
    values = PartialValues(tmp_path_factory.mktemp("p") / "a.raw", (2, HEIGHT, WIDTH), dtype)
    values.create()
    expected = np.full((2, HEIGHT, WIDTH), empty, dtype)
    rng = np.random.default_rng(0)
    for window in written:
        part = rng.integers(0, 200, (2, window.height, window.width)).astype(dtype)
        values.write(window, part)
        expected[:, window.slices[0], window.slices[1]] = part
    read = values.read(asked)
    assert read.dtype == dtype
    np.testing.assert_array_equal(read, expected[:, asked.slices[0], asked.slices[1]])
    values.close()


def test_reopened_values_are_the_same(tmp_path):
    part = np.array([[[0.5, np.nan, -np.inf]]], np.float32)
    first = PartialValues(tmp_path / "a.raw", (1, 4, 5), np.float32)
    first.create()
    first.write(Window(2, 1, 1, 3), part)
    first.to_disk()
    second = PartialValues(tmp_path / "a.raw", (1, 4, 5), np.float32)
    assert second.reopen()
    np.testing.assert_array_equal(second.read(Window(2, 1, 1, 3)), part)
    other_size = PartialValues(tmp_path / "a.raw", (1, 4, 6), np.float32)
    assert not other_size.reopen()
    assert not PartialValues(tmp_path / "b.raw", (1, 4, 5), np.float32).reopen()


def test_not_open_yet(tmp_path):
    values = PartialValues(tmp_path / "a.raw", (1, 4, 5), np.uint8)
    with pytest.raises(ValueError, match="use the writer in a with block"):
        values.read(Window(0, 0, 1, 1))


def test_folder_that_is_a_file(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be made"):
        PartialValues(tmp_path / "file" / "a.raw", (1, 4, 5), np.uint8).create()


A, B = Window(0, 0, 4, 4), Window(4, 0, 3, 4)


@pytest.fixture
def journal(tmp_path):
    journal = Journal(tmp_path / "a.jsonl", {"fingerprint": "x"})
    journal.create()
    journal.add(A)
    journal.add(B)
    return journal


def test_finished_windows_are_taken_over(journal):
    later = Journal(journal.path, {"fingerprint": "x"})
    assert later.load()
    assert later.finished == {A, B}


def test_another_run_is_not(journal):
    later = Journal(journal.path, {"fingerprint": "y"})
    assert not later.load()
    assert later.finished == set()
    journal.remove()
    assert not Journal(journal.path, {"fingerprint": "x"}).load()


@pytest.mark.parametrize("cut", range(1, 14))
def test_a_torn_line_counts_as_not_written(journal, cut):
    content = journal.path.read_bytes()
    journal.path.write_bytes(content[:-cut])
    later = Journal(journal.path, {"fingerprint": "x"})
    assert later.load()
    assert later.finished == {A}
    later.add(Window(9, 9, 1, 1))
    last = Journal(journal.path, {"fingerprint": "x"})
    assert last.load()
    assert last.finished == {A, Window(9, 9, 1, 1)}


def test_a_torn_header_is_another_run(journal):
    journal.path.write_bytes(journal.path.read_bytes()[:9])
    assert not Journal(journal.path, {"fingerprint": "x"}).load()

from __future__ import annotations

import os
import time

import pytest
from osgeo import gdal

from s4_core.io import FileDigests, files_behind


def test_a_digest_is_of_the_content(tmp_path):
    digests = FileDigests(tmp_path / "notes")
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"a" * 3_000_000)
    two.write_bytes(b"a" * 3_000_000)
    assert digests.of(str(one)) == digests.of(str(two))
    two.write_bytes(b"a" * 2_999_999 + b"b")
    assert digests.of(str(one)) != digests.of(str(two))
    with pytest.raises(OSError, match="nothing"):
        digests.of(str(tmp_path / "nothing"))


def test_a_settled_file_is_read_once_and_again_when_it_changed(tmp_path, monkeypatch):
    digests, path = FileDigests(tmp_path / "notes"), tmp_path / "image"
    path.write_bytes(b"first")
    hour_ago = time.time() - 3600
    os.utime(path, (hour_ago, hour_ago))
    first = digests.of(str(path))
    reads = []
    monkeypatch.setattr("s4_core.io.content._digest", lambda name: reads.append(name) or "new")
    assert digests.of(str(path)) == first
    assert not reads
    path.write_bytes(b"other")
    os.utime(path, (hour_ago + 60, hour_ago + 60))
    assert digests.of(str(path)) == "new"
    # a damaged note is no answer
    for note in (tmp_path / "notes").iterdir():
        note.write_text("{")
    assert digests.of(str(path)) == "new"
    assert len(reads) == 2


def test_a_file_that_was_just_written_is_not_remembered(tmp_path):
    digests, path = FileDigests(tmp_path / "notes"), tmp_path / "image"
    path.write_bytes(b"first")
    digests.of(str(path))
    assert not (tmp_path / "notes").exists()


def test_a_virtual_raster_rests_on_the_files_that_it_shows(tmp_path):
    paths = [str(tmp_path / f"{name}.tif") for name in "ab"]
    for number, path in enumerate(paths):
        made = gdal.GetDriverByName("GTiff").Create(path, 8, 8)
        made.SetGeoTransform((8.0 * number, 1.0, 0.0, 0.0, 0.0, -1.0))
        made.FlushCache()
    inner, outer = str(tmp_path / "inner.vrt"), str(tmp_path / "outer.vrt")
    gdal.BuildVRT(inner, paths).FlushCache()
    gdal.BuildVRT(outer, [inner]).FlushCache()
    assert set(files_behind(paths[0])) == {paths[0]}
    assert set(files_behind(outer)) == {outer, inner, *paths}

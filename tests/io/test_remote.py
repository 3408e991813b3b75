"""Names and failures of rasters on servers; tests/fetch reads them from real ones."""

from __future__ import annotations

import pytest
from osgeo import gdal

from s4_core import io
from s4_core.errors import RasterError


def test_names_for_gdal():
    assert io.remote_path("https://x.example/a.tif?s=1") == "/vsicurl/https://x.example/a.tif?s=1"
    assert io.remote_path("s3://bucket/a.tif") == "/vsis3/bucket/a.tif"
    assert io.remote_path("/data/a.tif") == "/data/a.tif"
    named = io.remote_path("https://x.example/a b?s=1", "/vsimem/h.txt")
    assert named == "/vsicurl?header_file=/vsimem/h.txt&url=https%3A%2F%2Fx.example%2Fa%20b%3Fs%3D1"


def test_headers_are_there_for_a_while():
    with io.headers_of({}) as none:
        assert none is None
    with io.headers_of({"Authorization": "Bearer hush", "X-Key": "1"}) as path:
        assert io.read_bytes(path) == b"Authorization: Bearer hush\nX-Key: 1\n"
    assert gdal.VSIStatL(path) is None


def test_options_are_as_before():
    gdal.SetConfigOption("S4_TEST", "before")
    with io.gdal_options({"S4_TEST": "inside", "S4_OTHER": "1"}):
        assert gdal.GetConfigOption("S4_TEST") == "inside"
    assert gdal.GetConfigOption("S4_TEST") == "before"
    assert gdal.GetConfigOption("S4_OTHER") is None
    gdal.SetConfigOption("S4_TEST", None)


@pytest.mark.parametrize("headers", [None, "/vsimem/h.txt"])
def test_failures_hide_signatures(headers):
    path = io.remote_path("https://x.example/a.tif?sig=hush", headers)
    with pytest.raises(io.RemoteFailure) as told, io.remote_failures(path):
        raise RasterError(f"{path} cannot be read: HTTP response code: 503.", "Again.")
    assert told.value.status == 503
    assert told.value.message == "https://x.example/a.tif cannot be read: HTTP response code: 503."
    assert told.value.__cause__ is None


def test_a_number_in_the_address_is_no_status():
    path = io.remote_path("http://127.0.0.1:4040/404.tif")
    with pytest.raises(io.RemoteFailure) as told, io.remote_failures(path):
        raise RasterError(f"{path} is truncated: it has 500 bytes.", "Again.")
    assert (told.value.status, told.value.is_final) == (None, True)

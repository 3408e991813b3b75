"""Rasters on servers: read by ranges, forgotten after failures, told without their secrets."""

from __future__ import annotations

import re
import secrets
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from osgeo import gdal

from s4_core.errors import RasterError
from s4_core.io.catalogue import check_blocks, described, refuse_complex
from s4_core.io.datasets import forget_raster, open_raster
from s4_core.io.gdal_failures import GET_IT_AGAIN, raster_failures
from s4_core.types import RasterFile, Window

_STATUS = re.compile(r"(?:response[ _]code|error code)\D{0,12}(\d{3})")
_ADDRESS = re.compile(r"https?://[^\s'\"]+")
_QUERY = re.compile(r"(https?://[^\s?]+)\?[^\s'\"]*")


class RemoteFailure(RasterError):
    """A raster on a server that cannot be read.

    Args:
        status: HTTP code, None where GDAL tells none.
        is_final: it is known that trying again is in vain (a file that ends early).
    """

    def __init__(self, message: str, remedy: str, status: int | None, is_final: bool) -> None:
        super().__init__(message, remedy)
        self.status = status
        self.is_final = is_final


@contextmanager
def gdal_options(options: Mapping[str, str]) -> Iterator[None]:
    """GDAL's configuration inside, for all threads; as it was before after it."""
    before = {key: gdal.GetConfigOption(key) for key in options}
    for key, value in options.items():
        gdal.SetConfigOption(key, value)
    try:
        yield
    finally:
        for key, earlier in before.items():
            gdal.SetConfigOption(key, earlier)


@contextmanager
def headers_of(headers: Mapping[str, str]) -> Iterator[str | None]:
    """A file in memory with HTTP headers, for `remote_path`; None where there are none."""
    if not headers:
        yield None
        return
    path = f"/vsimem/headers-{secrets.token_hex(6)}.txt"
    lines = "".join(f"{name}: {value}\n" for name, value in headers.items())
    gdal.FileFromMemBuffer(path, lines.encode())
    try:
        yield path
    finally:
        gdal.Unlink(path)


def remote_path(address: str, headers: str | None = None) -> str:
    """The name under which GDAL reads an address; a local path stays as it is.

    Args:
        headers: file with headers to send, as of `headers_of`.
    """
    if address.startswith("s3://"):
        return f"/vsis3/{address[len('s3://') :]}"
    if not address.startswith(("http://", "https://")):
        return address
    if headers is None:
        return f"/vsicurl/{address}"
    return f"/vsicurl?header_file={headers}&url={urllib.parse.quote(address, safe='')}"


def describe_remote(path: str, size: int | None = None) -> RasterFile:
    """Describe a raster by its header alone: no pixel is fetched.

    Args:
        path: as `remote_path` gives it. size: bytes that the whole file should have.

    Raises:
        RemoteFailure: it cannot be opened, is truncated, or has another size.
    """
    with remote_failures(path):
        dataset = open_raster(path)
        refuse_complex(path, dataset)
        _check_size(path, size)
        with raster_failures(path):
            check_blocks(path, dataset)
            return described(path, dataset)


@contextmanager
def remote_failures(path: str) -> Iterator[None]:
    """What fails inside is told without secrets; the file and its ranges are forgotten.

    Raises:
        RemoteFailure: for every RasterError inside.
    """
    try:
        yield
    except RemoteFailure:
        raise
    except RasterError as error:
        forget_remote(path)
        raise _failure(path, error) from None  # the cause's text may hold a signature


def forget_remote(path: str) -> None:
    """Close this thread's dataset of a raster and drop what GDAL remembers of its address."""
    forget_raster(path)
    if path.startswith("/vsi"):
        gdal.VSICurlPartialClearCache(path)


def stored_bytes(raster: RasterFile, window: Window, bands: int) -> int:
    """Bytes of the TIFF blocks that a window needs, of the first `bands` bands.

    Where the file's blocks do not tell their size, the window's pixels are counted as they are.

    Raises:
        RemoteFailure: the file cannot be opened.
    """
    with remote_failures(raster.path):
        dataset = open_raster(raster.path)
    first = dataset.GetRasterBand(1)
    height, width = raster.blocks
    rows = range(window.row // height, (window.row + window.height - 1) // height + 1)
    columns = range(window.col // width, (window.col + window.width - 1) // width + 1)
    is_mixed = dataset.GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE") == "PIXEL"
    sizes = [_block_bytes(first, row, column) for row in rows for column in columns]
    if not any(sizes):
        bits = gdal.GetDataTypeSize(first.DataType)
        return window.height * window.width * bands * int(bits) // 8
    return sum(sizes) * (1 if is_mixed else bands)


def without_secrets(text: str) -> str:
    """A text with the queries of its addresses left out: signatures stand there."""
    return _QUERY.sub(r"\1", text)


def _block_bytes(band: Any, row: int, column: int) -> int:
    size = band.GetMetadataItem(f"BLOCK_SIZE_{column}_{row}", "TIFF")
    return int(size) if size else 0


def _check_size(path: str, size: int | None) -> None:
    status = gdal.VSIStatL(path) if size is not None else None
    if status is not None and status.size != size:
        raise RasterError(
            f"{path} is truncated or was replaced: it has {status.size} bytes, its catalogue says"
            f" {size}.",
            GET_IT_AGAIN,
        )


def _address_in(path: str) -> str:
    """The address in a name that `remote_path` made."""
    if path.startswith("/vsicurl?"):
        return urllib.parse.unquote(path.rpartition("url=")[2])
    return path.replace("/vsicurl/", "", 1)


def _failure(path: str, error: RasterError) -> RemoteFailure:
    told = without_secrets(error.message.replace(path, _address_in(path))).replace("/vsicurl/", "")
    found = _STATUS.search(_ADDRESS.sub("", told).lower())
    return RemoteFailure(
        told, error.remedy, int(found[1]) if found else None, "truncated" in error.message
    )

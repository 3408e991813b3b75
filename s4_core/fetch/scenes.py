"""Reading pieces of items' bands from servers, again after failures that pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from s4_core import io
from s4_core.errors import RasterError
from s4_core.fetch.client import PASSING, Client, Pace
from s4_core.fetch.items import Asset, Item
from s4_core.fetch.signing import Signer
from s4_core.sits import Floats
from s4_core.types import SCL, Grid, Modality, RasterFile, Window

T = TypeVar("T")

_WHOLE = ("Byte", "Int16", "UInt16")

_REFUSED = (401, 403)


class SceneFailure(RasterError):
    """A band of an item that cannot be read.

    Args:
        item: id. status: HTTP code, None where nobody answers.
        is_passing: it may be there later.
    """

    def __init__(
        self, item: str, band: str, failure: RasterError, status: int | None, is_passing: bool
    ) -> None:
        super().__init__(f"{item}, {band}: {failure.message}", failure.remedy)
        self.item = item
        self.status = status
        self.is_passing = is_passing


class Scenes:
    """The bands of items, wherever they lie. One object serves several threads.

    Args:
        headers: file with headers that the client's own server wants, as of `io.headers_of`.
    """

    def __init__(
        self, client: Client, signer: Signer, pace: Pace, headers: str | None = None
    ) -> None:
        self._client = client
        self._signer = signer
        self._pace = pace
        self._headers = headers

    def describe(self, item: Item, band: str) -> RasterFile:
        """The header of a band's file.

        Raises:
            SceneFailure: it cannot be read, however often it is tried.
        """
        asset = item.bands[band]
        return self._patiently(item, band, lambda path: io.describe_remote(path, asset.size))

    def stored_bytes(self, item: Item, band: str, grid: Grid) -> int:
        """Bytes that a grid's part of a band has in its file, compressed.

        Raises:
            SceneFailure: its header cannot be read.
        """
        asset = item.bands[band]

        def measured(path: str) -> int:
            raster = io.describe_remote(path, asset.size)
            window = io.source_window(raster.grid, grid, 0)
            return 0 if window is None else io.stored_bytes(raster, window, 1)

        return self._patiently(item, band, measured)

    def read(self, item: Item, band: str, grid: Grid, window: Window, method: str = "") -> Floats:
        """One band of one item on a window of a grid, `(h, w)` as stored, NaN where nodata.

        Pixels are repeated where the grid's lie inside the band's, else interpolated.

        Args:
            method: "average", or "" for the above. SCL is never interpolated.

        Raises:
            SceneFailure: it cannot be read, however often it is tried.
        """
        asset = item.bands[band]

        def part(path: str) -> Floats:
            raster = _with_nodata(io.describe_remote(path, asset.size), item.modality, asset)
            if asset.index > len(raster.bands):
                raise RasterError(f"{path} has no band {asset.index}.", "Use another source.")
            if item.modality is Modality.RADAR and raster.dtype in _WHOLE and asset.scale is None:
                raise RasterError(
                    f"{path} holds whole numbers: radar that is not calibrated.",
                    "Use a source of calibrated backscatter (RTC).",
                )
            nested = band == SCL or io.is_nested(raster.grid, grid)
            chosen = method or ("nearest" if nested else "bilinear")
            values: Floats = io.read(raster, (asset.index,), grid, window, chosen)[0]
            return values

        return self._patiently(item, band, part)

    def close(self, items: tuple[Item, ...]) -> None:
        """Close the files of items in this thread: a season has thousands."""
        for item in items:
            for asset in item.bands.values():
                address = self._signer.signed(asset.href, item.collection)
                io.forget_raster(self._path(address))

    def _path(self, address: str) -> str:
        return io.remote_path(address, self._headers if self._client.is_own(address) else None)

    def _patiently(self, item: Item, band: str, action: Callable[[str], T]) -> T:
        failures = 0
        while True:
            self._pace.enter()
            address = self._signer.sign(item.bands[band].href, item.collection)
            path = self._path(address)
            try:
                with io.remote_failures(path):
                    return action(path)
            except io.RemoteFailure as failure:
                failures += 1
                told = self._judged(item, band, address, failure)
                in_vain = failure.is_final or (not told.is_passing and not _is_readable(told))
                if in_vain or failures >= self._pace.patience.tries:
                    raise told from None
                self._pace.slow_down(failures)

    def _judged(
        self, item: Item, band: str, address: str, failure: io.RemoteFailure
    ) -> SceneFailure:
        """What a failure means; a signature that was not taken is dropped."""
        status = failure.status
        is_web = address.startswith(("http://", "https://"))
        if status is None and is_web and not failure.is_final:
            status = self._client.status(address)
        has_expired = status in _REFUSED and self._signer.is_signing
        if has_expired:
            self._signer.forget(item.collection)
        silent = status is None and is_web and not failure.is_final
        is_passing = has_expired or silent or status in PASSING
        return SceneFailure(item.id, band, failure, status, is_passing)


def _is_readable(told: SceneFailure) -> bool:
    """The server gives the file, yet it could not be read: broken, or just mended."""
    return told.status is not None and told.status < 300


def _with_nodata(raster: RasterFile, modality: Modality, asset: Asset) -> RasterFile:
    """Sentinel-2's 0 is no data, whether or not the file says so; a mask's 0 is a value."""
    if asset.code:
        return replace(raster, nodata=(None,) * len(raster.nodata))
    usual = asset.nodata
    if usual is None and modality is Modality.OPTICAL:
        usual = 0.0
    return replace(raster, nodata=tuple(usual if n is None else n for n in raster.nodata))

"""Going through folders: what is recognised, as what, and what is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from s4_core.errors import InputError, S4Error
from s4_core.fetch.items import Item
from s4_core.fetch.products import maja, safe
from s4_core.fetch.products.rasters import CONTAINERS, Found, bands_in, items_of

_RASTERS = (".tif", ".tiff", ".vrt", ".jp2", ".img", *CONTAINERS)

_PRODUCTS: tuple[tuple[str, Callable[[Path], str | None], Callable[[Path], Item]], ...] = (
    ("Sentinel-2 SAFE", safe.product_name, safe.read_safe),
    ("Theia (MAJA)", maja.product_name, maja.read_maja),
)


@dataclass(frozen=True)
class Recognised:
    """A file or product, and what it was taken for."""

    path: str
    what: str
    dates: tuple[str, ...]
    bands: tuple[str, ...]


@dataclass(frozen=True)
class Recognition:
    """All that was found.

    Args:
        not_recognised: paths with the reason.
    """

    items: tuple[Item, ...]
    recognised: tuple[Recognised, ...]
    not_recognised: tuple[tuple[str, str], ...]


def recognise(
    paths: Sequence[str], tell: Callable[[int, int], None] = lambda *_: None
) -> Recognition:
    """Look at products, rasters and folders of them.

    Args:
        tell: called with (looked at, all).

    Raises:
        InputError: a path does not exist.
    """
    missing = [path for path in paths if not Path(path).exists()]
    if missing:
        raise InputError(f"{missing[0]} does not exist.", "Check the path.")
    candidates = [c for path in paths for c in _candidates(Path(path))]
    items: list[Item] = []
    loose: list[Found] = []
    told: list[Recognised] = []
    odd: list[tuple[str, str]] = []
    for number, candidate in enumerate(candidates):
        tell(number, len(candidates))
        try:
            told.append(_look(candidate, items, loose))
        except S4Error as error:
            odd.append((str(candidate), error.message))
    return Recognition((*items, *items_of(loose)), tuple(told), tuple(odd))


def _look(path: Path, items: list[Item], loose: list[Found]) -> Recognised:
    for what, names, reads in _PRODUCTS:
        if names(path):
            item = reads(path)
            items.append(item)
            return Recognised(str(path), what, (item.date.isoformat(),), tuple(item.bands))
    if path.suffix.lower() not in _RASTERS:
        raise InputError("It is neither a known product nor a raster.", "Leave it out.")
    found = bands_in(path)
    loose += found
    days = sorted({band.day.isoformat() for band in found})
    what = "stack of dates" if len(days) > 1 else "raster"
    return Recognised(str(path), what, tuple(days), tuple(dict.fromkeys(b.band for b in found)))


def _candidates(path: Path) -> Iterator[Path]:
    """Products as a whole, and files that are in none; hidden ones and side files are passed by."""
    if path.is_file() or any(names(path) for _, names, _ in _PRODUCTS):
        yield path
        return
    for child in sorted(path.iterdir()):
        if not child.name.startswith(".") and not child.name.lower().endswith(_SIDE_FILES):
            yield from _candidates(child)


_SIDE_FILES = (".aux.xml", ".ovr", ".qml", ".sld", ".json", ".txt", ".md", ".gpkg", ".msk")

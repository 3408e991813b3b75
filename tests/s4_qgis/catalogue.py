"""A STAC catalogue on loopback for tests of the plugin: a season of small images, made up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.fetch.scenes import Catalogue, grid
from tests.fetch.server import Shop, serving

DAYS = ("2021-04-01", "2021-04-11", "2021-05-01")
SEASON = "2021-03-01:2021-09-30"
BOX = grid().bounds
CRS = "EPSG:32631"


@dataclass(frozen=True)
class Offered:
    """A catalogue that is served, and the server."""

    address: str
    shop: Shop = field(repr=False)
    catalogue: Catalogue = field(repr=False)


@contextmanager
def offered(folder: Path) -> Iterator[Offered]:
    """Three optical and three radar images, behind a server that runs inside the block."""
    folder.mkdir()
    shop = Shop(folder)
    with serving(shop) as base:
        catalogue = Catalogue(folder, base, [])
        for seed, day in enumerate(DAYS, start=1):
            catalogue.optical(f"S2B_{day}", day, seed)
            catalogue.radar(f"S1A_{day}", day, seed)
        catalogue.write_collection()
        yield Offered(f"{base}/items.json", shop, catalogue)

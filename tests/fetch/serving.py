"""Serve a folder's images as a STAC catalogue of COGs, on loopback, until stdin ends.

    python -m tests.fetch.serving AREA WORK [START END]

Prints the catalogue's address. For pictures and for trying things out by hand.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from s4_core import io
from s4_core.types import SCL
from tests.fetch.scenes import Catalogue
from tests.fetch.server import Shop, serving


def offer(catalogue: Catalogue, folder: Path, season: tuple[str, str] = ("", "9")) -> None:
    """Each image of a folder as an item, one COG a band."""
    for path in sorted(folder.rglob("S*.tif")):
        raster = io.describe(path)
        day = raster.tags["ACQUISITION_DATE"]
        if not season[0] <= day <= season[1]:
            continue
        values, grid = io.read_array(path)
        modality = path.parent.name
        bands = {
            name: (band.astype(np.uint8) if name == SCL else band, grid)
            for name, band in zip(raster.bands, values)
        }
        properties = {"sat:orbit_state": "ascending"} if modality == "radar" else {}
        if SCL in bands:
            cloudy = np.isin(bands[SCL][0], (3, 8, 9, 10, 11)).mean()
            properties["eo:cloud_cover"] = round(100 * float(cloudy), 1)
        catalogue.add(
            path.stem,
            day,
            modality,
            bands,
            nodata=raster.nodata[0],
            common=True,
            properties=properties,
            asset={"raster:bands": [{"unit": "dB"}]} if modality == "radar" else None,
        )


def main(area: str, work: str, *season: str) -> None:
    """Write the COGs, serve them, wait."""
    folder = Path(work)
    folder.mkdir(parents=True, exist_ok=True)
    with serving(Shop(folder)) as base:
        catalogue = Catalogue(folder, base, [])
        offer(catalogue, Path(area), (season[0], season[1]) if season else ("", "9"))
        catalogue.write_collection()
        print(f"{base}/items.json", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])

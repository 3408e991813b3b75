"""Write a large simulated scene, a small one repeated: to show time, memory and disk at size.

    python -m training.scale_scene --size 4096 --dates 20 --out out/scale/scene_4096
    python -m training.scale_scene --size 10980 --dates 40 --of out/scale/scene_4096 \\
        --out out/scale/scene_10980

Optical images only, as `s4 fetch` writes them: uint16, tiled, DEFLATE, one file a date. It is
made in strips, so that any size fits into the memory; what is in it says nothing of any place.
With `--of` the images are GDAL's virtual rasters that repeat a scene: a whole Sentinel-2 tile then
takes no disk.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from s4_core import io
from s4_core.simulate import SimulationSettings, simulate_area, write_area
from s4_core.types import RasterFile, Window

PATTERN_PX = 256


def main() -> None:
    """Simulate the pattern, then repeat every image of it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--size", type=int, default=4096, help="height and width, pixels")
    parser.add_argument("--dates", type=int, default=20, help="optical acquisitions")
    parser.add_argument("--out", type=Path, required=True, help="folder of the area to be")
    parser.add_argument("--of", type=Path, help="folder of a scene to repeat as virtual rasters")
    parser.add_argument("--seed", type=int, default=3)
    arguments = parser.parse_args()
    if arguments.of is not None:
        enlarge(arguments.of, arguments.out, arguments.size, arguments.dates)
        return
    settings = SimulationSettings(
        seed=arguments.seed,
        size_px=PATTERN_PX,
        optical_count=arguments.dates,
        radar_count=1,
        name=f"simulated_scene_{arguments.size}",
    )
    with tempfile.TemporaryDirectory() as scratch:
        pattern = Path(scratch) / "pattern"
        write_area(simulate_area(settings), pattern)
        described = json.loads((pattern / "area.json").read_text())
        kept = ("name", "simulated", "season", "optical")
        (arguments.out / "optical").mkdir(parents=True, exist_ok=True)
        io.write_json(arguments.out / "area.json", {key: described[key] for key in kept})
        for path in sorted((pattern / "optical").glob("*.tif")):
            repeat(path, arguments.out / "optical" / path.name, arguments.size)


def repeat(source: Path, target: Path, size_px: int) -> None:
    """Write an image of `size_px` x `size_px` pixels that repeats a small one."""
    raster = io.describe(source)
    values, _ = io.read_array(source)
    repeats = -(-size_px // values.shape[2])
    # (C, h, w) -> (C, h, W): one strip of the large image
    strip = np.tile(values, (1, 1, repeats))[:, :, :size_px]
    form = io.ImageForm(
        grid=replace(raster.grid, height=size_px, width=size_px),
        bands=tuple(raster.bands),
        dtype=values.dtype.name,
        nodata=0,
        tags=raster.tags,
    )
    with io.ImageWriter(target, form) as writer:
        for row in range(0, size_px, strip.shape[1]):
            height = min(strip.shape[1], size_px - row)
            writer.write(Window(row, 0, height, size_px), strip[:, :height])


def enlarge(scene: Path, out: Path, size_px: int, dates: int) -> None:
    """Virtual rasters over a scene's images; where more dates are wanted, some a day later."""
    (out / "optical").mkdir(parents=True, exist_ok=True)
    described = json.loads((scene / "area.json").read_text())
    io.write_json(out / "area.json", {**described, "name": f"simulated_scene_{size_px}"})
    images = sorted((scene / "optical").glob("*.tif"))
    for number in range(dates):
        image = images[number % len(images)]
        day = datetime.strptime(image.stem[-8:], "%Y%m%d") + timedelta(number // len(images))
        path = out / "optical" / f"S2_L2A_{day:%Y%m%d}.vrt"
        path.write_text(virtual(io.describe(image), size_px), encoding="utf-8")


def virtual(raster: RasterFile, size_px: int) -> str:
    """A virtual raster of `size_px` x `size_px` pixels that repeats an image."""
    grid = raster.grid
    root = ElementTree.Element("VRTDataset", rasterXSize=f"{size_px}", rasterYSize=f"{size_px}")
    ElementTree.SubElement(root, "SRS").text = grid.crs_wkt
    ElementTree.SubElement(root, "GeoTransform").text = ", ".join(map(str, grid.transform))
    for number, name in enumerate(raster.bands, start=1):
        band = ElementTree.SubElement(root, "VRTRasterBand", dataType="UInt16", band=f"{number}")
        ElementTree.SubElement(band, "Description").text = name
        ElementTree.SubElement(band, "NoDataValue").text = "0"
        for row in range(0, size_px, grid.height):
            for col in range(0, size_px, grid.width):
                height, width = min(grid.height, size_px - row), min(grid.width, size_px - col)
                source = ElementTree.SubElement(band, "SimpleSource")
                file = ElementTree.SubElement(source, "SourceFilename", relativeToVRT="0")
                file.text = str(Path(raster.path).resolve())
                ElementTree.SubElement(source, "SourceBand").text = f"{number}"
                shared = {"xSize": f"{width}", "ySize": f"{height}"}
                ElementTree.SubElement(source, "SrcRect", xOff="0", yOff="0", **shared)
                ElementTree.SubElement(source, "DstRect", xOff=f"{col}", yOff=f"{row}", **shared)
    return ElementTree.tostring(root, encoding="unicode")


if __name__ == "__main__":
    main()

"""Finished maps on disk, made by the engine's own writers, for tests of what comes after a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from s4_core import io
from s4_core.types import Grid, Legend, MapClass, Window

LEGEND = Legend(
    (
        MapClass("maize", "201", (244, 196, 48)),
        MapClass("winter wheat", "311", (193, 125, 58)),
        MapClass("grass", "60", (148, 201, 115)),
    )
)
SIDE = 40
ORIGIN = (500_000.0, 5_600_000.0)
CRS = "EPSG:32631"


def class_values() -> np.ndarray[Any, Any]:
    """Maize in the north, wheat in the south west, grass in the south east, an empty rim."""
    values = np.zeros((SIDE, SIDE), np.uint8)
    values[2:20, 2:38] = 1
    values[20:38, 2:26] = 2
    values[20:38, 26:38] = 3
    return values


def write_run(folder: Path, simulated: str = "no", values: Any = None) -> dict[str, Any]:
    """A run's folder; returns what the segment job would."""
    from osgeo import osr

    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32631)
    grid = Grid(reference.ExportToWkt(), (ORIGIN[0], 10, 0, ORIGIN[1], 0, -10), SIDE, SIDE)
    window = Window(0, 0, SIDE, SIDE)
    values = class_values() if values is None else values
    sources = {"only": "area", "in part": "pretraining (in part)"}  # as the engine tags maps
    tags = {"S4_MODALITY": "optical", "S4_SIMULATED": sources.get(simulated, simulated)}
    path = folder / "crop_map.tif"
    with io.MapWriter(path, grid, "classes", LEGEND, tags) as writer:
        writer.write(window, values)
    doubt = np.where(values == 0, np.nan, 0.9).astype(np.float32)
    doubt[:, 2:6] = np.where(values[:, 2:6] == 0, np.nan, 0.3)
    with io.MapWriter(folder / "confidence.tif", grid, "confidence") as writer:
        writer.write(window, np.stack([doubt, doubt / 2]))
    io.write_style(path.with_suffix(".qml"), LEGEND)
    io.write_style(path.with_suffix(".sld"), LEGEND)
    io.write_style(folder / "confidence.qml", kind="confidence")
    total = int((values > 0).sum())
    areas = [
        {
            "name": known.name,
            "code": known.code,
            "value": value,
            "pixels": int((values == value).sum()),
            "hectares": float((values == value).sum() * 0.01),
            "share": float((values == value).sum() / max(total, 1)),
        }
        for value, known in enumerate(LEGEND.classes, start=1)
    ]
    return {
        "map": str(path),
        "confidence": str(folder / "confidence.tif"),
        "areas_csv": str(folder / "areas.csv"),
        "parcels_csv": None,
        "legend": [
            {"name": c.name, "code": c.code, "colour": list(c.colour)} for c in LEGEND.classes
        ],
        "areas": areas,
        "mapped_pixels": total,
        "simulated": simulated,
        "device": "cpu",
        "warnings": [],
    }

"""A finished run on disk, without any network: maps, metrics, areas, curves, records."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from s4_core import io, jobs
from s4_core.progress import Silent, Stage
from s4_core.protocol import EvaluateJob
from s4_core.report import build_page
from tests.jobs.small_map import GRID, LEGEND, PARCELS, WKT, map_values, write_map
from tests.tiny_project import write_area

COLUMNS = ("class", "code", "value", "pixels", "hectares", "share", "interval", "simulated")


def write_run(folder: Path, modality: str, area: Path, simulated: str = "no") -> None:
    """One map's folder; its first parcel is said to have trained the model."""
    tags = {
        "S4_MODALITY": modality,
        "S4_AREA": "<tiny>",
        "S4_SEASON": "2019-03-01:2019-08-01",
        "S4_DATES": f"{modality} 10",
    }
    if simulated != "no":
        tags["S4_SIMULATED"] = simulated
    values = map_values()
    path = write_map(folder / "crop_map.tif", values, tags)
    with io.MapWriter(folder / "confidence.tif", GRID, "confidence") as writer:
        writer.write(GRID.whole, np.full((2, *GRID.shape), 0.8, np.float32))
    counts = [int((values == value).sum()) for value in (1, 2, 3)]
    rows = [
        [c.name, c.code, i + 1, n, n * 0.01, n / values.size, "none", simulated]
        for i, (c, n) in enumerate(zip(LEGEND.classes, counts))
    ]
    io.write_table(folder / "areas.csv", COLUMNS, rows)
    io.write_parcels(folder / "trained.gpkg", PARCELS[:1], WKT)
    io.write_parcels(folder / "parcels.gpkg", PARCELS, WKT)
    model = folder / "model.safetensors"
    record = {"area": {"path": str(area)}, "model": str(model), "within": None}
    io.write_json(path.with_suffix(".record.json"), record)
    curve = [{"epoch": e, "step": e, "loss": 1 / e, "validation_miou": 0.1 * e} for e in (1, 2, 3)]
    (folder / "model.history.jsonl").write_text("\n".join(map(json.dumps, curve)) + '\n{"epo')
    jobs.run(
        EvaluateJob(
            str(path),
            str(folder / "parcels.gpkg"),
            "crop",
            exclude_parcels=str(folder / "trained.gpkg"),
            out=str(folder / "metrics.json"),
        )
    )


@pytest.fixture
def area(tmp_path: Path) -> Path:
    return write_area(tmp_path / "area", days=range(0, 48, 16))


def make_run(folder: Path, area: Path) -> Path:
    """A run in the layout of the demo."""
    for modality in ("optical", "radar"):
        (folder / modality).mkdir(parents=True)
        write_run(folder / modality, modality, area)
    curve = [{"epoch": e, "loss": 5 / e, "contrastive": 4 / e} for e in (1, 2)]
    (folder / "pretrained.history.jsonl").write_text("\n".join(map(json.dumps, curve)))
    return folder


@pytest.fixture
def run(tmp_path: Path, area: Path) -> Path:
    return make_run(tmp_path / "run", area)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, made once: leave its files as they are."""
    folder = tmp_path_factory.mktemp("finished")
    area = write_area(folder / "area", days=range(0, 48, 16))
    return make_run(folder / "run", area)


@pytest.fixture(scope="session")
def drawn(finished: Path) -> str:
    """Its page."""
    return build_page(finished, None, Stage(Silent(), "draw")).html

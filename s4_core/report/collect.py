"""What lies in a run's folder: maps with their metrics, areas and curves, and the pretraining.

A run's folder holds a class map with its metrics, or subfolders (optical, radar, ...) of which
each does. Anything may be missing: it is named, and the page is drawn without it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from s4_core import data, io
from s4_core.errors import InputError, S4Error
from s4_core.model_card import ModelCard, read_card
from s4_core.protocol import AreaRequest, build
from s4_core.report.soundness import is_area_row, is_epoch, is_metrics
from s4_core.types import Area, Legend, RasterFile

RECORD_SUFFIX = ".record.json"
"""Beside a map: the request that made it, as `s4 segment` wrote it."""

Row = dict[str, Any]


@dataclass(frozen=True)
class MapRun:
    """One map and what belongs to it; None or empty where a piece is missing."""

    name: str
    folder: Path
    raster: RasterFile
    legend: Legend
    confidence: RasterFile | None = None
    metrics: Row | None = None
    areas: tuple[dict[str, str], ...] = ()
    curve: tuple[Row, ...] = ()
    card: ModelCard | None = None
    record: Row = field(default_factory=dict)

    @property
    def simulated(self) -> str:
        """What of the map rests on simulated data; "no" where nothing does."""
        return self.raster.tags.get("S4_SIMULATED", "no")


@dataclass(frozen=True)
class Run:
    """Everything that a report shows.

    Args:
        maps: in the order of their names; at least one.
        area: the area that the first map was made of, where its images can still be found.
        pretraining: curve of the pretraining, empty where there is none.
        missing: what was looked for and not found, in plain sentences.
    """

    folder: Path
    maps: tuple[MapRun, ...]
    area: Area | None
    pretraining: tuple[Row, ...]
    missing: tuple[str, ...]


def collect(folder: Path) -> Run:
    """Read a run's folder.

    Raises:
        InputError: no such folder, or no class map in it.
    """
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.", "Give the folder of a run.")
    places = [folder, *sorted(p for p in folder.iterdir() if p.is_dir())]
    missing: list[str] = []
    found = [candidate for place in places for candidate in _candidates(place)]
    names = _names([raster for raster, _ in found], folder)
    maps = tuple(_map_run(name, *pieces, missing) for name, pieces in zip(names, found))
    if not maps:
        raise InputError(
            f"There is no class map in {folder} or in a folder under it.",
            "Give the folder that `s4 segment` wrote a map to.",
        )
    pretraining = _pretraining(folder, maps)
    if not pretraining:
        missing.append(f"the curve of the pretraining (*.history.jsonl in {folder})")
    return Run(folder, maps, _area(maps[0], missing), pretraining, tuple(missing))


def _pretraining(folder: Path, maps: tuple[MapRun, ...]) -> tuple[Row, ...]:
    """The first curve in the run's folder that is not a map's own."""
    own = [run.curve for run in maps]
    curves = (_curve(path) for path in sorted(folder.glob("*.history.jsonl")))
    return next((curve for curve in curves if curve and curve not in own), ())


def _candidates(place: Path) -> Iterator[tuple[RasterFile, Legend]]:
    """The class maps of a folder."""
    for path in sorted(place.glob("*.tif")):
        try:
            yield io.describe(path), io.legend_of_map(path)
        except InputError:
            continue  # the confidence, or a raster of something else


def _names(rasters: Sequence[RasterFile], root: Path) -> list[str]:
    """What to call maps: their modality, with the file where two would have the same name."""
    paths = [Path(raster.path) for raster in rasters]
    names = [
        raster.tags.get("S4_MODALITY") or (path.stem if path.parent == root else path.parent.name)
        for raster, path in zip(rasters, paths)
    ]
    return [
        name if names.count(name) == 1 else f"{name} ({path.relative_to(root).with_suffix('')})"
        for name, path in zip(names, paths)
    ]


def _map_run(name: str, raster: RasterFile, legend: Legend, missing: list[str]) -> MapRun:
    path = Path(raster.path)
    place = path.parent
    record = _json(path.with_suffix(RECORD_SUFFIX)) or {}
    model = Path(str(record.get("model", place / "model.safetensors")))
    pieces: dict[str, Any] = {
        "confidence": _confidence(raster),
        "metrics": _metrics(place / "metrics.json", len(legend)),
        "areas": _table(place / "areas.csv"),
        "curve": _curve(model.with_name(f"{model.stem}.history.jsonl")),
        "card": _card(model),
        "record": record,
    }
    named = {"confidence": io.CONFIDENCE_NAME, "metrics": "metrics.json", "areas": "areas.csv"}
    missing += [f"{name}: {file}" for piece, file in named.items() if not pieces[piece]]
    return MapRun(name, place, raster, legend, **pieces)


def _confidence(class_map: RasterFile) -> RasterFile | None:
    try:
        return io.confidence_beside(class_map)
    except InputError:
        return None


def _metrics(path: Path, classes: int) -> Row | None:
    found = _json(path)
    return found if found is not None and is_metrics(found, classes) else None


def _json(path: Path) -> Row | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _table(path: Path) -> tuple[dict[str, str], ...]:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = tuple(csv.DictReader(stream))
    except (OSError, ValueError, csv.Error):
        return ()
    return rows if all(is_area_row(row) for row in rows) else ()


def _curve(path: Path) -> tuple[Row, ...]:
    """The epochs of a curve file; a broken last line (a kill while writing) is left out."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    rows: list[Row] = []
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:
            break
        if not is_epoch(row):
            break
        rows.append(row)
    return tuple(rows)


def _card(path: Path) -> ModelCard | None:
    try:
        return read_card(path)
    except S4Error:
        return None


def _area(run: MapRun, missing: list[str]) -> Area | None:
    request = run.record.get("area")
    if not isinstance(request, dict):
        missing.append(f"{run.name}: the record of the map's area (*{RECORD_SUFFIX})")
        return None
    try:
        return data.open_area(build(AreaRequest, dict(request)))
    except S4Error as error:
        missing.append(f"the images of the area: {error.message}")
        return None

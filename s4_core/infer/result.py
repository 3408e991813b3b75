"""What a finished map is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from s4_core.infer.areas import ClassArea
from s4_core.infer.outputs import ParcelClass
from s4_core.types import Legend


@dataclass(frozen=True)
class SegmentResult:
    """A finished map.

    Args:
        map, confidence, styles, areas_csv, parcels_csv: files; None where no parcels voted.
        legend: of the map, "uncertain" last where it can occur.
        areas: per class of the legend. parcels: what each voted for.
        tiles: computed by this run; `resumed_tiles` more came from an earlier one.
        mapped_pixels: that have a class.
        simulated: what rests on simulated data, "no" if nothing does.
        device: that computed it, and why.
    """

    map: Path
    confidence: Path
    styles: tuple[Path, ...]
    areas_csv: Path
    parcels_csv: Path | None
    legend: Legend
    areas: tuple[ClassArea, ...]
    parcels: tuple[ParcelClass, ...]
    tiles: int
    resumed_tiles: int
    mapped_pixels: int
    simulated: str
    device: str
    warnings: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        """The same as nested plain values and paths; parcels stand in their file only."""
        values = asdict(self)
        del values["parcels"]
        values["legend"] = values["legend"]["classes"]
        return values

"""One cell of the comparison, and the folder in which finished cells wait for the others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from s4_core import io
from s4_core.benchmark.judging import Counts, mean_iou, voted
from s4_core.json_values import plain_value


@dataclass(frozen=True, eq=False)
class Cell:
    """What one method reached with k parcels a class in one area, by one modality.

    Args:
        classes: 0-based classes that take part.
        parcel_classes: `(P,)`, 0-based, -1 for parcels without a visible pixel.
        counts: judged pixels by predicted class, of each split and parcel, `(S, P, K)`.
        ece: expected calibration error of each split.
        seconds: of the splits alone. prepared_s: of what the splits of all k share.
    """

    area: str
    modality: str
    k: int
    method: str
    classes: tuple[int, ...]
    parcel_classes: Counts
    counts: Counts
    ece: tuple[float, ...]
    seconds: float
    prepared_s: float

    @property
    def miou(self) -> list[float]:
        """Mean IoU of each split."""
        return self._scores(self.counts)

    @property
    def miou_vote(self) -> list[float]:
        """The same with every parcel in its majority class."""
        return self._scores(voted(self.counts))

    def _scores(self, counts: Counts) -> list[float]:
        return [mean_iou(self.parcel_classes, split, list(self.classes)) for split in counts]


class Store:
    """Finished cells as files of a folder, each under what it was computed from.

    Args:
        folder: made when the first cell comes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, cell: Cell, source: Mapping[str, Any]) -> None:
        """Keep a cell.

        Raises:
            OutputError: the folder cannot be written.
        """
        values = {name: getattr(cell, name) for name in Cell.__dataclass_fields__}
        io.write_json(self._path(source), {"cell": plain_value(values)})

    def get(self, source: Mapping[str, Any]) -> Cell | None:
        """The cell that was computed from the very same things, if it is there and whole."""
        try:
            raw = json.loads(self._path(source).read_text(encoding="utf-8"))["cell"]
            return Cell(
                **{
                    **raw,
                    "classes": tuple(raw["classes"]),
                    "parcel_classes": np.asarray(raw["parcel_classes"], np.int64),
                    "counts": np.asarray(raw["counts"], np.int64),
                    "ece": tuple(raw["ece"]),
                }
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def clear(self) -> None:
        """Remove all cells; the folder goes where nothing else is in it."""
        for path in self.folder.glob("cell-*.json"):
            path.unlink(missing_ok=True)
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()

    def _path(self, source: Mapping[str, Any]) -> Path:
        return self.folder / f"cell-{key_of(source)}.json"


def key_of(source: Mapping[str, Any]) -> str:
    """A short name for plain values: equal values, equal names."""
    text = json.dumps(plain_value(source), sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:20]

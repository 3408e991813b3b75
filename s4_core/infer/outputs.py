"""The files of a map, and the tables among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from s4_core import io
from s4_core.errors import ConfigurationError
from s4_core.infer.areas import NO_INTERVAL, ClassArea
from s4_core.protocol import SegmentJob

_AREA_COLUMNS = (
    "class",
    "code",
    "value",
    "pixels",
    "hectares",
    "share",
    "interval",
    "simulated",
)
_PARCEL_COLUMNS = ("parcel_id", "class", "code", "value", "confidence", "pixels", "simulated")


@dataclass(frozen=True)
class MapFiles:
    """Where everything goes; `parcels` is None where no parcels vote."""

    classes: Path
    confidence: Path
    areas: Path
    parcels: Path | None

    @classmethod
    def of(cls, request: SegmentJob) -> MapFiles:
        """The files of a request.

        Raises:
            ConfigurationError: a raster that is not called .tif, or two files of one name.
        """
        classes = Path(request.out)
        confidence = Path(request.confidence or classes.with_name(io.CONFIDENCE_NAME))
        for path in (classes, confidence):
            if path.suffix.lower() not in (".tif", ".tiff"):
                raise ConfigurationError(
                    f"The map {path} would be a GeoTIFF.", "Give it a name that ends in .tif."
                )
        if classes.resolve() == confidence.resolve():
            raise ConfigurationError(
                f"Classes and confidence would both be {classes}.", "Give two names."
            )
        parcels = classes.with_name("parcels.csv") if request.parcels else None
        return cls(classes, confidence, classes.with_name("areas.csv"), parcels)

    @property
    def all(self) -> tuple[Path, ...]:
        """Every file, the map first."""
        tables = (self.areas, self.parcels) if self.parcels else (self.areas,)
        return (self.classes, self.confidence, *self.class_styles, self.confidence_style, *tables)

    @property
    def class_styles(self) -> tuple[Path, Path]:
        """`.qml` and `.sld` of the class map."""
        return self.classes.with_suffix(".qml"), self.classes.with_suffix(".sld")

    @property
    def confidence_style(self) -> Path:
        """`.qml` of the confidence."""
        return self.confidence.with_suffix(".qml")


@dataclass(frozen=True)
class ParcelClass:
    """What a parcel voted for.

    Args:
        value: its class in the map; 0 where no pixel of it is mapped (`name` is then "").
        confidence: mean probability of the class, NaN without pixels.
    """

    id: str
    name: str
    code: str
    value: int
    confidence: float
    pixels: int


def write_areas(path: Path, areas: Sequence[ClassArea], simulated: str) -> None:
    """Write the table of areas per class; `simulated` says what rests on simulated data."""
    rows = [
        [a.name, a.code, a.value, a.pixels, f"{a.hectares:.4f}", f"{a.share:.6f}"] for a in areas
    ]
    io.write_table(path, _AREA_COLUMNS, [[*row, NO_INTERVAL, simulated] for row in rows])


def write_parcel_classes(path: Path, parcels: Sequence[ParcelClass], simulated: str) -> None:
    """Write the table of parcels; cells of a parcel without mapped pixels are empty."""
    rows = [
        [p.id, p.name, p.code, p.value, f"{p.confidence:.4f}" if p.pixels else None, p.pixels]
        for p in parcels
    ]
    io.write_table(path, _PARCEL_COLUMNS, [[*row, simulated] for row in rows])

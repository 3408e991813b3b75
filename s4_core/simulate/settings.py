"""What a simulated area is made from: a seed, sizes, and how hard it should be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from s4_core.errors import ConfigurationError
from s4_core.simulate.crops import CROPS
from s4_core.types import Season

PARTS = (
    "layout",
    "crops",
    "weather",
    "fields",
    "optical dates",
    "radar dates",
    "view",
    "sky",
    "classification",
    "noise",
    "speckle",
)
"""Independent random streams: more radar dates leave fields and optical images as they were."""

_LASTING = ("layout", "fields")
"""Streams that do not change from year to year: where fields lie, and their soil."""

_OF_A_TILE = ("weather", "optical dates", "radar dates", "view")
"""Streams that areas of one satellite tile may share."""

SEASON = Season(date(2018, 10, 15), date(2019, 10, 31))
"""As in the real area `brabant_2019`."""


@dataclass(frozen=True)
class SimulationSettings:
    """Everything that decides a simulated area; the same settings give the same arrays.

    Args:
        seed: of every random draw.
        size_px: height and width at 10 m; a multiple of 4.
        season: first and last day with acquisitions.
        optical_count, radar_count: acquisitions kept, on dates of their own.
        crops: `(name, share of the parcels)` of `CROPS`; empty draws a mixture per seed.
        cloudiness: expected share of optical pixels that cloud, cirrus or shadow hide, 0..0.9.
        parcel_ha: median parcel area, hectares.
        other_share: share of the parcels that are wood, buildings or water, without a label.
        variation: spread between parcels and within them of sowing, vigour and soil; 1 is tuned
            to the real areas of Flanders (docs/simulator.md), 0 makes every parcel of a crop equal.
        looks: equivalent number of looks of the speckle in VV and VH.
        latitude_deg: decides the sun's height and shifts the crops' dates.
        orbit: "ascending" or "descending".
        incidence_deg: of the radar at the area's centre; None draws 31..45.
        name: None makes "simulated_<seed>"; it always starts with "simulated".
        years_before: the same place so many years earlier: fields, soil, grassland, wood, water
            and buildings are as they were, arable crops stood on other fields, and weather, sky
            and dates are others. Give that year's season.
        tile_seed: of the weather, the acquisition dates and the sun's and the radar's angles,
            which areas of one satellite tile share; None draws them for this area alone.
    """

    seed: int = 0
    size_px: int = 64
    season: Season = SEASON
    optical_count: int = 60
    radar_count: int = 60
    crops: tuple[tuple[str, float], ...] = ()
    cloudiness: float = 0.45
    parcel_ha: float = 1.6
    other_share: float = 0.1
    variation: float = 1.0
    looks: tuple[float, float] = (9.5, 6.8)
    latitude_deg: float = 50.8
    orbit: str = "ascending"
    incidence_deg: float | None = None
    name: str | None = None
    years_before: int = 0
    tile_seed: int | None = None

    def __post_init__(self) -> None:
        if self.size_px < 16 or self.size_px % 4:
            raise ConfigurationError(
                f"A simulated area of {self.size_px} px cannot be made.",
                "Choose a multiple of 4 of at least 16.",
            )
        for name, value, low, high in (
            ("cloudiness", self.cloudiness, 0.0, 0.9),
            ("other_share", self.other_share, 0.0, 0.9),
            ("variation", self.variation, 0.0, 3.0),
            ("latitude_deg", self.latitude_deg, 40.0, 60.0),
            ("parcel_ha", self.parcel_ha, 0.1, 50.0),
        ):
            if not low <= value <= high:
                raise ConfigurationError(
                    f"{name} is {value}.", f"Choose a value from {low} to {high}."
                )
        if self.orbit not in ("ascending", "descending"):
            raise ConfigurationError(f"orbit is '{self.orbit}'.", "Choose ascending or descending.")
        if self.years_before < 0:
            raise ConfigurationError(
                f"years_before is {self.years_before}.", "Choose 0 or a whole number above it."
            )
        if self.tile_seed is not None and self.tile_seed < 0:
            raise ConfigurationError(
                f"tile_seed is {self.tile_seed}.", "Choose 0 or a whole number above it, or None."
            )
        if min(self.optical_count, self.radar_count) < 1 or min(self.looks) < 1:
            raise ConfigurationError(
                "Counts and looks must be at least 1.", "Raise the one that is lower."
            )

        known = [crop.name for crop in CROPS]
        for crop, share in self.crops:
            if crop not in known or not share > 0:
                raise ConfigurationError(
                    f"The crop '{crop}' with the share {share} cannot be simulated.",
                    f"Choose from {', '.join(known)}, with shares above zero.",
                )

    @property
    def area_name(self) -> str:
        """Name for tables and files; it says that the area is simulated."""
        given = self.name if self.name is not None else f"{self.seed}"
        return given if given.startswith("simulated") else f"simulated_{given}"

    def generator(self, part: str) -> np.random.Generator:
        """The random stream of one of `PARTS`."""
        seed = self.seed
        if self.tile_seed is not None and part in _OF_A_TILE:
            seed = self.tile_seed
        stream = [seed, PARTS.index(part)]
        if self.years_before and part not in _LASTING:
            stream.append(self.years_before)
        return np.random.default_rng(stream)

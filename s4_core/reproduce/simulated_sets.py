"""Simulated areas, cut into patches and written in the formats of the published data sets.

The simulator knows temperate crops. In PASTIS-R's format they stand under the names of the same
crops there; in the African format under the names of that data set's crops, for which they are
nothing but stand-ins. Every folder says that it is simulated.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from s4_core.data.published import PatchContent, is_simulated, mark_simulated
from s4_core.data.published.patches import SIMULATED_NAME
from s4_core.errors import ConfigurationError
from s4_core.progress import Stage
from s4_core.reproduce.recipe import RECIPES
from s4_core.reproduce.scales import Simulation
from s4_core.simulate import SimulatedArea, SimulationSettings, series_of, simulate_area
from s4_core.sits import Series
from s4_core.types import CLOUDY_SCL, OPTICAL_BANDS, RADAR_BANDS, RATIO, Modality, Season

_FOLDS = 5

_SKIES = (0.25, 0.75, 1.25)
"""Cloudiness of areas, by that of their region."""

_RADAR_CHANNELS = (*RADAR_BANDS, RATIO)


@dataclass(frozen=True)
class Region:
    """Where and when simulated patches lie, and what grows there.

    Args:
        data_set: whose patches they stand for, labelled or of the same place.
        seed: of the first area.
        crops: codes that targets hold, by the simulator's crop.
        unknown: code of parcels whose crop has none. background: of all other ground.
        cloudiness: expected share of hidden pixels, which `_SKIES` vary between areas.
        tiles: how many satellite tiles the areas lie in; those of a tile share their dates and
            weather. 0 gives every area its own.
    """

    data_set: str
    seed: int
    season: Season
    latitude_deg: float
    crops: Mapping[str, int]
    unknown: int
    cloudiness: float
    background: int = 0
    tiles: int = 0


_LABELLED = Season(date(2018, 10, 15), date(2019, 10, 31))
_YEAR_BEFORE = Season(date(2017, 10, 15), date(2018, 10, 13))

_PASTIS_CODES = {
    "grass": 1,
    "winter wheat": 2,
    "maize": 3,
    "winter barley": 4,
    "winter rapeseed": 5,
    "spring barley": 6,
    "sunflower": 7,
    "sugar beet": 9,
    "potato": 13,
    "peas": 14,
}

_AFRICAN_CODES = {"sunflower": 1, "maize": 2, "sugar beet": 3, "potato": 4, "grass": 5}
"""Stand-ins for sorghum, maize, rice and groundnut; 5 is another crop, which is ignored."""

FRANCE = Region("pastis-r", 1000, _LABELLED, 47.0, _PASTIS_CODES, unknown=19, cloudiness=0.24)
"""A third of its patches each near 6, 18 and 30 % of cloudy pixels: the paper sorts PASTIS's test
series by theirs, and what is above 25 % is its cloudiest group (Figure 9)."""
FRANCE_BEFORE = replace(FRANCE, seed=3000, season=_YEAR_BEFORE)
AFRICA = Region(
    "africa",
    2000,
    Season(date(2017, 1, 3), date(2017, 12, 28)),
    41.0,
    _AFRICAN_CODES,
    unknown=0,
    cloudiness=0.3,
)
AFRICA_BEFORE = replace(AFRICA, seed=4000, season=Season(date(2016, 1, 3), date(2016, 12, 28)))
"""The simulator knows no tropics: another place with other crops and fewer clouds."""


def patches_of(
    region: Region, simulation: Simulation, areas: int, stage: Stage
) -> Iterator[PatchContent]:
    """Cut `areas` simulated areas into patches; area i is of fold i mod 5 + 1.

    An area lies in one fold: neighbours never stand on both sides of a split.
    """
    per_area = (simulation.area_px // simulation.patch_px) ** 2
    for number in range(areas):
        stage.step(number, areas)
        area = simulate_area(_settings(region, simulation, number))
        yield from _cut(area, region, simulation, number, number * per_area + 1)
    stage.step(areas, areas)


def _settings(region: Region, simulation: Simulation, number: int) -> SimulationSettings:
    # lengths and clouds differ between areas as they do between Sentinel-2 tiles; every fold of
    # the labelled sets holds all skies (Figure 9 compares patches by their clouds)
    group = number // _FOLDS
    sky = _SKIES[group % len(_SKIES)]
    tile = group % region.tiles if region.tiles else None
    fewer = (number if tile is None else tile) % 3
    return SimulationSettings(
        seed=region.seed + number,
        size_px=simulation.area_px,
        season=region.season,
        optical_count=simulation.optical_dates - fewer,
        radar_count=simulation.radar_dates,
        crops=tuple((crop, 1.0) for crop in region.crops),
        cloudiness=sky * region.cloudiness,
        latitude_deg=region.latitude_deg,
        parcel_ha=0.8,
        tile_seed=None if tile is None else region.seed - 1 - tile,
    )


def _cut(
    area: SimulatedArea, region: Region, simulation: Simulation, number: int, first: int
) -> Iterator[PatchContent]:
    codes = np.full(len(area.legend) + 1, region.background, np.uint8)
    for name in area.legend.names:
        codes[area.legend.value_of(name)] = region.crops.get(name, region.unknown)
    target = codes[area.classes]
    whole = {
        Modality.OPTICAL: series_of(area, Modality.OPTICAL, OPTICAL_BANDS, mask_clouds=False),
        Modality.RADAR: series_of(area, Modality.RADAR, _RADAR_CHANNELS),
    }
    cloudy = np.isin(area.scl, CLOUDY_SCL)
    side = simulation.patch_px
    corners = [
        (r, c) for r in range(0, area.grid.height, side) for c in range(0, area.grid.width, side)
    ]
    for offset, (row, col) in enumerate(corners):
        window = replace(area.grid.whole, row=row, col=col, height=side, width=side)
        rows, cols = window.slices
        yield PatchContent(
            id=str(first + offset),
            fold=number % _FOLDS + 1,
            grid=area.grid.at(window),
            series={m: _cropped(series, rows, cols) for m, series in whole.items()},
            target=target[rows, cols],
            parcels=area.parcel_index[rows, cols],
            cloudy=cloudy[:, rows, cols],
        )


def _cropped(series: Series, rows: slice, cols: slice) -> Series:
    return replace(
        series, values=series.values[..., rows, cols], valid=series.valid[..., rows, cols]
    )


def simulated_folder(
    folder: Path,
    region: Region,
    *,
    simulation: Simulation,
    areas: int,
    write: Callable[[Path, Iterable[PatchContent]], object],
    stage: Stage,
) -> Path:
    """A folder of simulated patches: as it lies there, or written now.

    Raises:
        ConfigurationError: the folder holds something else, or was simulated otherwise.
    """
    made = {
        "recipe": RECIPES[region.data_set],
        "areas": areas,
        "first seed": region.seed,
        "simulation": asdict(simulation),
    }
    if is_simulated(folder):
        _check_made_so(folder, made)
        return folder
    if folder.exists() and any(folder.iterdir()) and not (folder / _UNFINISHED).exists():
        raise ConfigurationError(
            f"{folder} is in the way: simulated data are to be written there.",
            "Choose another --out, or remove it.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _UNFINISHED).touch()
    write(folder, patches_of(region, simulation, areas, stage))
    mark_simulated(folder, made)
    (folder / _UNFINISHED).unlink()
    return folder


def _check_made_so(folder: Path, made: Mapping[str, object]) -> None:
    """Raises: ConfigurationError: a simulated folder's settings are not these."""
    found = json.loads((folder / SIMULATED_NAME).read_text(encoding="utf-8"))
    differing = sorted(key for key, value in made.items() if found.get(key) != value)
    if differing:
        raise ConfigurationError(
            f"{folder} was simulated with another {', '.join(differing)}: "
            f"{[found.get(key) for key in differing]}, now {[made[key] for key in differing]}.",
            "Choose another --out, or remove that folder.",
        )


_UNFINISHED = ".unfinished"

"""Hold simulated areas against the real ones and write what was found into docs/simulator.md.

    python training/compare_simulator.py [--real ../shared/data/flanders] [--areas 6]

Everything between the two "measured" markers of the page is replaced; no number there is typed.
Real and simulated figures stand side by side and are never averaged together.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from s4_core import assess, data, io, sits
from s4_core.protocol import AreaRequest
from s4_core.simulate import SimulationSettings, realism, series_of, simulate_area
from s4_core.simulate.realism import Observed
from s4_core.types import OPTICAL_BANDS, RADAR_BANDS, SCL, Calendar, Modality

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
SAME_CROPS = (("winter wheat", 0.35), ("maize", 0.25), ("grass", 0.4))
SEVEN_CROPS = (
    *SAME_CROPS,
    ("winter barley", 0.15),
    ("potato", 0.15),
    ("sugar beet", 0.15),
    ("winter rapeseed", 0.15),
)
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
TRAINING_PARCELS, DRAWS, PIXELS_PER_PARCEL = 2, 8, 60
Scene = tuple[Observed, dict[Modality, Any]]
CHANNELS = {Modality.OPTICAL: OPTICAL_BANDS, Modality.RADAR: RADAR_BANDS}


def read_real(folder: Path) -> Scene:
    """A real area's season, and its gap-filled features by modality (pixels, dates x channels)."""
    area = data.open_area(AreaRequest(path=str(folder)))
    labels = data.read_labels(area, io.read_parcels(area.labels, area.field))
    images = {m: [a for a in area.of(m) if area.season.start <= a.date <= area.season.end]
              for m in Modality}  # fmt: skip
    optical = [_bands(a, (*OPTICAL_BANDS, SCL)) for a in images[Modality.OPTICAL]]
    stack = np.stack(optical).astype(np.float32)
    observed = Observed(
        stack[:, :10] * np.float32(area.optical.scale),
        stack[:, 10].astype(np.uint8),
        tuple(a.date for a in images[Modality.OPTICAL]),
        np.stack([_bands(a, RADAR_BANDS) for a in images[Modality.RADAR]]),
        tuple(a.date for a in images[Modality.RADAR]),
        np.asarray(labels.parcel_index, np.int32),
        tuple(parcel.name for parcel in labels.parcels),
    )
    series = {m: data.read_series(area, m, c, area.grid.whole) for m, c in CHANNELS.items()}
    return observed, {m: features(s, area.season) for m, s in series.items()}


def _bands(acquisition: Any, names: Sequence[str]) -> Any:
    values, _ = io.read_array(acquisition.raster.path)
    return values[[acquisition.indices[name] - 1 for name in names]]


def simulate(settings: SimulationSettings) -> Scene:
    """The same of a simulated area."""
    area = simulate_area(settings)
    series = {m: series_of(area, m, c) for m, c in CHANNELS.items()}
    return Observed.of(area), {m: features(s, area.season) for m, s in series.items()}


def features(series: sits.Series, season: Any) -> Any:
    """Gap-filled 10-day series as features (pixels, dates x channels), standardised."""
    filled = sits.onto_calendar(series, Calendar.covering(season, 10).dates_for(season), 60)
    values = np.where(filled.valid[:, None], filled.values, np.nan)
    mean = np.nanmean(values, axis=(0, 2, 3), keepdims=True)
    values = np.nan_to_num((values - mean) / np.nanstd(values, axis=(0, 2, 3), keepdims=True))
    # (T, C, H, W) -> (H * W, T * C)
    return values.reshape(-1, values.shape[2] * values.shape[3]).T


def few_parcel_miou(scene: Scene, modality: Modality, crops: Sequence[str], make: Any) -> float:
    """Mean IoU over the other parcels of a classifier that saw two parcels a class."""
    observed, table = scene
    names = [n for n in crops if observed.crops.count(n) > TRAINING_PARCELS]
    if len(names) < 2:
        return float("nan")
    values = np.array([0, *(names.index(c) + 1 if c in names else 0 for c in observed.crops)])
    owner = observed.parcel_index.ravel()
    scores = []
    for draw in range(DRAWS):
        rng = np.random.default_rng(draw)
        shuffled = [rng.permutation(np.flatnonzero(values == k + 1)) for k in range(len(names))]
        chosen = np.concatenate([parcels[:TRAINING_PARCELS] for parcels in shuffled])
        rows = np.concatenate(
            [rng.permutation(np.flatnonzero(owner == p))[:PIXELS_PER_PARCEL] for p in chosen]
        )
        model = make().fit(table[modality][rows], values[owner[rows]])
        rest = (values[owner] > 0) & ~np.isin(owner, chosen)
        found = assess.confusion(
            values[owner[rest]], model.predict(table[modality][rest]), len(names)
        )
        scores.append(assess.mean_iou(found))
    return float(np.mean(scores))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows), ""]


def side_by_side(
    real: dict[str, Scene], made: Sequence[Scene], measure: Callable[[Observed], Any], digits: int
) -> list[list[str]]:
    """Per figure: each real area, then lowest to highest of the simulated ones."""
    ours = np.array([measure(observed) for observed, _ in made], float)
    columns = [np.asarray(measure(observed), float) for observed, _ in real.values()]
    rows = []
    for index in range(ours.shape[1]):
        row = [f"{column[index]:.{digits}f}" for column in columns]
        low, high = np.nanmin(ours[:, index]), np.nanmax(ours[:, index])
        rows.append([*row, f"{low:.{digits}f} to {high:.{digits}f}"])
    return rows


def section(
    title: str, names: Sequence[str], rows: list[list[str]], real: dict[str, Scene]
) -> list[str]:
    """A titled table of `side_by_side` rows."""
    body = [[name, *row] for name, row in zip(names, rows)]
    return [f"### {title}", "", *table(["", *real, "simulated"], body)]


def physics(real: dict[str, Scene], made: Sequence[Scene]) -> list[str]:
    """Sky, bands, NDVI, spread, radar and speckle."""
    sky_names = list(realism.sky(next(iter(real.values()))[0]))
    lines = section(
        "Sky",
        sky_names,
        side_by_side(real, made, lambda o: list(realism.sky(o).values()), 2),
        real,
    )
    codes = [f"SCL {code}" for code in range(12)]
    lines += section(
        "Share of the classification codes",
        codes,
        side_by_side(real, made, realism.scl_shares, 3),
        real,
    )
    for column, name in enumerate(("Mean", "Standard deviation")):
        rows = side_by_side(real, made, lambda o, c=column: realism.band_moments(o)[:, c], 3)
        radar = side_by_side(real, made, lambda o, c=column: realism.radar_moments(o)[:, c], 1)
        names = [*OPTICAL_BANDS, "VV, dB", "VH, dB"]
        lines += section(
            f"{name} of clear reflectance and of backscatter", names, rows + radar, real
        )
    for column, name in enumerate(("10 %", "median", "90 %")):
        rows = side_by_side(real, made, lambda o, c=column: realism.ndvi_by_month(o)[:, c], 2)
        lines += section(f"NDVI of clear parcels by month, {name}", MONTHS, rows, real)
    lines += variability(real, made)
    rows = side_by_side(real, made, _speckle, 2)
    names = ["looks VV", "looks VH", "neighbours' correlation VV", "neighbours' correlation VH"]
    return lines + section("Speckle at 20 m, inside parcels", names, rows, real)


def variability(real: dict[str, Scene], made: Sequence[Scene]) -> list[str]:
    """Spread inside fields and noise between dates."""
    names = [*OPTICAL_BANDS, "NDVI"]
    lines = section(
        "Standard deviation inside parcels (median of parcels and dates)",
        names,
        side_by_side(real, made, realism.spread_within_fields, 3),
        real,
    )
    lines += section(
        "Noise from date to date (parcel mean against the line between its neighbours in time)",
        names,
        side_by_side(real, made, realism.date_noise, 3),
        real,
    )
    return lines


def _speckle(observed: Observed) -> list[float]:
    found = realism.speckle_of(observed)
    return [*found.looks, *found.neighbours]


def difficulty(real: dict[str, Scene], same: Sequence[Scene], seven: Sequence[Scene]) -> list[str]:
    """What a plain classifier makes of two parcels a class."""
    models = {
        "logistic regression": lambda: LogisticRegression(C=0.01, max_iter=100),
        "5 nearest neighbours": lambda: KNeighborsClassifier(5),
    }
    rows = []
    for modality in Modality:
        for name, make in models.items():
            cells = []
            for scene in real.values():
                crops = sorted(set(scene[0].crops))
                cells.append(f"{few_parcel_miou(scene, modality, crops, make):.2f}")
            for scenes, mixture in ((same, SAME_CROPS), (seven, SEVEN_CROPS)):
                crops = [crop for crop, _ in mixture]
                found = [few_parcel_miou(scene, modality, crops, make) for scene in scenes]
                cells.append(f"{np.nanmin(found):.2f} to {np.nanmax(found):.2f}")
            rows.append([f"{modality}, {name}", *cells])
    shared = ", ".join(name for name, _ in SAME_CROPS)
    return [
        "### Difficulty: mean IoU on other parcels of a classifier that saw two parcels a class",
        "",
        f"Pixels of a gap-filled 10-day series, classes with more than two parcels, {DRAWS} draws.",
        f"The first simulated column has {shared} only (the classes of",
        "the first real area that have enough parcels), the second seven crops.",
        "",
        *table(["", *real, "simulated, same classes", "simulated, seven crops"], rows),
    ]


def main() -> None:
    """Measure and write."""
    root = Path(__file__).resolve().parents[1]
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--real", type=Path, default=root.parent / "shared" / "data" / "flanders")
    parser.add_argument("--areas", type=int, default=6)
    parser.add_argument("--page", type=Path, default=root / "docs" / "simulator.md")
    arguments = parser.parse_args()
    real = {p.name: read_real(p) for p in sorted(arguments.real.iterdir()) if p.is_dir()}
    began = time.process_time()
    base = SimulationSettings()
    made = [simulate(replace(base, seed=seed)) for seed in range(arguments.areas)]
    seconds = (time.process_time() - began) / arguments.areas
    same = [simulate(replace(base, seed=100 + s, crops=SAME_CROPS)) for s in range(arguments.areas)]
    large = replace(base, size_px=96)
    seven = [
        simulate(replace(large, seed=200 + s, crops=SEVEN_CROPS)) for s in range(arguments.areas)
    ]
    lines = [
        BEGIN,
        "",
        f"Measured by `training/compare_simulator.py` on {arguments.areas} simulated areas of "
        f"{base.size_px} x {base.size_px} px",
        f"with {base.optical_count} optical and {base.radar_count} radar dates (lowest to highest "
        "area) and on the real areas' seasons.",
        f"One such area, with its gap-filled series, took {seconds:.1f} s of processor time.",
        "",
        *physics(real, made),
        *difficulty(real, same, seven),
        END,
    ]
    page = arguments.page.read_text(encoding="utf-8")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    arguments.page.write_text(before + "\n".join(lines) + after, encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()

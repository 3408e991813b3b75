"""Gathering a pretraining set like m2s2-SITS from a catalogue of images (paper, Section 6.1).

Random places inside polygons; of each all images of both modalities of a year, which ends a year
before the labelled season; one series of patches a place. A run that was stopped goes on: what is
written stays, what was found wanting is remembered.

    OUT/DATA_S2/, OUT/DATA_S1/, OUT/metadata.geojson    the set, as `data.published.m2s2` has it
    OUT/gathered.json                                   the request, and what came of each place
    OUT/.place/                                         images of the place at work
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from s4_core import data, fetch, io
from s4_core.data.published.curating import Curation, patch_of, places
from s4_core.data.published.m2s2 import feature_of, write_patch, write_set
from s4_core.errors import AreaError, ConfigurationError
from s4_core.fetch.places import Place, random_places
from s4_core.progress import Reporter, Silent, Stage
from s4_core.protocol import AreaRequest
from s4_core.types import Area, Modality
from s4_core.types.fetching import FetchJob

RECORD = "gathered.json"
_YEAR_DAYS = 365
_MARGIN_PX = 8
"""Around a patch: images of another zone lie askew."""
_PIXEL_M = 10.0

Get = Callable[[FetchJob, Reporter], Mapping[str, Any]]


@dataclass(frozen=True)
class Gathering:
    """What to gather.

    Args:
        within: file of polygons. count: series. before: first day of the labelled season.
        sources, collections: as of FetchJob.
    """

    within: str
    count: int
    before: date
    patch_px: int = 128
    seed: int = 0
    sources: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()

    @property
    def season(self) -> str:
        """The year that ends a year before the labelled season."""
        end = self.before - timedelta(days=_YEAR_DAYS)
        return f"{end - timedelta(days=_YEAR_DAYS)}:{end}"


def gather(
    out: Path, wanted: Gathering, reporter: Reporter | None = None, get: Get = fetch.fetch
) -> dict[str, Any]:
    """Gather the set, or go on with it; returns its counts.

    Raises:
        ConfigurationError: the folder holds a set that was asked for otherwise.
        AreaError: the polygons have no room for so many.
        SourceError: the catalogue cannot be reached; run it again.
    """
    reporter = reporter or Silent()
    record = _opened(out, wanted)
    layer = io.read_parcels(wanted.within)
    side_m = (wanted.patch_px + 2 * _MARGIN_PX) * _PIXEL_M
    stage = Stage(reporter, "fetch")
    done: dict[str, Any] = record["places"]
    places = enumerate(random_places(layer, side_m, wanted.seed), start=1)
    while (got := sum("feature" in entry for entry in done.values())) < wanted.count:
        stage.step(got, wanted.count)
        # none is drawn beyond those that are wanted: there may be no room for another
        number, place = next(places)
        if str(number) not in done:
            done[str(number)] = _one(out, wanted, number, place, get)
            io.write_json(out / RECORD, record)
            reporter.log("info", f"place {number}: {_told(done[str(number)])}")
    stage.step(wanted.count, wanted.count)
    features = [entry["feature"] for entry in done.values() if "feature" in entry]
    write_set(out, list(islice(features, wanted.count)))
    io.atomic.remove(out / ".place")
    return counts(record)


def counts(record: Mapping[str, Any]) -> dict[str, Any]:
    """Series and images of each satellite, as Section 6.1 counts them."""
    series = [entry for entry in record["places"].values() if "feature" in entry]
    return {
        "time_series": len(series),
        "sentinel_1_images": sum(entry["radar"] for entry in series),
        "sentinel_2_images": sum(entry["optical"] for entry in series),
        "places_without_images": len(record["places"]) - len(series),
    }


def _one(out: Path, wanted: Gathering, number: int, place: Place, get: Get) -> dict[str, Any]:
    """Fetch a place and write its patch; or why there is none."""
    folder = out / ".place" / str(number)
    job = FetchJob(
        aoi=",".join(map(repr, place.bounds)),
        aoi_crs=f"EPSG:{place.epsg}",
        season=wanted.season,
        out=str(folder),
        source=wanted.sources,
        collections=wanted.collections,
        orbit="both",  # the paper counts every image
    )
    try:
        get(job, Silent())
    except fetch.NothingThere as nothing:
        return {"reason": nothing.message}
    area = data.open_area(AreaRequest(str(folder)))
    entry = _written(out, wanted, number, area)
    io.atomic.remove(folder)
    return entry


def _written(out: Path, wanted: Gathering, number: int, area: Area) -> dict[str, Any]:
    curation = Curation(wanted.patch_px, 1, wanted.before)
    window = next(iter(places(area, curation, np.random.default_rng(wanted.seed))), None)
    if window is None:
        raise AreaError(f"Place {number} is smaller than a patch.", "Report this fault.")
    patch = patch_of(area, window, str(number))
    write_patch(out, patch)
    days = {m.value: len(patch.series[m].dates) for m in Modality}
    return {**days, "feature": feature_of(patch)}


def _opened(out: Path, wanted: Gathering) -> dict[str, Any]:
    """The record of an earlier run of the very same, or a new one."""
    asked = {**asdict(wanted), "before": wanted.before.isoformat()}
    asked = json.loads(json.dumps({key: v for key, v in asked.items() if key != "count"}))
    path = out / RECORD
    if not path.exists():
        return {"request": asked, "season": wanted.season, "places": {}}
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if record["request"] != asked:
        raise ConfigurationError(
            f"{out} was gathered otherwise: {record['request']}.", "Give another folder."
        )
    return record


def _told(entry: Mapping[str, Any]) -> str:
    if "reason" in entry:
        return str(entry["reason"])
    return f"{entry['optical']} optical, {entry['radar']} radar images"

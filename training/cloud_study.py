"""What do clouds cost? Scores by the share of optical observations that is hidden.

python -m training.cloud_study simulated|real [--init CHECKPOINT] [--areas 8]

Simulated areas keep their fields, ground and radar, only the sky changes. Real areas get their
own masks laid over their clearer dates (`s4_core.benchmark.cloudier`); their first point is the
sky as it was.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from s4_core.benchmark.cloudier import (
    Skies,
    before_season,
    clouded,
    skies_of,
    write_masks,
)
from s4_core.benchmark.plan import Field
from s4_core.benchmark.study import Trial, score
from s4_core.benchmark.study_areas import open_field, simulated_folder
from s4_core.data import read_series
from s4_core.errors import AreaError
from s4_core.progress import Silent, Stage
from s4_core.protocol import AreaRequest
from s4_core.simulate import SimulationSettings
from s4_core.types import RADAR_BANDS, Modality
from training.studies import (
    REAL,
    STUDIES,
    finish,
    out_of,
    parser_of,
    plan_of,
    simulations,
    studied,
)

CLOUDINESS = (0.1, 0.3, 0.5, 0.7, 0.85)
SHARES = (0.6, 0.7, 0.8, 0.9)
"""Hidden shares to which the real areas are brought, if no sky of theirs hides as much."""


def simulated_trials(settings: SimulationSettings) -> list[Trial]:
    """One area under every sky; radar, which no sky changes, under the first one."""
    skies = [replace(settings, cloudiness=cloudiness) for cloudiness in CLOUDINESS]
    fields = [
        open_field(AreaRequest(path=str(simulated_folder(sky, STUDIES / "areas")))) for sky in skies
    ]
    require_equal_radar(fields)
    trials = [
        Trial(cloudiness, field, Modality.OPTICAL, skies_of(field.area).share)
        for cloudiness, field in zip(CLOUDINESS, fields)
    ]
    return [*trials, Trial(CLOUDINESS[0], fields[0], Modality.RADAR)]


def require_equal_radar(fields: Sequence[Field]) -> None:
    """The sky must not have touched the radar images.

    Raises:
        AreaError: it has.
    """
    series = [read_series(f.area, Modality.RADAR, RADAR_BANDS, f.area.grid.whole) for f in fields]
    for field, one in zip(fields, series):
        if one.dates != series[0].dates or not np.array_equal(one.values, series[0].values):
            raise AreaError(
                f"The radar images of {field.area.path} differ from those under the first sky.",
                "Only the sky may differ.",
            )


def radar_scores(asked: argparse.Namespace) -> dict[str, Any]:
    """Radar of the first area under the first and the last sky: every count must be the same.

    Raises:
        AreaError: it is not.
    """
    settings = simulations(1)[0]
    plan = plan_of(asked, ["logistic", "s4"])
    found = []
    for cloudiness in (CLOUDINESS[0], CLOUDINESS[-1]):
        folder = simulated_folder(replace(settings, cloudiness=cloudiness), STUDIES / "areas")
        trial = Trial(cloudiness, open_field(AreaRequest(path=str(folder))), Modality.RADAR)
        found.append([one.cell for one in score([trial], plan, Stage(Silent(), "radar"))[0]])
    for first, last in zip(*found):
        if not np.array_equal(first.counts, last.counts):
            raise AreaError(
                f"{first.method} sees other radar crops under another sky.",
                "Radar must not depend on clouds.",
            )
    return {"area": settings.area_name, "compared": list(plan.methods), "equal": True}


def real_trials(asked: argparse.Namespace) -> list[Trial]:
    """The real areas under their own skies, and under ever more of their own clouds."""
    paths = [str(asked.data / name) for name in REAL]
    fields = [open_field(AreaRequest(path=path)) for path in paths]
    skies = [skies_of(field.area) for field in fields]
    natural = round(float(np.mean([sky.share for sky in skies])), 2)
    found = [Trial(natural, f, Modality.OPTICAL, sky.share) for f, sky in zip(fields, skies)]
    for share in SHARES:
        if share > max(sky.share for sky in skies):
            found += [
                _cloudier(path, field, clouded(sky, share, seed=0), share, asked)
                for path, field, sky in zip(paths, fields, skies)
            ]
    return found


def _cloudier(
    path: str, field: Field, skies: Skies, share: float, asked: argparse.Namespace
) -> Trial:
    folder = out_of(asked).with_suffix(".masks") / field.area.name / f"{share:g}"
    request = AreaRequest(path=path, mask=write_masks(skies, field.area, folder))
    return Trial(share, open_field(request), Modality.OPTICAL, skies.share)


def main() -> None:
    """Score every area under every sky."""
    asked = parser_of(__doc__, "clouds").parse_args()
    if asked.kind == "simulated":
        plan = plan_of(asked, [*asked.methods, "s4-painted"])
        planned = [trial for one in simulations(asked.areas) for trial in simulated_trials(one)]
        more = {"radar_unaffected": radar_scores(asked)}
        name = "asked cloudiness: share of hidden observations"
    else:
        plan = plan_of(asked, asked.methods)
        planned = real_trials(asked)
        areas = {trial.field.area.name: trial.field.area for trial in planned}
        more = {"before_season": {name: before_season(area) for name, area in areas.items()}}
        name = "share of hidden observations (first: the sky as it was)"
    finish({**studied(name, planned, plan), **more}, asked)
    print(out_of(asked))


if __name__ == "__main__":
    main()

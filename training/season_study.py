"""How early can a map be made? Scores when 25, 50, 75 and 100 % of the season have passed.

python -m training.season_study simulated|real [--init CHECKPOINT] [--areas 8]
"""

from __future__ import annotations

import argparse
from dataclasses import replace

from s4_core.benchmark.study import Trial
from s4_core.benchmark.study_areas import day_of, open_field, simulated_folder
from s4_core.errors import AreaError
from s4_core.protocol import AreaRequest
from s4_core.types import Modality
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

SHARES = (0.25, 0.5, 0.75, 1.0)


def folders(asked: argparse.Namespace) -> list[str]:
    """Of the areas."""
    if asked.kind == "real":
        return [str(asked.data / name) for name in REAL]
    root = STUDIES / "areas"
    return [str(simulated_folder(one, root)) for one in simulations(asked.areas)]


def trials(path: str) -> list[Trial]:
    """An area at each share of its season, by either modality."""
    whole = open_field(AreaRequest(path=path))
    if whole.area.season is None:
        raise AreaError(f"{whole.area.name} has no season.", "Give it in area.json.")
    found = []
    for share in SHARES:
        until = day_of(whole.area.season, share)
        field = replace(whole, area=replace(whole.area, until=until))
        found += [Trial(share, field, modality) for modality in Modality]
    return found


def main() -> None:
    """Score every area at every share of the season."""
    asked = parser_of(__doc__, "season").parse_args()
    planned = [trial for path in folders(asked) for trial in trials(path)]
    result = studied("share of the season that has passed", planned, plan_of(asked, asked.methods))
    finish(result, asked)
    print(out_of(asked))


if __name__ == "__main__":
    main()

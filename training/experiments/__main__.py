"""Measure attempts at few-parcel mapping on simulated areas that no training saw.

python -m training.experiments ATTEMPT ... --out docs/experiments.json

An attempt's entry in the file is added, or replaced; `training.experiments_page` makes a page of
it. Run one at a time: two would overwrite each other's entries. Metrics and areas that several
attempts share are kept in out/experiments.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from s4_core.io import atomic
from s4_core.types import Modality
from training.experiments.attempts import ATTEMPTS, Attempt
from training.experiments.judging import DRAWS, PARCELS, SEED, judged
from training.experiments.results import Document, compared, summary
from training.experiments.scenes import CONFIRMATION, DEVELOPMENT, scene
from training.make_checkpoint import ROOT

OUT = ROOT / "docs" / "experiments.json"
EMPTY: Document = {
    "simulated": True,
    "parcels a class": list(PARCELS),
    "draws": DRAWS,
    "seeds": {"development": list(DEVELOPMENT), "confirmation": list(CONFIRMATION)},
    "attempts": {},
}


def measured(attempt: Attempt, seeds: Sequence[int]) -> dict[str, Any]:
    """What an attempt reaches on areas, optical and radar images apart."""
    by_area = {}
    for seed in seeds:
        scores, votes = {}, []
        for modality in Modality:
            shown = scene(seed, modality, attempt.init())
            found = judged(shown, attempt.method)
            scores[modality.value] = float(np.mean([score.miou for score in found]))
            votes.append(np.mean([score.vote for score in found]))
        by_area[shown.name] = {**scores, "vote": float(np.mean(votes))}
        print(f"{attempt.name}: {shown.name} {scores}", file=sys.stderr)
    return summary(by_area)


def main() -> None:
    """Measure what is asked for; every finished attempt is written at once."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("attempts", nargs="+", choices=[*ATTEMPTS], metavar="ATTEMPT")
    parser.add_argument("--out", type=Path, default=OUT, help="JSON to add to")
    given = parser.parse_args()
    torch.set_num_threads(1)
    for name in given.attempts:
        attempt = ATTEMPTS[name]
        areas = {"development": measured(attempt, DEVELOPMENT)}
        if attempt.confirms:
            areas["confirmation"] = measured(attempt, CONFIRMATION)
        entry = {"command": f"python -m training.experiments {name}", "seed": SEED, "areas": areas}
        keep(given.out, name, entry)


def keep(path: Path, name: str, entry: dict[str, Any]) -> None:
    """Add an entry to the file or replace it; differences are taken anew."""
    document = json.loads(path.read_text(encoding="utf-8")) if path.exists() else EMPTY
    entries = {**document["attempts"], name: entry}
    # in the order in which they are defined
    ordered = {known: entries[known] for known in ATTEMPTS if known in entries}
    baselines = {known: attempt.baselines for known, attempt in ATTEMPTS.items()}
    atomic.write_json(str(path), compared({**document, "attempts": ordered}, baselines))


if __name__ == "__main__":
    main()

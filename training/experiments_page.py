"""Write docs/experiments.md from docs/experiments.json, the attempts' verdicts and the looks.

python -m training.experiments_page

Numbers come from the JSON files, sentences from where attempts and looks are defined.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from s4_core.io import atomic
from training.experiments import harder_page, tiny_page
from training.experiments.attempts import ATTEMPTS, Attempt
from training.experiments.harder import OUT as HARDER
from training.experiments.results import Document, interval_text, word_of
from training.experiments.tiny import LARGEST, SMALLEST
from training.experiments.tiny import OUT as TINY
from training.make_checkpoint import ROOT

FOUND = ROOT / "docs" / "experiments.json"
LOOKS = ROOT / "docs" / "looks"
OUT = ROOT / "docs" / "experiments.md"

PAGE = """# Experiments: maps from few parcels

What was tried, what it gave, and what was kept. This page is written by
`python -m training.experiments_page` from `docs/experiments.json`, which
`python -m training.experiments ATTEMPT ...` fills. All numbers but those of the last section are of
**simulated** areas: they choose between methods and promise nothing about a real area.

## How an attempt is measured

One or two parcels of each class teach ({draws} draws each), by optical or by radar images; all
other parcels of these classes judge, by the rules of `s4 benchmark few-parcels`. The areas were
seen by no training. {development} areas are for development: variants were chosen by them.
{confirmation} more chose nothing; only what is kept, its controls and what came close to it were
measured there.

"mean" is the mean IoU over areas and both modalities; "vote" the same with all pixels of a parcel
in its majority class. Differences are paired by area; their 95 % intervals come from
bootstrapping areas, and the word after them is what the interval says. Of the
{differences} differences on development areas, about one in twenty will seem sure by chance alone:
small ones are hints.

{tables}

### Losses and training of the network

Temperature, lambda, day encoding, shifts, each of the two losses alone, norms and band dropout
were measured when the network was pretrained: see [the shipped checkpoint](checkpoint.md). They
were not repeated here. The short trainings above ask about clouds and negatives. Each of the two
networks sees one modality and has none to drop; modality dropout was asked of the metric, above.

The shipped file has changed once since these attempts: its metric now learns without dropout. What
is said of "the metric shipped then", and all on tiny classes, is of the file before.

## Harder areas

Usual simulated areas cannot tell whether a metric clings to habits of the simulator. {harder}

## On areas that chose nothing

{confirmed}

## Classes that tiny parcels teach

The benchmark leaves out classes without spare parcels; a user's legend has them. On simulated areas
that are harder than those above (as those of `training.calibrate_metric` are) two crops are common
and taught by two parcels each, up to three are rare and taught by one or two parcels of
{smallest} to {largest} pixels, and another one that nobody teaches grows among them. "common" and
"rare" are the mean IoU of such classes on all their other parcels, "taken by rare" is the share of
the common classes' pixels that rare classes get. "usual problem" is the mean IoU when, on the same
areas, one or two parcels of every class teach, as above. What stands below `pulled` decides by the
beliefs that have spread, without the readout. Means over optical and radar images;
intervals (95 %) come from bootstrapping areas. Written from `docs/tiny_classes.json`, which
`python -m training.experiments.tiny` fills.

{tiny}

## Commands

Each attempt was measured by the command of its line, with seed {seed}. Metrics and features are
kept in `out/experiments`; what is missing is made anew.

{commands}

## Looks at the real areas

The real areas of the benchmark are no place to choose by. Every time that anybody saw a score on
them is counted here.

{looks}
"""

HEAD = (
    "| attempt | what | mean | optical | radar | vote | difference | verdict |",
    "|---|---|---|---|---|---|---|---|",
)


def tables(document: Document) -> str:
    """A table for each group, of the attempts that ran."""
    parts = []
    for group in dict.fromkeys(attempt.group for attempt in ATTEMPTS.values()):
        ran = [a for a in ATTEMPTS.values() if a.group == group and a.name in document["attempts"]]
        if ran:
            parts.append(f"### {group}\n\n{table(document, ran, 'development')}")
    return "\n\n".join(parts)


def table(document: Document, attempts: Sequence[Attempt], areas: str) -> str:
    """Attempts, a row each, on one set of areas."""
    return "\n".join([*HEAD, *[row(document, attempt, areas) for attempt in attempts]])


def row(document: Document, attempt: Attempt, areas: str) -> str:
    """One attempt; each of its differences is a line of the cell."""
    outcome = document["attempts"][attempt.name]["areas"][areas]
    numbers = [f"{outcome[key]:.3f}" for key in ("mean", "optical", "radar", "vote")]
    told = [
        f"{difference_text(value)} to `{name}`: {word_of(value)}"
        for name, value in outcome["differences"].items()
    ]
    verdict = attempt.verdict if areas == "development" else ""
    cells = [f"`{attempt.name}`", attempt.says, *numbers, "<br>".join(told), verdict]
    return f"| {' | '.join(cells)} |"


def difference_text(difference: Mapping[str, float]) -> str:
    """Mean and interval."""
    return interval_text(difference["mean"], difference["low"], difference["high"])


def confirmed(document: Document) -> str:
    """The table of the areas that chose nothing."""
    ran = [
        attempt
        for name, attempt in ATTEMPTS.items()
        if "confirmation" in document["attempts"].get(name, {"areas": {}})["areas"]
    ]
    return table(document, ran, "confirmation")


def commands(document: Document) -> str:
    """The command of each attempt."""
    return "\n".join(f"    {entry['command']}" for entry in document["attempts"].values())


def looks(folder: Path) -> str:
    """What was seen on real areas, look by look, with the numbers of those that left a file."""
    listed = json.loads((folder / "looks.json").read_text(encoding="utf-8"))
    parts = []
    for number, look in enumerate(listed, 1):
        lines = [f"{number}. **{look['date']}, {look['by']}.** {look['saw']}"]
        if "result" in look:
            found = json.loads((folder / look["result"]).read_text(encoding="utf-8"))
            lines.append(look_table(found))
        elif "classes" in look:
            found = json.loads((folder / look["classes"]).read_text(encoding="utf-8"))
            lines.append(tiny_page.look_table(found))
        else:
            lines.append("   No file of the numbers was kept.")
        lines.append(f"   {look['consequence']}")
        parts.append("\n\n".join(lines))
    return "\n\n".join(parts)


def look_table(found: Mapping[str, Any]) -> str:
    """The methods of a benchmark's result, and its difference to the best rival."""
    lines = ["   | method | mean | optical | radar | vote | calibration error |"]
    lines.append("   |---|---|---|---|---|---|")
    for name, method in found["methods"].items():
        parts = [found["by_modality"][m]["methods"][name] for m in ("optical", "radar")]
        numbers = [method["mean"], *[part["mean"] for part in parts], method["mean_vote"]]
        cells = [name, *[f"{value:.3f}" for value in [*numbers, method["ece"]]]]
        lines.append(f"   | {' | '.join(cells)} |")
    names = " and ".join(area["name"] for area in found["areas"])
    if found["difference"] is None:
        lines.append(f"\n   On {names}; no rival was run again.")
        return "\n".join(lines)
    told = difference_text(found["difference"])
    lines.append(f"\n   On {names}: s4 minus {found['best_rival']}, the best rival: {told}.")
    return "\n".join(lines)


def main() -> None:
    """Read and write."""
    argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0]).parse_args()
    document = json.loads(FOUND.read_text(encoding="utf-8"))
    page = PAGE.format(
        draws=document["draws"],
        development=len(document["seeds"]["development"]),
        confirmation=len(document["seeds"]["confirmation"]),
        seed=next(iter(document["attempts"].values()))["seed"],
        differences=sum(
            len(entry["areas"]["development"]["differences"])
            for entry in document["attempts"].values()
        ),
        tables=tables(document),
        confirmed=confirmed(document),
        harder=harder_page.section(json.loads(HARDER.read_text(encoding="utf-8"))),
        smallest=SMALLEST,
        largest=LARGEST,
        tiny=tiny_page.section(json.loads(TINY.read_text(encoding="utf-8"))),
        commands=commands(document),
        looks=looks(LOOKS),
    )
    atomic.write_text(str(OUT), page)
    print(OUT)


if __name__ == "__main__":
    main()

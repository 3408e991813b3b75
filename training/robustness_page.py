"""Write docs/robustness.md and its plots from the results of the studies.

python -m training.robustness_page [--studies out/studies]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from s4_core import io
from s4_core.benchmark.provenance import fingerprint
from s4_core.benchmark.study_figure import draw_study
from s4_core.benchmark.summary import OURS
from training.make_checkpoint import ROOT
from training.studies import CHECKPOINT, STUDIES

Result = Mapping[str, Any]

NAMES = ("clouds_simulated", "clouds_real", "season_simulated", "season_real")
YEAR = "year_simulated"

PAGE = """# Clouds, and maps before harvest

What clouds and a season that is not over cost S4 and what one would otherwise use. This page is
written by `python -m training.robustness_page` from the results of

    python -m training.cloud_study simulated
    python -m training.cloud_study real
    python -m training.season_study simulated
    python -m training.season_study real
    python -m training.year_study

Every number is a few-parcels comparison ([how it works](benchmark.md)): {parcels} of each class
to learn from, all others judge, {splits} draws, mean IoU by pixels, checkpoint `{checkpoint}`
(SHA-256 `{sha}`) in quick mode.{since} Simulated and real areas never share a number. Differences
are paired; 95 % intervals of a point come from drawing areas and, in them, parcels anew, those of a
change or a mean over several points from drawing areas alone. An interval that holds 0 says: no
difference was found. The checkpoint's parcel metric was learned from the same simulator, seasons
that end early among them: on simulated areas S4 is at home, the others are not, and its lead
there promises no such lead on a real one. Two real areas say little of a third one, and both were
among those whose unlabelled images the checkpoint was pretrained on.

## Clouds

### Simulated areas

{areas} simulated areas that no training saw, each under {skies} skies: fields, crops and ground are
the same, only the clouds differ. "Hidden" is the share of all pixels of all dates that the scene
classification hides; what it overlooks stays in the images, as in real ones. `s4-painted` is
explained below.

{clouds_simulated}

![mean IoU by hidden share, simulated areas](images/robustness-clouds-simulated.png)

{clouds_simulated_told}

{radar}

### Real areas

The areas' clouds cannot be taken away, but there can be more of them: in random order each date
loses what the mask of a random cloudier date of the same area hides, until the share is reached
(`s4_core/benchmark/cloudier.py`). So shapes and overcast days are real ones; which date they come
on is not. The first row is the sky as it was. Radar images are not touched.

{clouds_real}

![mean IoU by hidden share, real areas](images/robustness-clouds-real.png)

{clouds_real_told}

### The paper's ideas against heavy clouds

{painted}

{previous}

## Before harvest

Only images up to a day are used; dates to come are masked, as `--until` does. Shares count the
days of the area's season, which starts in October.

### Simulated areas

{season_simulated}

![mean IoU by share of the season, simulated areas](images/robustness-season-simulated.png)

{season_simulated_told}

### Real areas

{season_real}

![mean IoU by share of the season, real areas](images/robustness-season-real.png)

{season_real_told}
"""


def table(result: Result, condition: str) -> str:
    """The points of all modalities: means, then S4 minus each other method."""
    parts = []
    for modality, curve in result["curves"].items():
        if len(curve["points"]) > 1:
            parts.append(_table_of(result, curve["points"], f"{modality}: {condition}"))
    return "\n\n".join(parts)


def _table_of(result: Result, points: Sequence[Result], first: str) -> str:
    names = list(points[0]["methods"])
    others = [name for name in names if name != OURS]
    hidden = [_hidden(result, point["condition"]) for point in points]
    head = [first, *(["hidden"] if hidden[0] else []), *names, *(f"s4 - {o}" for o in others)]
    lines = [_row(head), _row(["---"] * len(head))]
    for point, share in zip(points, hidden):
        means = [f"{point['methods'][name]['mean']:.3f}" for name in names]
        gaps = [told(point["differences"][other]["miou"]) for other in others]
        lines.append(_row([f"{point['condition']:g}", *([share] if share else []), *means, *gaps]))
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _hidden(result: Result, condition: float) -> str:
    """Measured share, lowest to highest over the areas."""
    shares = [one["share"] for one in result["hidden"] if one["condition"] == condition]
    return f"{min(shares):.2f} to {max(shares):.2f}" if shares else ""


def told(difference: Result) -> str:
    """A difference with its interval, where there is one."""
    if difference["low"] is None:
        return f"{difference['mean']:+.3f}"
    return f"{difference['mean']:+.3f} ({difference['low']:+.3f} to {difference['high']:+.3f})"


def verdict(difference: Result) -> str:
    """What an interval says."""
    if difference["low"] is None:
        return "too few areas for an interval"
    if difference["low"] > 0:
        return "ahead"
    return "behind" if difference["high"] < 0 else "no difference found"


def sentences(result: Result, leave_out: Sequence[str] = ()) -> str:
    """Where S4 is ahead of each method, and whether its lead changes along the condition."""
    lines = []
    for modality, curve in result["curves"].items():
        if len(curve["points"]) < 2:
            continue
        for other in curve["overall"]:
            if other not in leave_out:
                lines.append(f"- {modality}, s4 against {other}: {_course(curve, other)}")
    return "\n".join(lines)


def _course(curve: Result, other: str) -> str:
    by_verdict: dict[str, list[str]] = {}
    for point in curve["points"]:
        found = verdict(point["differences"][other]["miou"])
        by_verdict.setdefault(found, []).append(f"{point['condition']:g}")
    course = "; ".join(f"{found} at {', '.join(at)}" for found, at in by_verdict.items())
    trend = curve["trends"][other]
    change = {
        "ahead": "the lead grows",
        "behind": "the lead shrinks",
        "no difference found": "no change of the lead found",
    }.get(verdict(trend), "change of the lead, without interval")
    return f"{course}. From {trend['from']:g} to {trend['to']:g} {change}: {told(trend)}."


def radar_lines(result: Result) -> str:
    """What clouds do to radar: nothing, checked."""
    checked, point = result["radar_unaffected"], result["curves"]["radar"]["points"][0]
    means = ", ".join(f"{name} {found['mean']:.3f}" for name, found in point["methods"].items())
    if not checked["equal"]:
        raise SystemExit("The radar scores depend on the sky.")
    return (
        f"Radar does not depend on the sky: its images are equal under all skies, bit by bit, in "
        f"every area (the study stops otherwise), and in {checked['area']} every prediction of "
        f"{' and '.join(checked['compared'])} was found equal under the first and the last sky. "
        f"So radar has one score under all of them: {means}."
    )


def painted_lines(result: Result) -> str:
    """Verdict on painted clouds."""
    found = result["curves"]["optical"]["overall"]["s4-painted"]
    worst = result["curves"]["optical"]["points"][-1]
    last = worst["differences"]["s4-painted"]["miou"]
    gain = {
        "mean": -found["mean"],
        "low": _negative(found["high"]),
        "high": _negative(found["low"]),
    }
    late = {"mean": -last["mean"], "low": _negative(last["high"]), "high": _negative(last["low"])}
    about = result["about"]["s4-painted"]
    words = {"ahead": "it helps", "behind": "it harms"}
    return (
        f"**Painted clouds** (`s4-painted`): the readout learns from the labelled pixels as they "
        f"are and from {about['copies']} copies of their series in which {about['overcast']:.0%} "
        f"of the dates are hidden wholly and {about['broken']:.0%} under blobs. s4-painted minus "
        f"s4, mean of all skies on simulated areas: {told(gain)}; under the cloudiest sky: "
        f"{told(late)}. Verdict: {words.get(verdict(gain), 'no difference found')} overall, "
        f"{words.get(verdict(late), 'no difference found')} under the cloudiest sky."
    )


def _negative(value: float | None) -> float | None:
    return None if value is None else -value


def previous_lines(result: Result, year: Result) -> str:
    """What a season before would add: not to be had on real areas, measured on simulated ones."""
    lines = [
        f"{name} has {found['dates']} optical dates in the year before its season, the first "
        f"{found['days']} days before it, the longest gap {found['gap_days']} days"
        for name, found in result["before_season"].items()
    ]
    return (
        f"**A previous year's series** could not be tried on real areas: {'; '.join(lines)}. A "
        f"growing season of the year before is not in the data. `python -m training.year_study` "
        f"asks {len(year['areas'])} simulated areas instead, each with a season before: fields, "
        "soil and grassland are the same, arable crops stood on other fields, sky and weather are "
        "that year's own. Both seasons are read by the shipped checkpoint, each by itself; mean "
        f"IoU, {year['splits']} draws of {' and of '.join(map(str, year['k']))} parcels a class:"
        f"\n\n{_year_table(year)}\n\n{year_sentences(year)}"
    )


def _year_table(year: Result) -> str:
    points, baselines = year["points"], year["baselines"]
    lines = [
        _row(["optical: asked cloudiness", *(f"{p['cloudiness']:g}" for p in points)]),
        _row(["---"] * (len(points) + 1)),
    ]
    for name in points[0]["means"]:
        first, means = name, [f"{point['means'][name]:.3f}" for point in points]
        if name in baselines:
            gains = [told(point["gains"][name]) for point in points]
            means = [f"{mean}, {gain}" for mean, gain in zip(means, gains)]
            first = f"{name}, and its gain over `{baselines[name]}`"
        lines.append(_row([first, *means]))
    return "\n".join(lines)


def year_sentences(year: Result) -> str:
    """Where the season before helps, by the intervals."""
    lines = []
    words = {"ahead": "helps", "behind": "harms"}
    for name in year["baselines"]:
        by_verdict: dict[str, list[str]] = {}
        for point in year["points"]:
            found = verdict(point["gains"][name])
            by_verdict.setdefault(words.get(found, found), []).append(f"{point['cloudiness']:g}")
        course = "; ".join(f"{found} at {', '.join(at)}" for found, at in by_verdict.items())
        lines.append(f"- {name}: {course}.")
    return "\n".join(lines)


def require_alike(results: Sequence[Result]) -> None:
    """One page tells of one checkpoint and one protocol; simulated and real ones stand apart.

    Raises:
        SystemExit: they differ, or are mixed up.
    """
    common = [(one["k"], one["splits"], one["checkpoint"]) for one in results]
    if any(one != common[0] for one in common):
        raise SystemExit(f"The studies differ in k, splits or checkpoint: {common}")
    if [one["simulated"] for one in results] != [True, False, True, False]:
        raise SystemExit("Simulated and real results are mixed up.")


def require_same_checkpoint(one: Result, other: Result) -> None:
    """The season before was tried with the checkpoint of the page.

    Raises:
        SystemExit: it was not, or not on simulated areas.
    """
    if not other["simulated"] or one["checkpoint"] != other["checkpoint"]:
        raise SystemExit(f"{YEAR} is of another checkpoint, or not simulated.")


def since(measured: str, shipped: str) -> str:
    """A word where the shipped file is not the one that was measured."""
    if measured == shipped:
        return ""
    return (
        f" That is not the file that is shipped now (`{shipped[:12]}`): `make robustness` measures "
        "that one."
    )


def page_of(
    clouds_simulated: Result,
    clouds_real: Result,
    season_simulated: Result,
    season_real: Result,
    year_simulated: Result,
) -> str:
    """The page of all results."""
    checkpoint = clouds_simulated["checkpoint"]
    return PAGE.format(
        parcels=" or ".join(f"{k} parcel{'s' if k > 1 else ''}" for k in clouds_simulated["k"]),
        splits=clouds_simulated["splits"],
        checkpoint=checkpoint["file"],
        sha=checkpoint["sha256"][:12],
        since=since(checkpoint["sha256"], fingerprint(CHECKPOINT)),
        areas=len(clouds_simulated["areas"]),
        skies=len(clouds_simulated["curves"]["optical"]["points"]),
        radar=radar_lines(clouds_simulated),
        painted=painted_lines(clouds_simulated),
        previous=previous_lines(clouds_real, year_simulated),
        clouds_simulated=table(clouds_simulated, "asked cloudiness"),
        clouds_simulated_told=sentences(clouds_simulated, ["s4-painted"]),
        clouds_real=table(clouds_real, "hidden share"),
        clouds_real_told=sentences(clouds_real),
        season_simulated=table(season_simulated, "share of the season"),
        season_simulated_told=sentences(season_simulated),
        season_real=table(season_real, "share of the season"),
        season_real_told=sentences(season_real),
    )


def main() -> None:
    """Write the page and its plots."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--studies", type=Path, default=STUDIES)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "robustness.md")
    asked = parser.parse_args()
    found = {
        name: json.loads((asked.studies / f"{name}.json").read_text(encoding="utf-8"))
        for name in (*NAMES, YEAR)
    }
    require_alike([found[name] for name in NAMES])
    require_same_checkpoint(found[NAMES[0]], found[YEAR])
    page = page_of(**found)
    for name in NAMES:
        picture = f"robustness-{name.replace('_', '-')}.png"
        draw_study(found[name], asked.out.parent / "images" / picture)
    io.write_text(asked.out, page)


if __name__ == "__main__":
    main()

"""Write docs/labelling.md, its numbers and its plot from the curves of `training.label_study`.

python -m training.label_page FILE.json [...]

The files are of the confirming areas and of the product's classifier. The comparison by which its
way was chosen, with maps by class means, stands in docs/results/labelling_means.json.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from s4_core import io
from s4_core.report.figures import ACCENT, DPI, SECOND, SOFT, plain_axes
from s4_core.simulated import BANNER
from training.make_metric import PIXELS

ROOT = Path(__file__).resolve().parent.parent
FRACTIONS = (0.5, 0.75, 0.9)
GOAL = 0.3
CHANCE = "random"
PRODUCT = "mean margin of the pixels"
FORMER = "least confident"
BATCHED = ("margin, 5 at a time", "margin, 10 at a time")
RESAMPLES = 2000
MEANS = "labelling_means.json"

Floats = npt.NDArray[np.float64]
Rows = Sequence[Mapping[str, Any]]

PAGE = """# Which parcel to label next

**All numbers here are of simulated areas**, which promise nothing about real ones. This page is
written by `python -m training.label_page` from curves of `python -m training.label_study`.

"Label more here" in the plugin suggests parcels (or blocks) whose pixels have the narrowest mean
**margin**: the probability of the mapped class minus that of the runner-up. Before, it took those
of the lowest confidence.

## What was asked

Half of the parcels of each class of a simulated area of {size_px} x {size_px} px judge and are
never labelled ({judges:.0f} of them on average); {pool:.0f} more may be. A first map is made by
the shipped checkpoint in quick mode from one parcel a class, or, harder, from three parcels at
random, so that most classes were not met yet. Then parcels are labelled until none is left, the
map being made anew after each ("5 at a time": after five). {draws} first maps of each area and
modality; of each, {chances} orders by chance ({chances_means} in the tables by class means). The
goal is the mean IoU that lies 50, 75 or 90 % of the way from the first map to the map from all
parcels. `saved`: of the labels after the first map
that chance needs on average, the share that is not needed; `in all` counts the first map's labels
too. Intervals (95 %) come from bootstrapping areas.

No network and no metric was trained on these areas. The product's maps are by **propagation**, with
pulled class means; here it spreads among {pixels} pixels of each parcel, not all over the area.
When a way was chosen, maps were by **class means** (`finetune.classifier prototypes`), and all ways
were compared by these: on the first ten areas, and once more on the other ten. What matters to the
product was then repeated by propagation on the other ten. They are not wholly blind: some of them
had been looked at when the choice was made. It was not made by the best number, as intervals of the
good ways overlap: the mean
margin is read from any finished map, while distances in the metric, or counts of labels, need more
than a map. It is not better than the former confidence by more than chance, either; what suggests
new classes best (distances) suggests little once all classes are met. A map made with parcels has
one margin and one confidence a parcel: there the product is the way "margin", and was "least
confident".

The plugin suggests five places at a time: the lines "5 at a time" are what it saves then, and its
*places* set to 1, with a new map after each label, is the first line. The goal of 30 % was set
before the study. What other ways take next: "classes in turn", narrow margins, each place letting
other mapped classes go first; "mapped class by its parcels" and "rarest mapped class", narrow
margins of mapped classes that few parcels teach; "margin by density", doubt among many that are
alike; "k-center", what is farthest from all labelled parcels in the metric; "expected coverage",
what brings most parcels nearer to a labelled one; "expected gain", what would make class means
surer.

By propagation, on the confirming areas, at 90 % of the way:

{verdict}

By class means, there:

{verdict_means}

## By pixels

{tables}

## By the majority of each parcel

{votes}

![Curves](images/labelling.png)
"""


def curves_of(rows: Rows, score: str, start: str, name: str) -> Floats:
    """Curve of each area, `(A, L)`, mean over the modalities; a finished one stays as it ended."""
    kept = [row for row in rows if row["start"] == start and row["name"] == name]
    longest = max(len(row[score]) for row in rows)
    found = []
    for area in sorted({row["area"] for row in kept}):
        own = [np.asarray(row[score], float) for row in kept if row["area"] == area]
        found.append(np.mean([np.pad(c, (0, longest - len(c)), mode="edge") for c in own], axis=0))
    return np.array(found)


def labels_needed(curve: Floats, goal: float) -> float:
    """Labels after the first map until a curve `(L,)` first reaches the goal, interpolated."""
    after = int(np.argmax(curve >= goal))
    if after == 0:
        return 0.0
    before = curve[after - 1]
    return float(after - 1 + (goal - before) / (curve[after] - before))


def needed(curves: Floats, chance: Floats, fraction: float) -> tuple[float, float]:
    """Labels that a way and that chance need, of mean curves of the same areas `(A, L)`."""
    by_chance = chance.mean(axis=0)
    goal = by_chance[0] + fraction * (by_chance[-1] - by_chance[0])
    return labels_needed(curves.mean(axis=0), goal), labels_needed(by_chance, goal)


def saving(curves: Floats, chance: Floats, fraction: float, first: float) -> dict[str, Any]:
    """What a way needs and saves, with the 95 % interval over resampled areas.

    Args:
        first: labels of the first map, mean.
    """
    own, by_chance = needed(curves, chance, fraction)
    rng = np.random.default_rng(0)
    resampled = []
    for _ in range(RESAMPLES):
        drawn = rng.integers(len(curves), size=len(curves))
        fewer, more = needed(curves[drawn], chance[drawn], fraction)
        resampled.append(1 - fewer / more if more else 0.0)
    low, high = np.percentile(resampled, [2.5, 97.5])
    return {
        "labels": own,
        "by_chance": by_chance,
        "saved": 1 - own / by_chance,
        "low": float(low),
        "high": float(high),
        "saved_in_all": 1 - (own + first) / (by_chance + first),
    }


def summary(rows: Rows, score: str) -> dict[str, Any]:
    """Of each start and way: mean curve, and what it saves at each fraction."""
    found: dict[str, Any] = {}
    for start in dict.fromkeys(row["start"] for row in rows):
        first = float(np.mean([row["first"] for row in rows if row["start"] == start]))
        chance = curves_of(rows, score, start, CHANCE)
        ways = {}
        for name in dict.fromkeys(row["name"] for row in rows):
            curves = curves_of(rows, score, start, name)
            savings = {str(f): saving(curves, chance, f, first) for f in FRACTIONS}
            ways[name] = {"curve": curves.mean(axis=0).round(4).tolist(), "savings": savings}
        found[start] = {"first": first, "areas": len(chance), "ways": ways}
    return found


def table(found: Mapping[str, Any]) -> str:
    """One start: a row a way, best first."""
    lines = [
        f"| way | {' | '.join(f'{f:.0%} of the way' for f in FRACTIONS)} | saved at "
        f"{FRACTIONS[-1]:.0%} (95 %) | in all |",
        "|---|---|---|---|---|---|",
    ]
    last = str(FRACTIONS[-1])
    for name, way in sorted(
        found["ways"].items(), key=lambda item: item[1]["savings"][last]["labels"]
    ):
        labels = [f"{way['savings'][str(f)]['labels']:.1f}" for f in FRACTIONS]
        told, shown = way["savings"][last], f"**{name}**" if name == PRODUCT else name
        saved = f"{told['saved']:.0%} ({told['low']:.0%} to {told['high']:.0%})"
        if name == CHANCE:
            saved = ""
        lines.append(
            f"| {shown} | {' | '.join(labels)} | {saved} | "
            f"{'' if name == CHANCE else format(told['saved_in_all'], '.0%')} |"
        )
    return "\n".join(lines)


def tables(sets: Mapping[str, Mapping[str, Any]], score: str) -> str:
    """Of each set of areas and each start."""
    parts = []
    for title, found in sets.items():
        for start, told in found[score].items():
            curve = told["ways"][CHANCE]["curve"]
            parts.append(
                f"### {title}: {told['areas']} simulated areas, first map from {start}\n\n"
                f"{told['first']:.1f} labels make the first map, of mean IoU {curve[0]:.3f}; all "
                f"labels give {curve[-1]:.3f}. Labels needed after the first map:\n\n{table(told)}"
            )
    return "\n\n".join(parts)


def verdict(confirmed: Mapping[str, Any]) -> str:
    """Whether the goal is met, on the areas that chose nothing."""
    lines = []
    for start, told in confirmed["miou"].items():
        ways = told["ways"]
        now, former = (ways[n]["savings"][str(FRACTIONS[-1])] for n in (PRODUCT, FORMER))
        met = (
            "met" if now["low"] >= GOAL else "met on average" if now["saved"] >= GOAL else "missed"
        )
        lines.append(
            f"- From {start}: {now['saved']:.0%} fewer labels than by chance (95 % interval "
            f"{now['low']:.0%} to {now['high']:.0%}), {now['labels']:.1f} instead of "
            f"{now['by_chance']:.1f}; the former ranking by confidence: {former['saved']:.0%}. "
            f"Goal of {GOAL:.0%}: {met}."
        )
        for name in BATCHED:
            if name not in ways:
                continue
            slower = ways[name]["savings"][str(FRACTIONS[-1])]
            lines.append(
                f"    - {name}: {slower['labels']:.1f} labels ({slower['saved']:.0%} saved; chance "
                "labels in any order, with or without maps in between)."
            )
    return "\n".join(lines)


def draw(confirmed: Mapping[str, Any], path: Path) -> None:
    """Curves of chance, the former and the present way, of each start, by propagation."""
    figure = Figure(figsize=(9.6, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    colours = {CHANCE: SOFT, FORMER: SECOND, PRODUCT: ACCENT}
    for place, (start, told) in enumerate(confirmed["miou"].items(), start=1):
        axes = figure.add_subplot(1, 2, place)
        for name, colour in colours.items():
            axes.plot(told["ways"][name]["curve"], color=colour, lw=1.8, label=name)
        axes.set_title(f"first map from {start}", fontsize=10)
        axes.set_xlabel("labels after the first map", color=SOFT, fontsize=9)
        axes.set_ylabel("mean IoU" if place == 1 else "", color=SOFT, fontsize=9)
        axes.legend(loc="lower right", fontsize=8, frameon=False)
        plain_axes(axes)
    figure.suptitle(f"{BANNER} Maps by propagation.", fontsize=9)
    with io.aside(path) as temporary:
        figure.savefig(temporary, format="png", dpi=DPI, facecolor="white", metadata={})


def read(paths: Sequence[Path]) -> tuple[list[Mapping[str, Any]], Mapping[str, Any]]:
    """Rows of several files, and what was asked in the first of them."""
    files = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    return [row for file in files for row in file["rows"]], files[0]["asked"]


def main() -> None:
    """Summarise, draw, write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("confirmed", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=ROOT / "docs")
    given = parser.parse_args()
    means = json.loads((given.out / "results" / MEANS).read_text(encoding="utf-8"))
    rows, asked = read(given.confirmed)
    own = {score: summary(rows, score) for score in ("miou", "vote")}
    sets = {
        "By propagation, confirming": own,
        "By class means, choosing": means["Choosing"],
        "By class means, confirming": means["Confirming"],
    }
    page = PAGE.format(
        size_px=asked["size_px"],
        draws=asked["draws"],
        chances=asked["chances"],
        chances_means=means["asked"]["chances"],
        pixels=PIXELS,
        judges=np.mean([row["judges"] for row in rows]),
        pool=np.mean([row["pool"] for row in rows]),
        verdict=verdict(own),
        verdict_means=verdict(means["Confirming"]),
        tables=tables(sets, "miou"),
        votes=tables(sets, "vote"),
    )
    draw(own, given.out / "images" / "labelling.png")
    io.write_json(given.out / "results" / "labelling.json", {"asked": asked, "Confirming": own})
    io.write_text(given.out / "labelling.md", page)


if __name__ == "__main__":
    main()

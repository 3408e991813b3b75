"""Write what the benchmark of few parcels measured into the README.

python -m training.benchmark_block [--result docs/results/few_parcels.json] [--readme README.md]
    [--earlier docs/looks/10.json]

Methods that the result lacks come from an earlier one, where one is given: those that take long and
do not read the checkpoint.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from training.draw_overview import fill

START = "<!-- few parcels:"
LINKS = (
    "[Every number](docs/results/few_parcels.json), and a "
    "[plot](docs/images/few_parcels.png) of them."
)

NAMES = {
    "rf": "random forest",
    "logistic": "logistic regression",
    "rocket": "random convolution kernels (ROCKET)",
    "s4-random": "the same network, untrained",
    "s4-scratch": "the same network, trained on the parcels alone",
    "s4": "**S4, shipped checkpoint**",
    "s4-area": "S4, fitted further to the area's own unlabelled images",
}


def block(found: dict[str, Any], earlier: dict[str, Any] | None = None) -> str:
    """The result as Markdown, with what it rests on.

    Args:
        earlier: on the same areas; its methods stand in where `found` lacks them.
    """
    areas = ", ".join(f"`{area['name']}`" for area in found["areas"])
    counts = sorted({cell["k"] for cell in found["cells"]})
    kind = "simulated" if found["simulated"] else "real"
    splits = max(len(cell["miou"]) for cell in found["cells"])
    lines = [
        f"Mean IoU on the {kind} areas {areas}: {' or '.join(map(str, counts))} parcels a class "
        f"teach, all others judge; means over areas, optical and radar, and up to {splits} draws.",
        "",
        "| learned by | mean IoU | optical | radar | with a vote per parcel | calibration error |",
        "|---|---|---|---|---|---|",
    ]
    results = {name: source for source in (earlier or found, found) for name in source["methods"]}
    ordered = sorted(results, key=lambda name: results[name]["methods"][name]["mean"])
    lines += [_row(results[name], name) for name in ordered]
    gap = found["difference"]
    lines += [
        "",
        f"S4 minus the best of the others ({NAMES[found['best_rival']]}): {gap['mean']:+.2f} "
        f"({gap['low']:+.2f} to {gap['high']:+.2f}, 95 % over areas and parcels). Images of these "
        "areas, not their labels, were among those of pretraining.",
    ]
    older = [name for name in results if results[name] is not found]
    if older:
        told = ", ".join(f'"{NAMES[name]}"' for name in older)
        lines.append(f"{told}: of an earlier run on the same areas.")
    lines.append(LINKS)
    return "\n".join(lines)


def _row(found: dict[str, Any], name: str) -> str:
    whole = found["methods"][name]
    single = [found["by_modality"][m]["methods"][name]["mean"] for m in ("optical", "radar")]
    numbers = [whole["mean"], *single, whole["mean_vote"], whole["ece"]]
    return f"| {NAMES[name]} | {' | '.join(f'{number:.2f}' for number in numbers)} |"


def main() -> None:
    """Read the result, write the block."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--result", type=Path, default=Path("docs/results/few_parcels.json"))
    parser.add_argument("--readme", type=Path, default=Path("README.md"))
    parser.add_argument("--earlier", type=Path, help="result with methods that --result lacks")
    arguments = parser.parse_args()
    found = json.loads(arguments.result.read_text(encoding="utf-8"))
    earlier = arguments.earlier and json.loads(arguments.earlier.read_text(encoding="utf-8"))
    fill(arguments.readme, block(found, earlier), START)


if __name__ == "__main__":
    main()

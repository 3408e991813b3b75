"""Measure speed on this machine: `make bench`.

    python -m training.bench.run [--quick] [--resume] [--out out/bench]

Writes bench.json with the numbers, bench.md with a table of them, and details.json with every time
that was taken and the machine. --quick: sizes of a test, which say nothing about speed. --resume:
take over the parts that a stopped run has finished; the machine is described again.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from s4_core import io
from training.bench import inference, infonce, machine, maps, page, scene, steps

PARTS = "parts"
"""Folder of what each part measured."""

SECTIONS = ("inference", "infonce", "training", "interactive", "area")
"""Keys of bench.json."""


def main() -> None:
    """Measure every section, write the results."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="sizes of a test")
    parser.add_argument("--resume", action="store_true", help="keep finished parts")
    parser.add_argument("--out", type=Path, default=Path("out/bench"))
    arguments = parser.parse_args()
    if not arguments.resume:
        io.atomic.remove(arguments.out / PARTS)
    results, details = measure(arguments.out, arguments.quick)
    io.write_json(arguments.out / "bench.json", results)
    io.write_json(arguments.out / "details.json", details)
    io.write_text(arguments.out / "bench.md", page.table(results))
    print(json.dumps(results, indent=1))


def measure(out: Path, quick: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """The results, and what they rest on."""
    described = machine.describe()
    area = str(scene.make(out, quick).resolve())
    parts = {
        "inference": lambda: inference.measure(quick),
        "infonce": lambda: infonce.measure_all(quick),
        "training": lambda: steps.measure(area, quick),
        "maps": lambda: maps.measure(area, quick),
    }
    found: dict[str, Any] = {}
    details: dict[str, Any] = {"machine": described, "quick": quick, "seconds": {}, "parts": {}}
    for name, part in parts.items():
        measured, seconds = _once(part, out / PARTS / f"{name}.json")
        details["seconds"][name] = seconds
        details["parts"][name] = {k: v for k, v in measured.items() if k not in SECTIONS}
        found.update({k: v for k, v in measured.items() if k in SECTIONS})
        print(f"{name}: {seconds:.0f} s", file=sys.stderr, flush=True)
    details["machine"]["load_after"] = machine.describe()["load"]
    return {section: found[section] for section in SECTIONS}, details


def _once(part: Callable[[], dict[str, Any]], kept: Path) -> tuple[dict[str, Any], float]:
    """What a part measures and the seconds that it takes; of a finished one what was kept."""
    if not kept.exists():
        began = time.perf_counter()
        measured = part()
        io.write_json(kept, {"measured": measured, "seconds": time.perf_counter() - began})
    found = json.loads(kept.read_text(encoding="utf-8"))
    return found["measured"], found["seconds"]


if __name__ == "__main__":
    main()

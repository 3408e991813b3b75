"""Make `resources/sample/`, the embedded simulated area (under 3 MB).

python training/make_sample.py [--out FOLDER] [--seed N]
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from s4_core.simulate import SimulationSettings, simulate_area, write_area

CROPS = (
    ("winter wheat", 0.2),
    ("winter barley", 0.1),
    ("winter rapeseed", 0.1),
    ("maize", 0.16),
    ("potato", 0.1),
    ("sugar beet", 0.1),
    ("grass", 0.24),
)


def main() -> None:
    """Simulate, write coarsely rounded, report the size."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--out", type=Path, default=Path("resources/sample"))
    parser.add_argument("--seed", type=int, default=2)
    arguments = parser.parse_args()
    settings = SimulationSettings(
        seed=arguments.seed,
        size_px=128,
        optical_count=40,
        radar_count=46,
        crops=CROPS,
        name="simulated_sample",
    )
    shutil.rmtree(arguments.out, ignore_errors=True)
    area = simulate_area(settings)
    write_area(area, arguments.out, reflectance_step=0.004, hidden_step=0.05, db_step=0.5)
    sizes = {p: p.stat().st_size for p in arguments.out.rglob("*") if p.is_file()}
    for part in ("optical", "radar"):
        print(part, sum(v for p, v in sizes.items() if p.parent.name == part) / 1e6, "MB")
    print(f"{arguments.out}: {sum(sizes.values()) / 1e6:.2f} MB in {len(sizes)} files")
    for name in area.legend.names:
        print(name, sum(p.crop == name for p in area.parcels), "parcels")


if __name__ == "__main__":
    main()

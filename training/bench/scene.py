"""The simulated scene that maps are timed on: parcels in one corner, images repeated.

python -m training.bench.scene OUT [--quick]
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from s4_core.simulate import SimulationSettings, simulate_area, write_area
from training.scale_scene import repeat

PATTERN_PX, SIDE_PX, DATES = 256, 512, 40
QUICK_PX = 64


def make(folder: Path, quick: bool) -> Path:
    """Write the scene, unless it is there."""
    side = QUICK_PX if quick else SIDE_PX
    done = folder / f"scene_{side}"
    if done.exists():
        return done
    pattern = folder / f"pattern_{side}"
    shutil.rmtree(pattern, ignore_errors=True)
    settings = SimulationSettings(
        seed=3,
        size_px=side if quick else PATTERN_PX,
        optical_count=12 if quick else DATES,
        radar_count=12 if quick else DATES,
        name=f"simulated_scene_{side}",
    )
    write_area(simulate_area(settings), pattern)
    for path in [] if quick else sorted(pattern.glob("*/*.tif")):
        repeat(path, path, SIDE_PX)
    pattern.rename(done)
    return done


if __name__ == "__main__":
    make(Path(sys.argv[1]), "--quick" in sys.argv)

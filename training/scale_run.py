"""Map a scene with the product's own command and write down what it took.

    python -m training.scale_run --area out/scale/scene_4096 --model out/scale/light.safetensors \\
        --results docs/results/scale.jsonl -- --modality optical --threads 1

Everything after `--` goes to `s4 segment`. A line is added to the results: seconds, the peak of
the memory of the command and its workers, the bytes read, and those of the images.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from s4_core import data
from s4_core.protocol import AreaRequest

LOOKED_EVERY_S = 0.2
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Watch:
    """Looks at a process and those it started until they are gone (Linux)."""

    def __init__(self, root: int) -> None:
        self.peak_bytes = 0
        self.peak_of_one_bytes = 0
        self.read_bytes: dict[int, int] = {}
        self._root = root
        self._gone = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._gone.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._gone.wait(LOOKED_EVERY_S):
            sizes = [self._seen(process) for process in family(self._root)]
            self.peak_bytes = max(self.peak_bytes, sum(sizes))
            self.peak_of_one_bytes = max(self.peak_of_one_bytes, *sizes, 0)

    def _seen(self, process: int) -> int:
        """Resident bytes of a process; notes what it has read."""
        try:
            pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
            counted = Path(f"/proc/{process}/io").read_text().splitlines()
        except OSError:  # it has just ended
            return 0
        self.read_bytes[process] = int(counted[0].split()[1])
        return pages * _PAGE


def family(root: int) -> list[int]:
    """A process and all that descend from it."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(
                    (entry / "stat").read_text().rpartition(")")[2].split()[1]
                )
            except OSError:
                continue
    found = [root]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def main() -> None:
    """Run the command; its own output goes to stderr."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--area", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--results", type=Path, required=True, help="JSON lines, added to")
    parser.add_argument("--label", default="", help="what the table calls this run")
    parser.add_argument("--out", type=Path, help="folder of the map (default: a temporary one)")
    parser.add_argument("--stop-after", type=float, help="seconds after which it is cancelled")
    parser.add_argument("options", nargs="*", help="options of s4 segment")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        out = arguments.out or Path(scratch)
        measured = measure(arguments, out / "map.tif")
    arguments.results.parent.mkdir(parents=True, exist_ok=True)
    with arguments.results.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(measured) + "\n")
    print(json.dumps(measured, indent=1))


def measure(arguments: argparse.Namespace, out: Path) -> dict[str, Any]:
    """Run `s4 segment` and look at it."""
    area = data.open_area(AreaRequest(path=arguments.area))
    images = area.acquisitions
    command = [sys.executable, "-m", "s4_core", "segment", "--json", "--area", arguments.area]
    command += ["--model", arguments.model, "--out", str(out), *arguments.options]
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        watch = Watch(child.pid)
        try:
            said, _ = child.communicate(timeout=arguments.stop_after)
        except subprocess.TimeoutExpired:
            child.terminate()
            said, _ = child.communicate()
        watch.stop()
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = json.loads(said) if child.returncode == 0 else {}
    return {
        "label": arguments.label,
        "options": arguments.options,
        "complete": child.returncode == 0,
        "exit_code": child.returncode,
        "seconds": round(time.monotonic() - began, 1),
        "cpu_seconds": round(spent.ru_utime + spent.ru_stime, 1),
        "pixels": area.grid.height * area.grid.width,
        "size": list(area.grid.shape),
        "dates": len(images),
        "peak_mb": round(watch.peak_bytes / 1e6),
        "peak_of_one_process_mb": round(watch.peak_of_one_bytes / 1e6),
        "read_mb": round(sum(watch.read_bytes.values()) / 1e6, 1),
        "images_mb": round(sum(os.path.getsize(i.raster.path) for i in images) / 1e6, 1),
        "tiles": result.get("tiles"),
        "mapped_pixels": result.get("mapped_pixels"),
        "device": result.get("device"),
        "machine": f"{platform.machine()}, {os.cpu_count()} CPUs",
    }


if __name__ == "__main__":
    main()

"""The machine that a bench ran on, in words."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

from s4_core.nn.device import bf16_unit

THREADS = 2


def describe() -> dict[str, Any]:
    """Processor, memory, system and versions; the load tells whether the machine was calm."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "threads": THREADS,
        "bf16": bf16_unit() or None,
        "memory_gb": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in ("torch", "openvino", "numpy")},
        "load": [round(value, 2) for value in os.getloadavg()],
    }


def _processor() -> str:
    """What Linux calls the processor; elsewhere what Python does."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    known = dict((part.strip() for part in line.split(":", 1)) for line in lines if ":" in line)
    return f"{known.get('model name', 'unknown')} (model {known.get('model', '?')})"


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None

"""Fixtures that several rooms share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def real_areas() -> Path:
    """Folder of the real Sentinel areas: `S4_DATA`, else `../shared/data` beside the repository."""
    folder = Path(os.environ.get("S4_DATA", REPOSITORY.parent / "shared" / "data"))
    if not (folder / "flanders").is_dir():
        pytest.skip(f"no real areas in {folder} (set S4_DATA to their folder)")
    return folder

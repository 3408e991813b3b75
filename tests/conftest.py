"""Fixtures that several rooms share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory):
    """Neither takes features from the user's cache nor leaves any there; workers inherit it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("S4_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def real_areas() -> Path:
    """Folder of the real Sentinel areas: `S4_DATA`, else `../shared/data` beside the repository."""
    folder = Path(os.environ.get("S4_DATA", REPOSITORY.parent / "shared" / "data"))
    if not (folder / "flanders").is_dir():
        pytest.skip(f"no real areas in {folder} (set S4_DATA to their folder)")
    return folder

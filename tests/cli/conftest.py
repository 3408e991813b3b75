"""A map and its reference, and a way to call the command line in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from s4_core import io
from s4_core.cli import main
from tests.jobs.small_map import PARCELS, WKT, map_values, write_map
from tests.tiny_project import Project, make_project


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


@pytest.fixture
def s4(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def call(*arguments: object) -> Said:
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with crop_map.tif and parcels.gpkg."""
    write_map(tmp_path / "crop_map.tif", map_values(), {"S4_MODALITY": "optical"})
    io.write_parcels(tmp_path / "parcels.gpkg", PARCELS, WKT)
    return tmp_path


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that went through every step but the evaluation; leave its files as they are."""
    return make_project(tmp_path_factory.mktemp("project"))

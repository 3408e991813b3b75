"""One small area, its models and a way to map it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.infer.small_area import Mapper, make_model, write_area


@pytest.fixture(scope="session")
def area_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The area of `write_area`, 80 x 96 px."""
    return write_area(tmp_path_factory.mktemp("areas") / "fields")


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Checkpoints: "deep" by time means of the decoder, others read out of the stem."""
    folder = tmp_path_factory.mktemp("models")
    wanted = {
        "optical": ("stem", "optical"),
        "radar": ("stem", "radar"),
        "deep": ("mean", "optical"),
        "both": ("stem", "both"),
    }
    return {n: make_model(folder / f"{n}.safetensors", *kind) for n, kind in wanted.items()}


@pytest.fixture
def map_area(area_folder: Path, models: dict[str, Path], tmp_path: Path) -> Mapper:
    """A way to map the area."""
    return Mapper(area_folder, models, tmp_path)

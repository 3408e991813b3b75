"""One small area, its models and a way to map it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from s4_core import data, nn
from s4_core.infer import SegmentResult, segment
from s4_core.progress import Silent, Stage
from s4_core.protocol import AreaRequest, SegmentJob
from tests.infer.small_area import make_model, write_area


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


Mapper = Callable[..., SegmentResult]


@pytest.fixture
def map_area(area_folder: Path, models: dict[str, Path], tmp_path: Path) -> Mapper:
    """Map the area with one of the models; options are those of `SegmentJob`."""

    def run(
        model: str = "optical",
        *,
        reporter: Any = None,
        request: dict[str, Any] | None = None,
        **options: Any,
    ) -> SegmentResult:
        asked = AreaRequest(**{"path": str(area_folder), **(request or {})})
        modality = "optical" if model == "deep" else model
        given = {"out": str(tmp_path / "map.tif"), "modality": modality, **options}
        job = SegmentJob(area=asked, model=str(models[model]), **given)
        segmenter = nn.load_segmenter(job.model)
        return segment(
            data.open_area(asked), segmenter, job, Stage(reporter or Silent(), "segment")
        )

    return run

"""Small maps by blocks of features: the map of tiles, and the same map from what was kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from s4_core import data, nn
from s4_core.infer import segment
from s4_core.infer.kept import KeptFeatures
from s4_core.progress import Stage
from s4_core.types import RuntimeSettings
from tests.infer.small_area import Mapper, Recorder, arrays


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of this test's own."""
    monkeypatch.setenv("S4_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Sizes of the blocks that were computed."""
    found = []
    real = nn.readout_block

    def counted(source, inputs, card, choice, wanted):
        found.append((wanted.height, wanted.width))
        return real(source, inputs, card, choice, wanted)

    monkeypatch.setattr(nn, "readout_block", counted)
    return found


def same(one, other):
    return all(a.tobytes() == b.tobytes() for a, b in zip(one, other))


@pytest.mark.parametrize("model", ["optical", "radar", "both"])
def test_blocks_give_the_map_of_tiles(
    map_area: Mapper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    by_blocks = arrays(map_area(model))
    monkeypatch.setattr(KeptFeatures, "worth_it", False)
    for tile in (32, 96):
        by_tiles = arrays(map_area(model, tile=tile, out=str(tmp_path / f"{tile}.tif")))
        assert np.array_equal(by_tiles[0], by_blocks[0])
        for part, expected in zip(by_tiles[1:], by_blocks[1:]):
            assert np.allclose(part, expected, atol=1e-4, equal_nan=True)


def test_a_second_map_computes_nothing_and_is_the_same_bit_for_bit(
    map_area: Mapper, tmp_path: Path, cache: Path, computed: list[tuple[int, int]]
) -> None:
    first = arrays(map_area("optical"))
    assert computed == [(80, 96)]
    again = arrays(map_area("optical", out=str(tmp_path / "again.tif"), tile=48))
    assert computed == [(80, 96)]
    assert same(first, again)
    assert [path.suffix for path in cache.rglob("features/*/*")] == [".npz"]


def test_without_the_cache_the_map_is_the_same_and_nothing_is_kept(
    map_area: Mapper, tmp_path: Path, cache: Path, computed: list[tuple[int, int]]
) -> None:
    kept = arrays(map_area("optical"))
    shutil.rmtree(cache)
    job = map_area.job("optical", out=str(tmp_path / "fresh.tif"))
    segmenter, area = nn.load_segmenter(job.model), data.open_area(job.area)
    runtime = RuntimeSettings(cache=False)
    fresh = arrays(segment(area, segmenter, job, Stage(Recorder(), ""), runtime))
    assert computed == [(80, 96)] * 2
    assert same(kept, fresh)
    assert not cache.exists()


def test_other_weights_or_other_images_are_computed_anew(
    area_folder: Path,
    models: dict[str, Path],
    tmp_path: Path,
    cache: Path,
    computed: list[tuple[int, int]],
) -> None:
    own = shutil.copytree(area_folder, tmp_path / "area")
    first = arrays(Mapper(own, models, tmp_path)("optical"))
    # the same images elsewhere: content counts
    shutil.copytree(own, tmp_path / "moved")
    moved = Mapper(tmp_path / "moved", models, tmp_path)("optical", out=str(tmp_path / "m.tif"))
    assert len(computed) == 1
    assert same(first, arrays(moved))
    Mapper(own, models, tmp_path)("both", out=str(tmp_path / "b.tif"))
    assert len(computed) == 2
    image = sorted((own / "optical").glob("*.tif"))[3]
    shutil.copyfile(sorted((own / "optical").glob("*.tif"))[4], image)
    changed = arrays(Mapper(own, models, tmp_path)("optical", out=str(tmp_path / "c.tif")))
    assert len(computed) == 3
    assert not np.array_equal(changed[0], first[0])


def test_the_user_is_told_what_computes(map_area: Mapper, cache: Path) -> None:
    told = Recorder()
    map_area("optical", reporter=told)
    assert [text for _, text in told.logs if text.startswith("Computed by ")]

"""The problem of tiny parcels: who teaches, who judges, and what its page says."""

from __future__ import annotations

import re

import numpy as np
import pytest

from training.experiments.remedies import REMEDIES
from training.experiments.tiny import (
    TinyScene,
    lesson,
    lessons,
    scores,
    tiny_settings,
    usual_lessons,
)
from training.experiments.tiny_page import row, section

SIZES = (100, 120, 95, 110, 130, 140, 60, 30, 200, 40)
CLASSES = (0, 0, 0, 1, 1, 1, 2, 2, 2, -1)
"""Of parcels 1 to 10: three of each common crop, three of a rare one, one that nobody teaches."""

SEED = 5


@pytest.fixture
def scene() -> TinyScene:
    """Parcels one after the other; classes far apart."""
    rng = np.random.default_rng(0)
    classes = np.repeat(CLASSES, SIZES)
    centres = np.concatenate([4 * np.eye(5, 6), np.zeros((1, 6))])
    features = centres[classes] + 0.2 * rng.normal(size=(len(classes), 6))
    parcels = np.repeat(np.arange(1, 11), SIZES)
    return TinyScene("toy", features.astype(np.float32), classes, parcels)


def test_rare_classes_are_taught_by_tiny_parcels(scene: TinyScene) -> None:
    """Two parcels of each common class; of the rare one the large parcel never teaches."""
    for taught in lessons(scene, SEED):
        parcels = np.unique(taught.pixels.parcels)
        assert [np.isin(parcels, own).sum() for own in ((1, 2, 3), (4, 5, 6))] == [2, 2]
        assert np.isin((7, 8), parcels).sum() in (1, 2)
        assert not np.isin((9, 10), parcels).any()


def test_an_area_without_common_parcels_to_spare_is_left_out(scene: TinyScene) -> None:
    """Somebody must judge."""
    fewer = TinyScene(
        "toy", scene.features, scene.classes, np.where(scene.parcels == 3, 0, scene.parcels)
    )
    assert len(list(lessons(scene, SEED))) == 2
    assert not list(lessons(fewer, SEED))


def test_scores_by_hand(scene: TinyScene) -> None:
    """Parcels 1, 2, 4, 5, 7, 8 teach; 3, 6 and 9 judge: 95, 140 and 200 pixels."""
    taught = lesson(scene, np.array([1, 2, 4, 5, 7, 8]))
    predicted = np.maximum(scene.classes, 0)
    predicted[scene.parcels == 3] = 2
    found = scores(scene, taught, predicted)
    assert found["common"] == pytest.approx((0 + 1) / 2)
    assert found["rare"] == pytest.approx(200 / 295)
    assert found["all"] == pytest.approx((0 + 1 + 200 / 295) / 3)
    assert found["taken"] == pytest.approx(95 / 235)


@pytest.mark.parametrize("name", [*REMEDIES])
def test_classes_that_are_far_apart_are_mapped_by_all_remedies(scene: TinyScene, name: str) -> None:
    """Rare or not, taught so or as usual."""
    predict = REMEDIES[name].method(scene.features)
    for taught in [*lessons(scene, SEED), *usual_lessons(scene)]:
        assert scores(scene, taught, predict(taught))["all"] > 0.9


def test_areas_have_crops_that_differ_and_small_fields() -> None:
    """The same ones whenever they are made."""
    settings = tiny_settings(20_000)
    assert len({crop for crop, _ in settings.crops}) == 6
    assert settings.parcel_ha <= 1.2
    assert settings.variation >= 1.8
    assert settings == tiny_settings(20_000)


def test_verdicts_hold_no_numbers() -> None:
    """Numbers come from the file."""
    assert not any(re.search(r"\d", remedy.verdict) for remedy in REMEDIES.values())


def by_area(common: float, rare: float | None) -> dict[str, dict[str, dict[str, float | None]]]:
    """Two areas, alike by both modalities."""
    one = {"common": common, "rare": rare, "taken": 0.1, "usual": 0.5}
    return {name: {"optical": one, "radar": one} for name in ("a", "b")}


def test_a_row_tells_differences_and_leaves_out_what_is_not_there() -> None:
    """An area without a rare parcel that judges counts for common classes alone."""
    base, better = by_area(0.6, 0.2), by_area(0.7, 0.3)
    base["b"]["optical"] = base["b"]["radar"] = {**base["b"]["radar"], "rare": None}
    found = row("pulled", better, base)
    assert "0.700 | 0.300 | 0.100 | 0.500" in found
    assert "+0.100 (+0.100 to +0.100) | +0.100 (+0.100 to +0.100) | +0.000" in found


def test_the_section_has_a_table_for_each_set_of_areas() -> None:
    """And rows only of what was measured there."""
    states = {"shipped": by_area(0.6, 0.2), "fitted": by_area(0.7, 0.2)}
    both = {"development": states, "confirmation": states}
    page = section({"remedies": {"propagation": both, "softer": {"development": states}}})
    assert page.count("| `propagation` |") == 4
    assert page.count("| `softer` |") == 2
    assert "2 areas that chose nothing" in page

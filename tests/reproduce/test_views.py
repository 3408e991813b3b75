from __future__ import annotations

import torch

from s4_core.reproduce.views import (
    augmented,
    dates_apart,
    dates_in_halves,
    image_at,
    jittered,
    views_apart,
)
from s4_core.train.shifts import onto_first


def test_dates_are_drawn_among_those_that_are_there() -> None:
    torch.manual_seed(0)
    valid = torch.ones(64, 6, 2, 2, dtype=torch.bool)
    valid[:, 4:] = False
    first, second = dates_apart(valid)
    assert int(torch.maximum(first, second).max()) < 4
    assert bool((first != second).all())


def test_distant_dates_lie_in_the_other_half() -> None:
    torch.manual_seed(0)
    valid = torch.ones(200, 8, 2, 2, dtype=torch.bool)
    valid[:, 5:] = False  # halves of three and two dates
    now, near, far = dates_in_halves(valid)
    early = now < 3
    assert bool(((near < 3) == early).all())
    assert bool(((far < 3) != early).all())
    assert bool((now != near).all())
    assert {int(n) for n in torch.cat([now, near, far])} == {0, 1, 2, 3, 4}


def test_a_series_of_one_date_pairs_it_with_itself() -> None:
    valid = torch.zeros(5, 3, 2, 2, dtype=torch.bool)
    valid[:, 0] = True
    first, second = dates_apart(valid)
    assert first.tolist() == second.tolist() == [0] * 5
    assert [index.tolist() for index in dates_in_halves(valid)] == [[0] * 5] * 3


def test_an_image_is_the_date_asked_for() -> None:
    x = torch.arange(2 * 3 * 4.0).reshape(2, 3, 4, 1, 1)
    image = image_at(x, torch.tensor([1, 3]))
    assert image.shape == (2, 3, 1, 1, 1)
    torch.testing.assert_close(image[1, :, 0], x[1, :, 3])


def test_views_apart_show_the_same_ground_at_their_offset() -> None:
    torch.manual_seed(0)
    # every pixel tells its row and column
    x = torch.arange(16.0 * 16).reshape(1, 1, 1, 16, 16).repeat(20, 1, 1, 1, 1)
    valid = torch.ones(20, 1, 16, 16, dtype=torch.bool)
    (first, second), (seen, _), offsets = views_apart(x, valid, 8)
    assert first.shape == second.shape == (20, 1, 1, 8, 8)
    assert seen.shape == (20, 1, 8, 8)
    assert len(set(offsets)) > 10
    for a, b, (down, right) in zip(first, second, offsets):
        assert float(b[0, 0, 0, 0] - a[0, 0, 0, 0]) == 16 * down + right
    moved = onto_first(second, offsets)
    shown = onto_first(torch.ones_like(second), offsets) > 0
    torch.testing.assert_close(moved[shown], first[shown])


def test_jitter_moves_nothing() -> None:
    torch.manual_seed(0)
    x = torch.zeros(1, 1, 1, 16, 16)
    x[..., 4, 9] = 50.0
    changed = jittered(x)
    assert int(changed.flatten().argmax()) == int(x.flatten().argmax())
    assert not torch.equal(changed, x)


def test_augmented_images_keep_their_shape() -> None:
    assert augmented(torch.zeros(3, 2, 1, 8, 8)).shape == (3, 2, 1, 8, 8)

"""Draws of training parcels."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core.benchmark.splits import draw_splits

VALUES = [0, 0, 0, 1, 1, 2, -1, 3, 3, 3, 3]


def test_classes_with_more_than_k_parcels_take_part():
    assert draw_splits(VALUES, 1, 3, 0).classes == (0, 1, 3)
    assert draw_splits(VALUES, 2, 3, 0).classes == (0, 3)


def test_a_draw_holds_k_parcels_of_each_class_that_takes_part():
    for draw in draw_splits(VALUES, 2, 5, 0).draws:
        assert sorted(VALUES[index] for index in draw) == [0, 0, 3, 3]


def test_fewer_than_two_classes_give_no_split():
    found = draw_splits([0, 0, 0, 1], 1, 5, 0)
    assert (found.classes, found.draws) == ((0,), ())


def test_equal_draws_count_once():
    # two classes of two parcels: four different draws
    found = draw_splits([0, 0, 1, 1], 1, 50, 0)
    assert len(found.draws) == 4
    assert (found.asked, found.dropped) == (50, 46)


@settings(deadline=None, max_examples=40)
@given(
    values=st.lists(st.integers(-1, 4), min_size=1, max_size=25),
    k=st.integers(1, 3),
    asked=st.integers(1, 8),
    seed=st.integers(0, 99),
)
def test_draws_differ_leave_a_parcel_of_each_class_and_repeat_with_the_seed(values, k, asked, seed):
    found = draw_splits(values, k, asked, seed)
    drawn = [tuple(draw.tolist()) for draw in found.draws]
    assert len(set(drawn)) == len(drawn)
    for draw in drawn:
        for value in found.classes:
            members = {index for index, known in enumerate(values) if known == value}
            assert len(members & set(draw)) == k
            assert members - set(draw)
        assert {values[index] for index in draw} == set(found.classes)
    again = draw_splits(values, k, asked, seed)
    assert [tuple(draw.tolist()) for draw in again.draws] == drawn


def test_more_splits_begin_with_the_fewer():
    few, more = (draw_splits(VALUES, 1, asked, 0).draws for asked in (4, 9))
    assert [d.tolist() for d in more[: len(few)]] == [d.tolist() for d in few]

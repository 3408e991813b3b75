"""The order in which to label."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core.labelling import labelling_order


def test_narrow_margins_come_first() -> None:
    assert labelling_order([0.5, 0.1, 0.9, 0.3, 0.1], most=4) == [1, 4, 3, 0]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(0, 1), max_size=20), st.integers(0, 25))
def test_each_place_once(margins: list[float], most: int) -> None:
    order = labelling_order(margins, most)
    assert len(order) == len(set(order)) == min(most, len(margins))
    assert [margins[i] for i in order] == sorted(margins)[:most]

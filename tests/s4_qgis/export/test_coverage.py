"""Simplifying polygons that share boundaries."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qgis.core import QgsGeometry, QgsRectangle

from s4_core.errors import Cancelled
from s4_qgis.export.coverage import Polygon, simplified


def cells(labels: list[list[int]]) -> list[Polygon]:
    """Polygons of equal labels on a lattice of unit squares; 0 has none."""
    squares: dict[int, list[QgsGeometry]] = {}
    for row, line in enumerate(labels):
        for col, label in enumerate(line):
            square = QgsGeometry.fromRect(QgsRectangle(col, row, col + 1, row + 1))
            squares.setdefault(label, []).append(square)
    squares.pop(0, None)
    found = []
    for label, parts in squares.items():
        union = QgsGeometry.unaryUnion(parts)
        found += [(label, part) for part in (union.asGeometryCollection() or [union])]
    return found


def go_on(_fraction: float) -> None:
    """Never stops."""


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.integers(0, 3), min_size=8, max_size=8), min_size=8, max_size=8))
def test_no_overlaps_and_no_more_than_was_covered(labels: list[list[int]]) -> None:
    polygons = cells(labels)
    if not polygons:
        return
    result = simplified(polygons, 1.0, go_on)
    total = sum(g.area() for _, g in result)
    union = QgsGeometry.unaryUnion([g for _, g in result])
    assert union.area() == pytest.approx(total, abs=1e-9)  # nothing twice
    assert {label for label, _ in result} == {label for label, _ in polygons}
    before = QgsGeometry.unaryUnion([g for _, g in polygons])
    # boundaries move by the tolerance at most; specks of its size may vanish altogether
    assert union.isEmpty() or before.buffer(1.0 + 1e-9, 16).contains(union)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.lists(st.integers(0, 3), min_size=6, max_size=6), min_size=6, max_size=6))
def test_without_tolerance_nothing_changes(labels: list[list[int]]) -> None:
    polygons = cells(labels)
    if not polygons:
        return
    areas: dict[int, float] = {}
    for label, geometry in simplified(polygons, 0.0, go_on):
        areas[label] = areas.get(label, 0.0) + geometry.area()
    expected: dict[int, float] = {}
    for label, geometry in polygons:
        expected[label] = expected.get(label, 0.0) + geometry.area()
    assert areas == pytest.approx(expected)


def test_holes_stay_holes() -> None:
    ring = [[1, 1, 1, 1], [1, 0, 0, 1], [1, 0, 2, 1], [1, 1, 1, 1]]
    result = simplified(cells(ring), 0.1, go_on)
    assert sorted((label, geometry.area()) for label, geometry in result) == [(1, 12.0), (2, 1.0)]


def test_stopped() -> None:
    def stop(_fraction: float) -> None:
        raise Cancelled()

    with pytest.raises(Cancelled):
        simplified(cells([[1, 2]]), 0.5, stop)

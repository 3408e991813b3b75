"""Modules that are imported when they are used."""

from __future__ import annotations

import sys

import pytest

from s4_qgis.later import Later


def test_imported_when_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    colorsys = Later("colorsys")
    assert "colorsys" not in sys.modules
    assert colorsys.rgb_to_hsv(1, 0, 0) == (0, 1, 1)
    assert "colorsys" in sys.modules
    with pytest.raises(AttributeError, match="nothing"):
        _ = colorsys.nothing

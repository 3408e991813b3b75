"""GDAL reports failures in two ways: the plugin must stand both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from osgeo import gdal, ogr, osr


@pytest.fixture(params=[True, False], ids=["exceptions", "codes"])
def gdal_exceptions(request: pytest.FixtureRequest) -> Iterator[bool]:
    """Whether GDAL raises exceptions, as plugins may ask it to, or returns codes."""
    raising = [module for module in (ogr, osr, gdal) if module.GetUseExceptions()]
    if not request.param:
        for module in raising:  # the last that was switched on is the first to be switched off
            module.DontUseExceptions()
    yield request.param
    if not request.param:
        for module in reversed(raising):
            module.UseExceptions()

"""Modules that are imported when they are first used, so that QGIS starts as fast without us.

if TYPE_CHECKING:
    from s4_qgis import requests
else:
    requests = Later("s4_qgis.requests")
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Later:
    """Stands for a module until something of it is asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)

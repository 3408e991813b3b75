"""Which interpreter runs the engine, and whether it can."""

from __future__ import annotations

import os

from s4_core.errors import S4Error
from s4_qgis.engine.conversation import worker_error
from s4_qgis.i18n import tr
from s4_qgis.settings import PluginSettings

VARIABLE = "S4_ENGINE_PYTHON"
"""Names the engine's interpreter in tests and development, before everything else."""


def engine_python() -> str:
    """The engine's interpreter.

    Raises:
        S4Error: there is none yet (code "engine").
    """
    python = os.environ.get(VARIABLE) or PluginSettings().engine_python
    if not python:
        raise no_engine()
    return python


def no_engine() -> S4Error:
    """The error where the engine was not installed yet."""
    return worker_error(
        tr("The engine is not installed yet."),
        tr("Install it, or name an interpreter, on the engine page of the plugin."),
        "engine",
    )

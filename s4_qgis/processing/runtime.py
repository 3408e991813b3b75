"""Parameters of every algorithm that runs a network: where it runs, and single settings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from s4_qgis.choices import DEVICES
from s4_qgis.i18n import tr
from s4_qgis.later import Later
from s4_qgis.processing.area import add_advanced
from s4_qgis.processing.choice import ChoiceParameter
from s4_qgis.processing.given import Given

if TYPE_CHECKING:
    from s4_core import protocol
    from s4_qgis import requests, settings
else:
    requests = Later("s4_qgis.requests")
    settings = Later("s4_qgis.settings")

DEVICE, THREADS, SETTINGS = "DEVICE", "THREADS", "SETTINGS"

AS_SET = "settings"
"""Choice of the device: what the plugin's settings say."""


def add_runtime(algorithm: QgsProcessingAlgorithm) -> None:
    """Device and threads, under Advanced."""
    texts = (tr("As in the plugin's settings"), tr("A GPU if there is one"), tr("CPU"), tr("GPU"))
    add_advanced(
        algorithm, ChoiceParameter(DEVICE, tr("Device"), (AS_SET, *DEVICES), texts, AS_SET)
    )
    add_advanced(
        algorithm,
        QgsProcessingParameterNumber(
            THREADS,
            tr("CPU threads (empty: as in the plugin's settings)"),
            QgsProcessingParameterNumber.Type.Integer,
            optional=True,
            minValue=1,
        ),
    )


def add_settings(algorithm: QgsProcessingAlgorithm) -> None:
    """Single settings of the configuration, under Advanced."""
    add_advanced(
        algorithm,
        QgsProcessingParameterString(
            SETTINGS,
            tr("Further settings, one a line: key = value"),
            multiLine=True,
            optional=True,
        ),
    )


def read_runtime(given: Given) -> protocol.Runtime:
    """Device and threads: what was given over the plugin's settings."""
    stated = settings.runtime()
    device, threads = given.choice(DEVICE), given.whole(THREADS)
    if device != AS_SET:
        stated = replace(stated, device=device)
    return stated if threads is None else replace(stated, threads=threads)


def read_settings(given: Given) -> dict[str, Any]:
    """Single settings.

    Raises:
        ConfigurationError: a line that is not `key = value`.
    """
    return requests.overrides_from_text(given.text(SETTINGS))

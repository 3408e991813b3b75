"""The engine's messages as feedback of an algorithm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.core import QgsProcessingFeedback

from s4_qgis.i18n import tr

_METRICS_EVERY = 0.05
"""Share of the job between two lines of metrics: a log, not a flood."""


class Teller:
    """Tells an algorithm's feedback what the engine says.

    Args:
        start, end: share of the algorithm's progress that the job is, 0..1.
    """

    def __init__(
        self, feedback: QgsProcessingFeedback, start: float = 0.0, end: float = 1.0
    ) -> None:
        self._feedback = feedback
        self._start, self._span = start, end - start
        self._stage = ""
        self._metrics_at = -1.0

    def tell(self, message: Mapping[str, Any]) -> None:
        """Pass one message on."""
        kind = message.get("type")
        if kind == "progress":
            self._progress(message)
        elif kind == "log" and message.get("level") == "warning":
            self._feedback.pushWarning(str(message["message"]))
        elif kind == "log":
            self._feedback.pushInfo(str(message["message"]))
        elif kind == "hello" and message["device"] != "none":
            self._feedback.pushInfo(
                tr("Engine {version} on {device}. {reason}").format(
                    version=message["engine"], device=message["device"], reason=message["reason"]
                )
            )

    def _progress(self, message: Mapping[str, Any]) -> None:
        fraction, stage = float(message["fraction"]), str(message["stage"])
        self._feedback.setProgress(100 * (self._start + self._span * fraction))
        if stage != self._stage:
            self._stage, self._metrics_at = stage, -1.0
            self._feedback.pushInfo(stage)
        metrics = message.get("metrics")
        if metrics and fraction - self._metrics_at >= _METRICS_EVERY:
            self._metrics_at = fraction
            values = ", ".join(f"{name} {value:.4g}" for name, value in metrics.items())
            self._feedback.pushInfo(f"{fraction:.0%}  {values}")

"""What failed, in the user's language: the engine's own messages and remedies are English."""

from __future__ import annotations

from s4_qgis.i18n import mark, tr

HEADLINES = {
    "input": mark("An input file cannot be used."),
    "area": mark("These images cannot be used as an area."),
    "dates": mark("The images do not tell when they were taken."),
    "raster": mark("An image cannot be used."),
    "bands": mark("The images do not tell which bands they have."),
    "labels": mark("The parcels cannot be used."),
    "configuration": mark("A setting does not fit."),
    "checkpoint": mark("The model cannot be used."),
    "output": mark("The result cannot be written."),
    "training": mark("The training cannot go on."),
    "memory": mark("The memory does not suffice."),
    "cluster": mark("The cluster cannot be used."),
    "source": mark("A source of images cannot be used."),
    "confirm": mark("This is a large job."),
}
"""By the error's code (s4_core/errors.py); what the plugin says itself is translated as it is."""


def told(code: str, message: str) -> str:
    """A failure's message, behind a sentence in the user's language where that is not English."""
    headline = HEADLINES.get(code, "")
    translated = tr(headline) if headline else ""
    return message if translated == headline else f"{translated}\n{message}"

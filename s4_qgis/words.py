"""Words of the engine that users read: `tr(word)` shows them, this list has them translated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from s4_qgis.i18n import mark, tr

WORDS = (
    # modalities
    mark("optical"),
    mark("radar"),
    mark("both"),
    # stages of jobs
    mark("read the images"),
    mark("pretrain"),
    mark("finetune"),
    mark("features"),
    mark("readout"),
    mark("compare"),
    mark("series of the random forest"),
    mark("random forest"),
    mark("segment"),
    mark("count"),
    mark("write map"),
    mark("evaluate"),
    mark("draw the report"),
    mark("forecast"),
    mark("fetch"),
    mark("search"),
    mark("download"),
    mark("few parcels"),
    mark("fine-tune"),
    mark("import"),
    mark("recognise"),
    mark("figures"),
)

NOTES = (
    mark(
        "This area is simulated: a simulator made its images and parcels, and the numbers say"
        " nothing of any real place."
    ),
    mark(
        "The model learned its classes from simulated images and parcels; the images that were"
        " mapped are real."
    ),
    mark(
        "The model was pretrained in part on simulated areas; the images that were mapped are real."
    ),
    mark("The model was pretrained only on simulated areas; the images that were mapped are real."),
    mark("The model was trained in part on simulated areas; the images that were mapped are real."),
    mark("The model was trained only on simulated areas; the images that were mapped are real."),
    mark("The model learned its classes from simulated images and parcels."),
    mark("The model was pretrained in part on simulated areas."),
    mark("The model was pretrained only on simulated areas."),
    mark("The model was trained in part on simulated areas."),
    mark("The model was trained only on simulated areas."),
)
"""What the engine says of maps, and of comparisons, that rest on simulated data, see
s4_core/simulated.py."""


def simulated_text(result: Mapping[str, Any]) -> str:
    """What a map's result says of simulated data, in the user's language; "" where all is real.

    The banner stands only where the area itself is simulated: a map of real images by a model that
    also learned from simulated ones is no simulated map.
    """
    note = str(result.get("simulated_note") or "")
    if not note or result.get("simulated") not in ("only", True):
        return tr(note) if note else ""
    banner = mark("SIMULATED DATA.")
    return f"{tr(banner)} {tr(note)}"

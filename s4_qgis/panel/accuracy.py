"""What is known of a map's accuracy, in words and as a confusion matrix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from s4_qgis.i18n import tr
from s4_qgis.panel.confusion import Matrix, matrix_of


def accuracy_text(metrics: Mapping[str, Any]) -> str:
    """The scores of a map with their spreads, and what they leave out."""
    if not metrics:
        return ""
    said = [
        tr("Mean IoU {score}").format(score=_spread(metrics["miou"])),
        tr("Overall accuracy {score}").format(
            score=_spread({"value": metrics["oa"], **metrics.get("oa_spread", {})})
        ),
    ]
    adjusted = (metrics.get("adjusted") or {}).get("oa")
    if adjusted:
        said.append(tr("Overall accuracy by the sample {score}").format(score=_spread(adjusted)))
    if metrics.get("n_parcels"):
        said.append(tr("{n} reference parcels").format(n=metrics["n_parcels"]))
    return "\n".join([*said, *(str(text) for text in metrics.get("caveats", ()))])


def without_judging(record: Mapping[str, Any]) -> str:
    """Whose scores are shown where no parcels were kept back to judge the map; "" without any.

    Args:
        record: of the training.
    """
    if (record.get("validation") or {}).get("scheme", "none") == "none":
        return ""
    return tr(
        "All parcels trained the model, so these are the scores of the training, not of this map."
        " A random sample, below, judges the map itself."
    )


def matrix_in(metrics: Mapping[str, Any], record: Mapping[str, Any], classes: Any) -> Matrix:
    """The confusion matrix of the map, else that of the training."""
    if metrics:
        return matrix_of(metrics["classes"], metrics["confusion"])
    found = (record.get("validation") or {}).get("confusion")
    return matrix_of(list(classes), found) if found and classes else Matrix((), (), ())


def _spread(score: Mapping[str, Any]) -> str:
    if score.get("value") is None:
        return "–"
    if score.get("low") is None or score.get("high") is None:
        return f"{score['value']:.2f}"
    return tr("{value} ({low} to {high})").format(
        value=f"{score['value']:.2f}", low=f"{score['low']:.2f}", high=f"{score['high']:.2f}"
    )

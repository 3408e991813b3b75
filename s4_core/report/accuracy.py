"""Sections on how good the maps are."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np

from s4_core.report.collect import MapRun, Run
from s4_core.report.figures import confusion_figure, image, reliability_figure
from s4_core.report.wording import bullets, number, spread, swatch, table

NOT_ASSESSABLE = '<span class="none">not assessable</span>'


def scores(run: Run) -> str:
    """A card a map: mIoU and overall accuracy with their spread over parcels or points."""
    cards = "".join(_card(m) for m in run.maps)
    return f'<div class="cards">{cards}</div>'


def _card(run: MapRun) -> str:
    metrics = run.metrics
    if metrics is None:
        return f'<div class="card"><h3>{escape(run.name)}</h3><p>Not evaluated.</p></div>'
    miou, accuracy = metrics["miou"], metrics.get("oa_spread") or {}
    lines = [f"<h3>{escape(run.name)}</h3>", _big(miou, _unit(metrics))]
    overall = spread(accuracy.get("low"), accuracy.get("high"))
    lines.append(f"<p>overall accuracy <b>{number(metrics['oa'])}</b>{_bracketed(overall)}</p>")
    if metrics.get("ece") is not None:
        lines.append(f"<p>calibration error <b>{number(metrics['ece'])}</b></p>")
    lines.append(f"<p>{escape(_basis(metrics))}</p>")
    return f'<div class="card">{"".join(lines)}</div>'


def _unit(metrics: dict[str, Any]) -> str:
    """What was observed, "parcels" or "points"."""
    return "points" if metrics.get("unit") == "points" else "parcels"


def _big(miou: dict[str, Any], unit: str) -> str:
    if miou["value"] is None:
        return f'<div class="big">{NOT_ASSESSABLE}</div>'
    over = spread(miou.get("low"), miou.get("high"))
    small = f"mean IoU, {over} over {unit}" if over else f"mean IoU; {miou.get('reason', '')}"
    return f'<div class="big">{number(miou["value"])}<small>{escape(small)}</small></div>'


def _bracketed(text: str) -> str:
    return f" ({text})" if text else ""


def _basis(metrics: dict[str, Any]) -> str:
    covered = [n for n, value in metrics["iou"].items() if value is not None]
    over = f"over {', '.join(covered)}" if covered else "no class can be assessed"
    if metrics["n_parcels"] is None:
        return f"on {metrics['reference_px']} reference pixels, {over}"
    parcels = sum(metrics["parcels"][name] for name in covered)
    kept = " that did not train the model" if metrics.get("exclude_parcels") else ""
    return f"on {parcels} {_unit(metrics)}{kept}, {over}"


def accuracy(run: MapRun) -> str:
    """Scores per class, confusion matrix, calibration and what limits them."""
    metrics = run.metrics
    if metrics is None:
        return ""
    matrix = np.array(metrics["confusion"], np.int64)
    parts = [f"<h3>{escape(run.name.capitalize())}</h3>", '<div class="side">']
    parts.append(f"<div>{_class_table(run, metrics)}{_notes(metrics)}</div>")
    confusion = image(
        confusion_figure(matrix, run.legend),
        f"Confusion matrix of the {run.name} map",
        "<b>Confusion matrix</b>, pixels; rows are the reference, columns the map.",
        "plain",
    )
    parts.append(f"<div>{confusion}</div></div>")
    return "".join(parts)


def _class_table(run: MapRun, metrics: dict[str, Any]) -> str:
    parcels = metrics.get("parcels") or {}
    rows = []
    for known in run.legend.classes:
        name = known.name
        scores = [metrics[key].get(name) for key in ("iou", "f1", "precision", "recall")]
        cells = [number(score) if score is not None else "" for score in scores]
        if scores[0] is None:
            cells = [NOT_ASSESSABLE, "", "", ""]
        rows.append([f"{swatch(known.colour)}{escape(name)}", str(parcels.get(name, "–")), *cells])
    return table(["class", _unit(metrics), "IoU", "F1", "precision", "recall"], rows)


def _notes(metrics: dict[str, Any]) -> str:
    said = list(metrics.get("caveats", []))
    if metrics["miou"].get("low") is not None:
        unit = _unit(metrics)
        said.append(
            f"Spreads hold 95 % of 1000 redraws of the {unit} within their classes: {unit}, not"
            " pixels, are what was observed."
        )
    return f'<div class="notes">{bullets(said)}</div>' if said else ""


def calibration(run: Run) -> str:
    """Whether the confidence of each map can be believed."""
    figures = [
        image(
            reliability_figure(m.metrics["reliability"]),
            f"Reliability of the {m.name} map's confidence",
            f"<b>{escape(m.name.capitalize())}</b>, expected calibration error"
            f" {number(m.metrics['ece'])}",
            "plain small",
        )
        for m in run.maps
        if m.metrics and m.metrics.get("reliability")
    ]
    if not figures:
        return ""
    return (
        "<h3>Can the confidence be believed?</h3><p>Where the map is 80 % sure, 80 % of the"
        " pixels should be right: on the dashed line. Larger dots stand for more pixels.</p>"
        f'<div class="grid">{"".join(figures)}</div>'
    )

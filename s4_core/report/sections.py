"""The sections of the page, each a piece of HTML."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from s4_core.report.collect import MapRun, Run
from s4_core.report.figures import (
    confusion_figure,
    curves_figure,
    data_uri,
    map_figure,
    reliability_figure,
)
from s4_core.report.scenes import (
    Scene,
    confidence_values,
    map_scene,
    picture_grid,
    reference_of,
    reference_scene,
    true_colour,
)
from s4_core.report.wording import bullets, hectares, number, pairs, spread, swatch, table
from s4_core.types import Grid

NOT_ASSESSABLE = '<span class="none">not assessable</span>'


def header(run: Run, title: str | None) -> str:
    """Title, what was mapped, and the banner where anything is simulated."""
    tags = run.maps[0].raster.tags
    name = tags.get("S4_AREA") or run.folder.resolve().name
    modalities = " and ".join(m.name for m in run.maps)
    season = tags.get("S4_SEASON", "").replace(":", " to ")
    parts = [f"{len(run.maps[0].legend)} classes", f"from {modalities} images"]
    if season:
        parts.append(f"season {season}")
    if tags.get("S4_UNTIL"):
        parts.append(f"images until {tags['S4_UNTIL']}")
    return (
        f"<h1>{escape(title or f'Crop map of {name}')}</h1>"
        f'<p class="sub">{escape(", ".join(parts))}</p>{_banner(run)}'
    )


def _banner(run: Run) -> str:
    resting = [m.simulated for m in run.maps if m.simulated != "no"]
    is_area = bool(run.area and run.area.simulated) or any("area" in what for what in resting)
    if not resting and not is_area:
        return ""
    text = (
        "The images and the reference were made by a simulator: these numbers say nothing of any"
        " real place."
        if is_area
        else "The model learned from simulated images, wholly or in part; the images that were"
        " mapped are real."
    )
    return f'<div class="banner"><strong>SIMULATED DATA.</strong> {text}</div>'


def scores(run: Run) -> str:
    """A card a map: mIoU and overall accuracy with their spread over parcels."""
    cards = "".join(_card(m) for m in run.maps)
    return f'<div class="cards">{cards}</div>'


def _card(run: MapRun) -> str:
    metrics = run.metrics
    if metrics is None:
        return f'<div class="card"><h3>{escape(run.name)}</h3><p>Not evaluated.</p></div>'
    miou, accuracy = metrics["miou"], metrics.get("oa_spread") or {}
    lines = [f"<h3>{escape(run.name)}</h3>", _big(miou)]
    overall = spread(accuracy.get("low"), accuracy.get("high"))
    lines.append(f"<p>overall accuracy <b>{number(metrics['oa'])}</b>{_bracketed(overall)}</p>")
    if metrics.get("ece") is not None:
        lines.append(f"<p>calibration error <b>{number(metrics['ece'])}</b></p>")
    lines.append(f"<p>{escape(_basis(metrics))}</p>")
    return f'<div class="card">{"".join(lines)}</div>'


def _big(miou: dict[str, Any]) -> str:
    if miou["value"] is None:
        return f'<div class="big">{NOT_ASSESSABLE}</div>'
    over = spread(miou.get("low"), miou.get("high"))
    small = f"mean IoU, {over} over parcels" if over else f"mean IoU; {miou.get('reason', '')}"
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
    return f"on {parcels} parcels{kept}, {over}"


def maps(run: Run, missing: list[str]) -> str:
    """True colour, reference, maps and confidences with one legend."""
    grid = picture_grid(run)
    reference = reference_of(run.maps[0], grid, missing)
    scenes = [true_colour(run, grid, missing)]
    if reference is not None:
        scenes.append(reference_scene(run.maps[0], reference))
    scenes += [map_scene(m, grid, reference) for m in run.maps]
    figures = [_scene(scene, grid) for scene in scenes if scene is not None]
    figures += [figure for m in run.maps if (figure := _confidence(m, grid))]
    return f'{_legend(run.maps[0])}<div class="grid">{"".join(figures)}</div>'


def _legend(run: MapRun) -> str:
    items = "".join(
        f"<li>{swatch(known.colour)}{escape(known.name)}</li>" for known in run.legend.classes
    )
    return f'<ul class="legend">{items}</ul>'


def _scene(scene: Scene, grid: Grid) -> str:
    note = f" {escape(scene.note)}" if scene.note else ""
    return image(
        map_figure(scene.picture, grid), scene.title, f"<b>{escape(scene.title)}</b>{note}"
    )


def _confidence(run: MapRun, grid: Grid) -> str:
    values = confidence_values(run, grid)
    if values is None or not np.isfinite(values).any():
        return ""
    least = 1 / len(run.legend)
    bar = {"cmap": "YlGnBu", "vmin": least, "vmax": 1.0}
    title = f"Confidence of the {run.name} map"
    mean = float(np.nanmean(values))
    note = f"light = {least:.2f} (a guess), dark = 1; mean {mean:.2f}"
    return image(map_figure(values, grid, bar=bar), title, f"<b>{escape(title)}</b> {note}")


def image(figure: Figure, alternative: str, caption: str = "", kind: str = "") -> str:
    """A figure that stands in the page, with its caption (HTML)."""
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return (
        f'<figure class="{kind}"><img alt="{escape(alternative)}" src="{data_uri(figure)}">'
        f"{below}</figure>"
    )


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
    return table(["class", "parcels", "IoU", "F1", "precision", "recall"], rows)


def _notes(metrics: dict[str, Any]) -> str:
    said = list(metrics.get("caveats", []))
    if metrics["miou"].get("low") is not None:
        said.append(
            "Spreads hold 95 % of 1000 redraws of the parcels within their classes: parcels, not"
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


def areas(run: Run) -> str:
    """Hectares per class of every map, with intervals or the reason why there is none."""
    header_cells, columns, reasons = ["class"], [], []
    for m in run.maps:
        header_cells.append(f"{escape(m.name)}, ha")
        columns.append({row["class"]: hectares(float(row["hectares"])) for row in m.areas})
        adjusted = _adjusted(m)
        if adjusted:
            header_cells.append(f"{escape(m.name)}, adjusted (95 %)")
            columns.append(adjusted)
        reasons.append(f"{m.name}: {(m.metrics or {}).get('areas_reason') or _reason(m)}")
    rows = [
        [f"{swatch(known.colour)}{escape(known.name)}", *(c.get(known.name, "–") for c in columns)]
        for known in run.maps[0].legend.classes
    ]
    notes = bullets(reasons) if not all(_adjusted(m) for m in run.maps) else ""
    return f'{table(header_cells, rows)}<div class="notes">{notes}</div>'


def _reason(run: MapRun) -> str:
    return run.areas[0].get("interval", "") if run.areas else "no table of areas"


def _adjusted(run: MapRun) -> dict[str, str]:
    found = {}
    for row in (run.metrics or {}).get("areas", []):
        if row.get("adjusted"):
            a = row["adjusted"]
            found[row["name"]] = (
                f"{hectares(a['value'])} ({hectares(a['low'])} to {hectares(a['high'])})"
            )
    return found


def training(run: Run) -> str:
    """Curves of the pretraining and of each fine-tuning."""
    panels = []
    if run.pretraining:
        panels.append(("Pretraining", "loss", _curves(run.pretraining)))
    for m in run.maps:
        if len(m.curve) > 1:
            panels.append((f"Fine-tuning, {m.name}", "", _curves(m.curve)))
    if not panels:
        return ""
    return image(curves_figure(panels), "Training curves", "", "plain")


def _curves(rows: tuple[dict[str, Any], ...]) -> list[tuple[str, list[float], list[float]]]:
    """The quantities of a curve file that have numbers, but not its clock and schedule."""
    skipped = {"epoch", "step", "seconds", "learning_rate"}
    names = [name for name in rows[0] if name not in skipped]
    curves = []
    for name in names:
        points = [(r["epoch"], r[name]) for r in rows if isinstance(r.get(name), (int, float))]
        if points:
            x, y = (list(values) for values in zip(*points))
            curves.append((name.replace("_", " "), x, y))
    return curves[:4]


def provenance(run: Run) -> str:
    """Where everything comes from."""
    parts = []
    if run.area is not None:
        images = ", ".join(f"{len(run.area.of(m))} {m}" for m in run.area.modalities)
        parts.append(pairs({"Area": run.area.path, "Images there": images}))
    for m in run.maps:
        tags, metrics = m.raster.tags, m.metrics or {}
        parts.append(f"<h3>{escape(m.name.capitalize())} map</h3>")
        parts.append(
            pairs(
                {
                    "Map": m.raster.path,
                    "Model": tags.get("S4_MODEL"),
                    "Images used": tags.get("S4_DATES"),
                    "Season": tags.get("S4_SEASON"),
                    "Reference": metrics.get("reference"),
                    "Trained on": metrics.get("exclude_parcels"),
                    "Simulated": None if m.simulated == "no" else m.simulated,
                    "S4": tags.get("S4_VERSION"),
                }
            )
        )
        if m.card is not None:
            parts.append(_record(m.card.record))
    return "".join(parts)


def _record(record: dict[str, Any]) -> str:
    """The plain entries of a training record."""
    shown = {
        key.replace("_", " ").capitalize(): ", ".join(map(str, value))
        if isinstance(value, list)
        else value
        for key, value in record.items()
        if isinstance(value, (str, int, float)) or _is_plain_list(value)
    }
    return pairs(shown)


def _is_plain_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, (str, int, float)) for item in value)

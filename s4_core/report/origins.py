"""Sections on what was made, how it was trained and where everything comes from."""

from __future__ import annotations

from html import escape
from typing import Any

from s4_core.report.collect import Run
from s4_core.report.figures import curves_figure, image
from s4_core.report.wording import pairs
from s4_core.simulated import BANNER, NONE, joined, sentence, word_of_map


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
    sources = [m.simulated for m in run.maps if m.simulated != NONE]
    if run.area is not None and run.area.simulated:
        sources.append("area")
    text = sentence(joined(sources))
    if text is None:
        return ""
    head = f"<strong>{BANNER}</strong> " if word_of_map(joined(sources)) == "only" else ""
    return f'<div class="banner">{head}{escape(text)}</div>'


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
                    "Simulated": None if m.simulated == NONE else m.simulated,
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

"""Sections on what lies on the ground: the maps, and the hectares of each class."""

from __future__ import annotations

from html import escape

import numpy as np

from s4_core.report.collect import MapRun, Run
from s4_core.report.figures import image, map_figure
from s4_core.report.scenes import (
    Scene,
    confidence_values,
    map_scene,
    picture_grid,
    reference_of,
    reference_scene,
    true_colour,
)
from s4_core.report.wording import bullets, hectares, swatch, table
from s4_core.types import Grid, MapClass

EVERY_PIXEL = (
    "every pixel has a class, also roads, houses and woods; `s4 segment --within` keeps the map"
    " and the areas to cropland"
)


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
    return f'{_legend(run)}<div class="grid">{"".join(figures)}</div>'


def _classes(run: Run) -> list[MapClass]:
    """The classes of all maps, each name once."""
    return list({c.name: c for m in run.maps for c in m.legend.classes}.values())


def _legend(run: Run) -> str:
    items = "".join(
        f"<li>{swatch(known.colour)}{escape(known.name)}</li>" for known in _classes(run)
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
        else:
            reasons.append((m.metrics or {}).get("areas_reason") or _reason(m))
        if not m.record.get("within"):
            reasons.append(EVERY_PIXEL)
    rows = [
        [f"{swatch(known.colour)}{escape(known.name)}", *(c.get(known.name, "–") for c in columns)]
        for known in _classes(run)
    ]
    notes = bullets([reason[0].upper() + reason[1:] for reason in dict.fromkeys(reasons)])
    return f'{table(header_cells, rows)}<div class="notes">{notes}</div>'


def _reason(run: MapRun) -> str:
    return run.areas[0].get("interval") or "no interval" if run.areas else "no table of areas"


def _adjusted(run: MapRun) -> dict[str, str]:
    found = {}
    for row in (run.metrics or {}).get("areas", []):
        if row.get("adjusted"):
            a = row["adjusted"]
            found[row["name"]] = (
                f"{hectares(a['value'])} ({hectares(a['low'])} to {hectares(a['high'])})"
            )
    return found

"""One self-contained HTML page of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from s4_core import __version__
from s4_core.progress import Stage
from s4_core.report.accuracy import accuracy, calibration, scores
from s4_core.report.collect import Run, collect
from s4_core.report.ground import areas, maps
from s4_core.report.origins import header, provenance, training
from s4_core.report.style import CSS
from s4_core.report.wording import bullets


@dataclass(frozen=True)
class Page:
    """A page and what it could not show."""

    html: str
    missing: tuple[str, ...]


def build_page(folder: Path, title: str | None, stage: Stage) -> Page:
    """Draw the page of a run's folder; images stand in it, nothing is loaded from elsewhere.

    Raises:
        InputError: there is no class map in the folder.
        Cancelled: the user stopped it.
    """
    run = collect(folder)
    missing = list(run.missing)
    parts: list[tuple[str, Callable[[], str]]] = [
        ("", lambda: header(run, title) + scores(run)),
        ("Maps", lambda: maps(run, missing)),
        ("Accuracy", lambda: _accuracy(run)),
        ("Areas", lambda: areas(run)),
        ("Training", lambda: training(run)),
        ("Where it comes from", lambda: provenance(run)),
    ]
    body = []
    for done, (heading, draw) in enumerate(parts):
        stage.step(done, len(parts))
        drawn = draw()
        if drawn:
            body.append((f"<h2>{heading}</h2>" if heading else "") + f"<section>{drawn}</section>")
    stage.step(len(parts), len(parts))
    if missing:
        body.append(f"<h2>Not found</h2><section>{bullets(missing)}</section>")
    return Page(_document(title or f"Crop map, {folder.name}", "".join(body)), tuple(missing))


def _accuracy(run: Run) -> str:
    return "".join(accuracy(m) for m in run.maps) + calibration(run)


def _document(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{CSS}</style></head><body><main>{body}"
        f"<footer>Drawn by S4 {__version__}.</footer></main></body></html>\n"
    )

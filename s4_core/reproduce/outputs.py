"""Tables, figures and the page of a reproduction, from the cells that have run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from s4_core import io
from s4_core.progress import Silent, Stage
from s4_core.reproduce.cells import Cell
from s4_core.reproduce.cloudiness import HEADER as CLOUD_HEADER
from s4_core.reproduce.cloudiness import cloud_figure, cloud_markdown, gains
from s4_core.reproduce.experiment import Experiments
from s4_core.reproduce.pictures import PICTURES
from s4_core.reproduce.probing import HEADER as PROBE_HEADER
from s4_core.reproduce.probing import Probe, probe_markdown, probes_of
from s4_core.reproduce.rendering import Filled, markdown, save_png, systems, write_table
from s4_core.reproduce.request import Request
from s4_core.reproduce.results import Result
from s4_core.reproduce.tables import TABLES


def write_outputs(
    request: Request, experiments: Experiments, results: Mapping[Cell, Result]
) -> list[Path]:
    """Everything that was asked for; a table that lacks cells says so, a figure is left out.

    Raises:
        OutputError: the folder cannot be written.
    """
    filled = [
        Filled.of(TABLES[name], request.scale, results, seeds=request.seeds, folds=request.folds)
        for name in request.what
        if name in TABLES
    ]
    written = [path for one in filled for path in write_table(one, request.out, request.command)]
    for name in request.what:
        if name in PICTURES:
            written += _picture(name, request.out, experiments, results)
        elif name == "fig9":
            written += _clouds(request, results)
    probes = []
    if "probes" in request.what:
        probes = probes_of(experiments, results, Stage(Silent(), ""))
        written += _probes(request, probes)
    return [*written, _page(request, filled, results, probes, written)]


def _picture(
    name: str, out: Path, experiments: Experiments, results: Mapping[Cell, Result]
) -> list[Path]:
    """A figure whose cells have run."""
    if not all(cell in results for cell in PICTURES[name].cells):
        return []
    # a run that is being stopped still shows what it has: nobody is asked here
    figure = PICTURES[name].draw(experiments, Stage(Silent(), ""))
    path = out / f"{name}.png"
    save_png(figure, path)
    return [path]


def _clouds(request: Request, results: Mapping[Cell, Result]) -> list[Path]:
    """Figure 9: picture, numbers, and the ordering in words."""
    found = gains(results)
    if not found:
        return []
    paths = [request.out / f"fig9{suffix}" for suffix in (".md", ".csv", ".png")]
    io.write_text(paths[0], cloud_markdown(results, request.command))
    io.write_table(paths[1], CLOUD_HEADER, [gain.row() for gain in found])
    save_png(cloud_figure(results), paths[2])
    return paths


def _probes(request: Request, probes: Sequence[Probe]) -> list[Path]:
    """Frozen features: the table and its numbers."""
    if not probes:
        return []
    paths = [request.out / f"probes{suffix}" for suffix in (".md", ".csv")]
    io.write_text(paths[0], probe_markdown(probes, request.command))
    io.write_table(paths[1], PROBE_HEADER, [row for one in probes for row in one.rows()])
    return paths


def _page(
    request: Request,
    filled: Sequence[Filled],
    results: Mapping[Cell, Result],
    probes: Sequence[Probe],
    written: Sequence[Path],
) -> Path:
    """All tables and figures in one page."""
    rows = list({row.method: row for one in filled for row in one.table.rows}.values())
    clouds = [cloud_markdown(results, request.command)] if "fig9" in request.what else []
    pictures = [path for path in written if path.suffix == ".png"]
    parts = [
        "# Reproduction of the paper\n",
        "Written by `s4 reproduce`, never by hand.\n",
        *(markdown(one, request.command) for one in filled),
        *clouds,
        *([probe_markdown(probes, request.command)] if probes else []),
        *(f"![{path.stem}]({path.name})\n" for path in pictures),
        "## Systems\n",
        *systems(rows),
    ]
    path = request.out / "reproduction.md"
    io.write_text(path, "\n".join(parts) + "\n")
    return path

"""The tables: which cells they consist of, and what the paper has in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from s4_core.reproduce import paper_results
from s4_core.reproduce.cells import Cell
from s4_core.reproduce.methods import method_named
from s4_core.reproduce.paper_results import Place
from s4_core.reproduce.scales import Scale


@dataclass(frozen=True)
class Row:
    """A system, or a variant of one.

    Args:
        method: its key. paper: the paper's name of the row, None where it has none.
        location: of the pretraining set.
    """

    method: str
    paper: str | None = None
    location: str = "same"

    @property
    def label(self) -> str:
        """For people."""
        other = "" if self.location == "same" else ", pretrained elsewhere"
        return method_named(self.method).label + other


@dataclass(frozen=True)
class Claim:
    """An ordering that the paper states: `better` above `worse` in each of `places`.

    Args:
        better, worse: rows of the table.
    """

    text: str
    better: Row
    worse: Row
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Table:
    """One table.

    Args:
        places: its columns.
        paper: figures of the paper, percent.
    """

    name: str
    title: str
    rows: tuple[Row, ...]
    places: tuple[Place, ...]
    paper: Mapping[tuple[str, Place], float] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()

    def published(self, row: Row, place: Place) -> float | None:
        """The paper's figure, percent."""
        return None if row.paper is None else self.paper.get((row.paper, place))

    def holds(self, row: Row, place: Place) -> bool:
        """Whether there is such a cell: both modalities at once only where a method fuses."""
        return place[1] != "both" or method_named(row.method).fuses


S4_ROW = Row("s4", "S4")
GROUND_ROW = Row("s4-ground")
_SUPERVISED = (Row("bconvlstm-unet", "Sup."), Row("unet3d"))
_PRETRAINED = (
    Row("satmae", "SatMAE"),
    Row("seco", "SeCo"),
    Row("gssl", "GSSL"),
    Row("caco", "CaCO"),
    Row("mmf", "MMF"),
)
_BEYOND = tuple(
    Row(method)
    for method in (
        "s4-convlstm",
        "s4-third",
        "s4-adaptive",
        "convlstm-unet",
        "u-tae",
        "pixel-transformer",
    )
)

_COLUMNS = paper_results.TABLE3_COLUMNS
_PASTIS = tuple(place for place in _COLUMNS if place[0] == "pastis-r")
_FEW = tuple(place for place in _PASTIS if place[2] == 10)
_ALL_LABELS = tuple(place for place in _PASTIS if place[2] == 100)
_BOTH = tuple((name, "both", share) for name in ("pastis-r", "africa") for share in (100, 10))

_CONTRASTIVE = Row("s4-contrastive", "\\mathcal{L}_c")
_RECONSTRUCTION = Row("s4-reconstruction", "\\mathcal{L}_r")
_JOINT = Row("s4", "$\\mathcal{L}_r + \\mathcal{L}_c$")
_UNIMODAL = Row("s4-unimodal", "Single Modal")
_MULTIMODAL = Row("s4", "S4 (Multimodal)")
_SAME, _DIFFERENT = Row("s4", "SL"), Row("s4", "DL", location="different")

TABLE3 = Table(
    "table3",
    "Table 3: segmentation by every system",
    (*_PRETRAINED, *_SUPERVISED, S4_ROW),
    _COLUMNS,
    paper_results.table3(),
    (
        *(Claim("S4 above supervised", S4_ROW, row, _FEW) for row in _SUPERVISED),
        *(Claim("S4 above other pretraining", S4_ROW, row, _PASTIS) for row in _PRETRAINED),
    ),
)

TABLE4 = Table(
    "table4",
    "Table 4: the two losses alone and together",
    (_CONTRASTIVE, _RECONSTRUCTION, _JOINT),
    _ALL_LABELS,
    paper_results.ablation(paper_results.TABLE4),
    tuple(
        Claim("both losses at least as good as one", _JOINT, row, _ALL_LABELS)
        for row in (_CONTRASTIVE, _RECONSTRUCTION)
    ),
)

TABLE5 = Table(
    "table5",
    "Table 5: one modality with augmentations against two modalities",
    (_UNIMODAL, _MULTIMODAL),
    _ALL_LABELS,
    paper_results.ablation(paper_results.TABLE5),
    (Claim("two modalities above one", _MULTIMODAL, _UNIMODAL, _ALL_LABELS),),
)

TABLE6 = Table(
    "table6",
    "Table 6: pretraining at the same against another location",
    (_SAME, _DIFFERENT),
    _PASTIS,
    paper_results.ablation(paper_results.TABLE6),
    (Claim("same location at least as good as another", _SAME, _DIFFERENT, _PASTIS),),
)

BEYOND = Table(
    "beyond",
    "Beyond the paper: other encoders, a third modality, adaptive fusion, further references",
    (*_BEYOND, S4_ROW),
    (*_COLUMNS, *_BOTH),
    paper_results.table3(),
)

GROUND = Table(
    "ground",
    "S4 where its contrast cannot read the place in the patch",
    (*_SUPERVISED, S4_ROW, GROUND_ROW),
    _COLUMNS,
    paper_results.table3(),
    tuple(
        Claim("S4 without a border above", GROUND_ROW, row, _PASTIS)
        for row in (*_SUPERVISED, S4_ROW)
    ),
)

TABLES: dict[str, Table] = {t.name: t for t in (TABLE3, TABLE4, TABLE5, TABLE6, GROUND, BEYOND)}


def cells(table: Table, scale: Scale, seeds: int | None = None, folds: int = 1) -> Iterator[Cell]:
    """A table's cells, most telling first: seed by seed, few labels before all, S4 before others.

    Args:
        seeds: of every row; None takes the scale's: more for the paper's rows on PASTIS-R.
        folds: 5 also asks for the other four divisions of PASTIS-R.
    """
    most = max(scale.seeds, scale.seeds_elsewhere) if seeds is None else seeds
    for rotation in range(folds):
        for seed in range(most):
            for row, place in _most_telling_first(table):
                if rotation and place[0] != "pastis-r":
                    continue
                if table.holds(row, place) and seed < seeds_of(row, place, scale, seeds):
                    yield replace(cell_of(row, place, seed), rotation=rotation)


def _most_telling_first(table: Table) -> list[tuple[Row, Place]]:
    """What the paper is about, few labels, is also the cheapest; S4's row is the last in print."""
    shares = sorted({place[2] for place in table.places})
    return [
        (row, place)
        for share in shares
        for row in reversed(table.rows)
        for place in table.places
        if place[2] == share
    ]


def seeds_of(row: Row, place: Place, scale: Scale, seeds: int | None) -> int:
    """How many seeds a row has in a column."""
    if seeds is not None:
        return seeds
    first = place[0] == "pastis-r" and not method_named(row.method).extra
    return scale.seeds if first else scale.seeds_elsewhere


def cell_of(row: Row, place: Place, seed: int) -> Cell:
    """The cell of a row and a column."""
    data_set, modality, share = place
    return Cell(row.method, data_set, modality, share, seed, row.location)

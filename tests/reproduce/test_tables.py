from __future__ import annotations

from dataclasses import replace

import pytest

from s4_core.reproduce.cells import Cell
from s4_core.reproduce.rendering import HEADER, Filled, csv_rows, markdown
from s4_core.reproduce.results import Result
from s4_core.reproduce.scales import scale_named
from s4_core.reproduce.tables import BEYOND, TABLE3, TABLE4, TABLE6, cells
from tests.reproduce.made_results import accurate, result

TINY, SMALL = scale_named("tiny"), scale_named("small")


def test_table_3_has_every_system_in_every_column() -> None:
    asked = list(cells(TABLE3, TINY))
    methods = {cell.method for cell in asked}
    assert methods == {
        "s4", "satmae", "seco", "gssl", "caco", "mmf", "bconvlstm-unet", "unet3d",
    }  # fmt: skip
    assert len(asked) == len(set(asked)) == len(methods) * 8


def test_small_has_three_seeds_for_the_papers_rows_on_pastis() -> None:
    asked = list(cells(TABLE3, SMALL))
    assert {c.seed for c in asked if c.data_set == "pastis-r"} == {0, 1, 2}
    assert {c.seed for c in asked if c.data_set == "africa"} == {0}
    assert {c.seed for c in cells(BEYOND, SMALL) if c.method == "u-tae"} == {0}
    assert {c.seed for c in cells(TABLE3, TINY, 2) if c.data_set == "africa"} == {0, 1}


def test_only_methods_that_fuse_map_by_both_modalities() -> None:
    assert {c.method for c in cells(BEYOND, TINY) if c.modality == "both"} == {"s4-adaptive"}


def test_five_folds_are_of_pastis_alone() -> None:
    asked = list(cells(TABLE3, TINY, folds=5))
    assert {c.rotation for c in asked if c.data_set == "pastis-r"} == set(range(5))
    assert {c.rotation for c in asked if c.data_set == "africa"} == {0}


def test_few_labels_and_s4_come_first() -> None:
    first = [(c.method, c.share, c.seed) for c in cells(TABLE3, SMALL)][:5]
    assert first == [*[("s4", 10, 0)] * 4, ("unet3d", 10, 0)]


def test_cells_have_names_of_their_own() -> None:
    asked = {c for t in (TABLE3, TABLE6, BEYOND) for c in cells(t, SMALL, folds=5)}
    assert len({cell.name for cell in asked}) == len(asked)


def results_of(table, share: float = 0.8, folds: int = 1) -> dict[Cell, Result]:
    return {
        cell: result(accurate(share, 6, number), cell)
        for number, cell in enumerate(cells(table, SMALL, folds=folds))
    }


def test_a_table_shows_the_papers_figure_beside_ours() -> None:
    found = results_of(TABLE4)
    text = markdown(Filled.of(TABLE4, SMALL, found), "s4 reproduce table4")
    mean = sum(r.miou for c, r in found.items() if (c.method, c.modality) == ("s4", "radar")) / 3
    assert f"{100 * mean:.1f} ± " in text
    assert "(54.6)" in text
    assert "**SIMULATED DATA.**" in text
    assert "Partial" not in text
    assert "both losses at least as good as one" in text
    assert "†" not in text.split("† not above")[0]


def test_what_is_not_above_chance_is_marked() -> None:
    found = {c: replace(r, chance={"majority": 0.99}) for c, r in results_of(TABLE4).items()}
    text = markdown(Filled.of(TABLE4, SMALL, found), "s4")
    assert text.split("† not above")[0].count("†") == 6


def test_a_partial_table_says_so() -> None:
    found = results_of(TABLE4)
    kept = dict(list(found.items())[:4])
    text = markdown(Filled.of(TABLE4, SMALL, kept), "s4")
    assert f"Partial: 4 of {len(found)} cells" in text


def test_real_data_are_not_called_simulated() -> None:
    found = {
        c: replace(r, origin={"labels": "real", "pretraining": "real"})
        for c, r in results_of(TABLE4).items()
    }
    assert "SIMULATED" not in markdown(Filled.of(TABLE4, SMALL, found), "s4")


def test_csv_has_a_row_a_cell() -> None:
    found = results_of(TABLE4, folds=5)
    rows = csv_rows(Filled.of(TABLE4, SMALL, found, folds=5))
    assert len(rows) == len(found) == 3 * 2 * 3 * 5
    assert {len(row) for row in rows} == {len(HEADER)}
    by_name = dict(zip(HEADER, rows[0]))
    assert by_name["paper_miou"] == pytest.approx(0.536)
    assert by_name["labels"] == "simulated"


def test_both_five_fold_figures_are_shown() -> None:
    found = results_of(TABLE4, folds=5)
    text = markdown(Filled.of(TABLE4, SMALL, found, folds=5), "s4")
    assert "mIoU of the summed confusion" in text


def test_a_table_without_cells_says_so_and_shows_nothing() -> None:
    text = markdown(Filled.of(TABLE4, SMALL, {}), "s4 reproduce table4")
    assert "**Partial: 0 of 18 cells have run.**" in text
    assert "| system |" not in text

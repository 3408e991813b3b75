from __future__ import annotations

from pathlib import Path

import pytest

from s4_core.reproduce import paper_results
from s4_core.reproduce.tables import TABLES

PAPER = Path(__file__).resolve().parents[3] / "shared" / "paper" / "remotesensing-16-03470.txt"


def test_table_3_by_column() -> None:
    table = paper_results.table3()
    assert table[("S4", ("pastis-r", "radar", 100))] == 54.6
    assert table[("S4", ("africa", "optical", 10))] == 24.4
    assert table[("Sup.", ("pastis-r", "optical", 10))] == 17.1
    assert len(table) == 7 * 8


def test_ablations_by_share_and_modality() -> None:
    assert paper_results.ablation(paper_results.TABLE6)[("DL", ("pastis-r", "radar", 10))] == 33.4
    assert paper_results.ablation(paper_results.TABLE5)[
        ("Single Modal", ("pastis-r", "optical", 100))
    ] == pytest.approx(51.3)


def test_every_paper_row_is_found_in_the_papers_table() -> None:
    for table in TABLES.values():
        named = {row.paper for row in table.rows if row.paper is not None}
        assert named <= {name for name, _ in table.paper}


@pytest.mark.skipif(not PAPER.exists(), reason="the paper's text is not here")
def test_the_figures_are_the_papers_lines() -> None:
    text = PAPER.read_text(encoding="utf-8")
    for name in ("TABLE3", "TABLE4", "TABLE5", "TABLE6"):
        for line in getattr(paper_results, name).splitlines():
            assert line in text, f"{name}: {line}"

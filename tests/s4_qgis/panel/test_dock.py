"""The dock: steps, pages, engine."""

from __future__ import annotations

from typing import Any

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from s4_qgis.forms import AreaForm
from s4_qgis.panel.dock import PAGES, S4Dock


@pytest.fixture
def dock(iface: Any, engine: str) -> Any:
    dock = S4Dock(iface, iface.window)
    iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    yield dock
    dock.pages["images"].table.stop()
    iface.removeDockWidget(dock)
    dock.deleteLater()


def test_six_steps_in_their_order(dock: S4Dock) -> None:
    assert list(dock.pages) == list(PAGES)
    rows = [dock.steps.topLevelItem(i) for i in range(dock.steps.topLevelItemCount())]
    assert [row.text(0)[:1] for row in rows] == list("123456")
    assert all(row.text(1) and row.toolTip(1).startswith("To do") for row in rows)
    assert not dock.banner.isVisibleTo(dock)


def test_arrow_keys_open_steps(dock: S4Dock) -> None:
    QTest.keyClick(dock.steps, Qt.Key.Key_Down)
    assert dock._stack.currentWidget().widget() is dock.pages["modality"]
    QTest.keyClick(dock.steps, Qt.Key.Key_Up)
    assert dock._stack.currentWidget().widget() is dock.pages["images"]


def test_states_follow_the_session(dock: S4Dock, info: dict[str, Any]) -> None:
    dock.session.update(area=AreaForm(folder="/a"), info=info)
    first = dock.steps.topLevelItem(0)
    assert first.text(1) == "10 optical, 12 radar"
    assert first.toolTip(1).startswith("Done")
    assert "Done" in first.data(0, Qt.ItemDataRole.AccessibleTextRole)
    dock.pages["images"]._next.click()
    assert dock._stack.currentWidget().widget() is dock.pages["modality"]
    QgsProject.instance().clear()
    assert first.toolTip(1).startswith("To do")


def test_without_an_engine_the_dock_invites_to_set_one_up(
    iface: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("S4_ENGINE_PYTHON", raising=False)
    dock = S4Dock(iface, iface.window)
    assert dock.banner.isVisibleTo(dock)
    dock.open_engine()
    assert dock._stack.currentWidget().widget() is dock._engine_page
    assert dock.steps.selectedItems() == []
    dock.open_step("images")
    assert dock._stack.currentWidget().widget() is dock.pages["images"]
    dock.deleteLater()


def test_it_fits_a_small_screen(dock: S4Dock, info: dict[str, Any]) -> None:
    dock.session.update(area=AreaForm(folder="/a"), info=info)
    font = dock.fontMetrics()
    assert dock.minimumSizeHint().height() <= 720 - 120  # beside menus and tool bars
    assert dock.minimumSizeHint().width() <= 34 * font.averageCharWidth() * 2


def test_ten_docks_leave_nothing_behind(iface: Any, engine: str, wait: Any) -> None:
    for _ in range(10):
        dock = S4Dock(iface, iface.window)
        dock.close()
        dock.deleteLater()
    wait(lambda: not iface.window.findChildren(S4Dock), 10)
    QgsProject.instance().clear()  # nobody who is gone is told

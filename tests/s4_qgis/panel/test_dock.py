"""The dock: steps, pages, engine."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QVBoxLayout, QWidget

from s4_core.errors import ConfigurationError
from s4_qgis.forms import AreaForm
from s4_qgis.panel.dock import PAGES, PageScroll, S4Dock
from s4_qgis.panel.notice import Notice
from s4_qgis.panel.steps import hint


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


def test_failures_for_want_of_an_engine_go_when_there_is_one(
    iface: Any, monkeypatch: pytest.MonkeyPatch, sample: Any, wait: Any
) -> None:
    monkeypatch.delenv("S4_ENGINE_PYTHON", raising=False)
    dock = S4Dock(iface, iface.window)
    page = dock.pages["images"]
    page.source.choose(str(sample), ())
    page.read()
    wait(lambda: not page.job_row.is_running, 20)
    first = dock.steps.topLevelItem(0)
    assert first.toolTip(1).startswith("Failed")
    monkeypatch.setenv("S4_ENGINE_PYTHON", sys.executable)
    dock.refresh_engine()
    assert first.toolTip(1).startswith("To do")
    assert page.notice.text() == ""
    dock.deleteLater()


def test_it_fits_a_small_screen(dock: S4Dock, info: dict[str, Any]) -> None:
    dock.session.update(area=AreaForm(folder="/a"), info=info)
    font = dock.fontMetrics()
    assert dock.minimumSizeHint().height() <= 720 - 120  # beside menus and tool bars
    assert dock.minimumSizeHint().width() <= 34 * font.averageCharWidth() * 2


@pytest.mark.parametrize("key", list(PAGES))
def test_tab_reaches_the_next_step_last(dock: S4Dock, iface: Any, key: str) -> None:
    iface.window.show()
    dock.show()
    page = dock.pages[key]
    dock.open_step(key)
    page.offer_next("map", "Continue")
    QCoreApplication.processEvents()
    chain, widget = [], page.nextInFocusChain()
    while widget is not page:
        takes_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if page.isAncestorOf(widget) and takes_tab and widget.isVisibleTo(page):
            chain.append(widget)
        widget = widget.nextInFocusChain()
    assert chain[-1] is page._next


def test_what_appears_below_the_edge_is_scrolled_to(
    dock: S4Dock, iface: Any, wait: Any, info: dict[str, Any]
) -> None:
    iface.window.resize(1000, 600)
    iface.window.show()
    dock.show()
    dock.open_step("train")
    page, scroll = dock.pages["train"], dock._scrolls["train"]
    page.curve.show()
    page.score.show_record({"validation": {"scheme": "none"}})
    QCoreApplication.processEvents()
    bar = scroll.verticalScrollBar()
    assert bar.value() == 0
    assert page.score.visibleRegion().isEmpty()
    page.bring_up(page.score)
    wait(lambda: bar.value() > 0, 5)
    assert page.score.visibleRegion().boundingRect().height() == page.score.height()
    page.show_error(ConfigurationError("Wrong.", "Correct it."))
    wait(lambda: page.notice.visibleRegion().boundingRect().height() == page.notice.height(), 5)


@pytest.mark.parametrize("width", [220, 300, 420])
def test_wrapped_texts_are_as_high_as_they_need(width: int) -> None:
    page = QWidget()
    column = QVBoxLayout(page)
    notice, words = Notice(), hint("The network learns what the images have in common. " * 5)
    notice.say("problem", "The images of this area do not tell the date. " * 4, "State them. " * 9)
    for part in (notice, words):
        column.addWidget(part)
    column.addStretch(1)
    scroll = PageScroll(page)
    scroll.resize(width, 200)
    scroll.show()
    QCoreApplication.processEvents()
    for label in (notice._text, words):
        assert label.width() < width
        assert label.height() >= label.heightForWidth(label.width())


def test_ten_docks_leave_nothing_behind(iface: Any, engine: str, wait: Any) -> None:
    for _ in range(10):
        dock = S4Dock(iface, iface.window)
        dock.close()
        dock.deleteLater()
    wait(lambda: not iface.window.findChildren(S4Dock), 10)
    QgsProject.instance().clear()  # nobody who is gone is told

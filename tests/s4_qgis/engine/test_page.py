"""The engine page, with an offline folder of tiny packages."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from qgis.PyQt.QtWidgets import QMessageBox

from s4_core.errors import S4Error
from s4_qgis.engine import environment, page_texts
from s4_qgis.engine import plan as planning
from s4_qgis.engine.environment import EngineState, own_locks
from s4_qgis.engine.page import EnginePage
from s4_qgis.settings import PluginSettings
from tests.s4_qgis.engine.tiny_bundle import write_bundle

Wait = Callable[..., None]
NETWORK, INTERPRETER, BUNDLE = range(3)


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EnginePage]:
    """The page where no engine is installed."""
    monkeypatch.delenv("S4_ENGINE_PYTHON", raising=False)
    monkeypatch.setattr(environment, "data_folder", lambda: tmp_path / "data")
    page = EnginePage()
    page.show()
    yield page
    page.deleteLater()


def choose(page: EnginePage, choice: int) -> None:
    page._group.buttons()[choice].click()


def test_it_says_what_where_and_how_large(page: EnginePage, wait: Wait, tmp_path: Path) -> None:
    assert page._headline.text() == "The engine is not installed yet"
    assert page._install.text() == "Install"
    wait(lambda: "GB" in page._install_text.text(), 30)
    assert str(tmp_path / "data") in page._install_text.text()
    assert page._install.isEnabled()
    assert not page._remove.isVisible()
    assert "--require-hashes" in page._bundle_text.text()


def test_install_from_an_offline_folder_and_remove(
    page: EnginePage, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locks = own_locks()
    assert locks is not None
    folder = write_bundle(tmp_path / "bundle", locks.key)
    states: list[EngineState] = []
    page.state_changed.connect(states.append)
    choose(page, BUNDLE)
    page._bundle.setFilePath(str(folder))
    page._bundle_install.click()
    assert not page._choices.isEnabled()
    wait(page._choices.isEnabled, 120)
    assert page._notice.text() == ""
    assert (states[-1].kind, states[-1].source) == ("ready", "managed")
    assert page._headline.text() == "The engine is installed"
    assert "PyTorch 2.13.0+tiny" in page._detail.text()
    choose(page, NETWORK)
    assert page._install.text() == "Install anew"
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    page._remove.click()
    assert states[-1].kind == "absent"


def test_an_interpreter_of_the_users(page: EnginePage, wait: Wait) -> None:
    choose(page, INTERPRETER)
    page._interpreter.setFilePath(sys.executable)
    page._try.click()
    wait(page._choices.isEnabled, 60)
    assert PluginSettings().engine_python == sys.executable
    assert sys.executable in page._detail.text()


def test_an_interpreter_that_does_not_do(page: EnginePage, wait: Wait) -> None:
    choose(page, INTERPRETER)
    page._interpreter.setFilePath("/bin/true")
    page._try.click()
    wait(page._choices.isEnabled, 60)
    assert "no usable interpreter" in page._notice.text()
    assert "Name a Python" in page._notice.text()
    assert PluginSettings().engine_python == ""


@pytest.mark.parametrize(("choice", "button"), [(INTERPRETER, "_try"), (BUNDLE, "_bundle_install")])
def test_nothing_chosen(page: EnginePage, choice: int, button: str) -> None:
    choose(page, choice)
    getattr(page, button).click()
    assert "is chosen" in page._notice.text()


def test_cancel(page: EnginePage, wait: Wait, tmp_path: Path) -> None:
    locks = own_locks()
    assert locks is not None
    choose(page, BUNDLE)
    page._bundle.setFilePath(str(write_bundle(tmp_path / "bundle", locks.key)))
    page._bundle_install.click()
    wait(lambda: any(path.is_dir() for path in (tmp_path / "data").glob("engine-*")), 30)
    page._row.cancel()
    wait(page._choices.isEnabled, 60)
    assert page._headline.text() == "The installation has not finished"
    assert page._install.text() == "Resume"


def test_where_the_plugin_cannot_install(
    tmp_path: Path, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_found() -> None:
        raise S4Error("QGIS's own Python interpreter was not found.", "Name an interpreter.")

    monkeypatch.delenv("S4_ENGINE_PYTHON", raising=False)
    monkeypatch.setattr(planning, "find_qgis_python", none_found)
    page = EnginePage()
    page.show()
    wait(lambda: "was not found" in page._install_text.text(), 30)
    assert not page._install.isEnabled()
    assert page._try.isEnabled()
    assert page._bundle_install.isEnabled()
    page.deleteLater()


def test_states_in_words() -> None:
    broken = EngineState("broken", "managed", "/p", "It is gone.", "Install it again.")
    assert page_texts.headline(broken) == "The engine cannot be used"
    assert page_texts.detail(broken) == "It is gone.\nInstall it again."
    assert page_texts.install_label(broken) == "Install anew"
    named = EngineState("ready", "variable", "/p")
    assert "S4_ENGINE_PYTHON" in page_texts.detail(named)


def test_an_untested_platform_is_called_so() -> None:
    summary = page_texts.Summary(
        "/data/e", "windows-amd64-cp312", 200_000_000, 800_000_000, "1.26", "3.12", False
    )
    said = page_texts.install_text(summary, "")
    assert said.splitlines()[0] == "Downloads 200 MB; needs 800 MB of free space while installing."
    assert said.splitlines()[-1] == "The installation on windows-amd64-cp312 was not tested."

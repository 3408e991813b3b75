"""The engine page: what is installed, and three ways to get an engine.

Shown in the dock while there is no engine, and in the options dialog. Nothing is looked up before
the page is shown.
"""

from __future__ import annotations

from typing import Any

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QShowEvent
from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from s4_core.errors import S4Error
from s4_qgis.engine import environment, page_texts
from s4_qgis.engine.installer import remove
from s4_qgis.engine.setup_tasks import CheckTask, InstallTask, PlanTask
from s4_qgis.engine.task import WorkTask, run_in_task_manager
from s4_qgis.i18n import tr
from s4_qgis.icons import icon
from s4_qgis.panel.job_row import JobRow
from s4_qgis.panel.notice import Notice, let_wrap
from s4_qgis.settings import PluginSettings

_ICON_PX = 24
_INDENT_PX = 22  # below a radio button's text


class EnginePage(QWidget):
    """Shows the engine's state and changes it. `state_changed(EngineState)` after every change."""

    state_changed = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = PluginSettings()
        self._planned = False
        self._row = JobRow()
        self._row.failed.connect(self._fail)
        self._row.stopped.connect(self.refresh)
        self._row.running_changed.connect(self._set_running)
        self._notice = Notice()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._make_head())
        column.addWidget(_text(page_texts.explanation()))
        self._choices = QWidget()
        column.addWidget(self._choices)
        self._make_choices(QVBoxLayout(self._choices))
        column.addWidget(self._row)
        column.addWidget(self._notice)
        column.addStretch(1)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Look up what an installation would do, when the page is first seen."""
        super().showEvent(event)
        self.refresh()
        if not self._planned and not self._row.is_running:
            self._planned = True
            self._plan()

    def refresh(self) -> None:
        """Show the state as it is now."""
        state = environment.engine_state()
        self._icon.setPixmap(icon(page_texts.ICONS[state.kind]).pixmap(_ICON_PX, _ICON_PX))
        self._headline.setText(page_texts.headline(state))
        self._detail.setText(page_texts.detail(state))
        self._detail.setVisible(bool(self._detail.text()))
        managed = environment.managed_state(environment.managed_folder())
        self._install.setText(page_texts.install_label(managed))
        self._use_managed.setVisible(managed.kind == "ready" and state.source == "user")
        self._remove.setVisible(managed.kind != "absent")
        self.state_changed.emit(state)

    def _make_head(self) -> QHBoxLayout:
        self._icon, self._headline, self._detail = QLabel(), QLabel(), _text("")
        font = self._headline.font()
        font.setBold(True)
        self._headline.setFont(font)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._headline)
        words.addWidget(self._detail)
        row = QHBoxLayout()
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    def _make_choices(self, column: QVBoxLayout) -> None:
        column.setContentsMargins(0, 6, 0, 6)
        self._group = QButtonGroup(self)
        for title, content in (
            (tr("Install it from the network"), self._make_network()),
            (tr("Use a Python interpreter of my own"), self._make_interpreter()),
            (tr("Install it from an offline folder"), self._make_bundle()),
        ):
            button = QRadioButton(title)
            self._group.addButton(button)
            column.addWidget(button)
            column.addWidget(content)
            content.setVisible(False)
            button.toggled.connect(content.setVisible)
        chosen = 1 if self._settings.engine_python else 2 if self._settings.bundle_folder else 0
        self._group.buttons()[chosen].setChecked(True)

    def _make_network(self) -> QWidget:
        self._install_text = _text(tr("Looking at QGIS's Python …"))
        self._index = QLineEdit(self._settings.torch_index)
        self._index.setPlaceholderText(tr("PyTorch's default build"))
        self._index.setClearButtonEnabled(True)
        self._index.setToolTip(
            tr(
                "Address of a package index with another build of PyTorch, for example for the "
                "processor only or for another CUDA. Its hash cannot be checked."
            )
        )
        self._index.editingFinished.connect(self._plan)
        self._install = _button("", lambda: self._start_install(""))
        self._use_managed = _button(tr("Use the installed one"), lambda: self._use(""))
        self._remove = _button(tr("Remove"), self._ask_and_remove)
        return _block(
            self._install_text,
            _labelled(tr("PyTorch from index:"), self._index),
            _buttons(self._install, self._use_managed, self._remove),
        )

    def _make_interpreter(self) -> QWidget:
        self._interpreter = QgsFileWidget()
        self._interpreter.setStorageMode(QgsFileWidget.StorageMode.GetFile)
        self._interpreter.setFilePath(self._settings.engine_python)
        self._try = _button(tr("Try and use it"), self._start_check)
        return _block(
            _text(tr("Any Python 3.9 or newer that has GDAL, PyTorch and what else S4 needs.")),
            self._interpreter,
            _buttons(self._try),
        )

    def _make_bundle(self) -> QWidget:
        self._bundle = QgsFileWidget()
        self._bundle.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self._bundle.setFilePath(self._settings.bundle_folder)
        self._bundle_text = _text("")
        self._bundle_install = _button(tr("Install from the folder"), self._start_bundle)
        return _block(self._bundle_text, self._bundle, _buttons(self._bundle_install))

    def _plan(self) -> None:
        if self._row.is_running:
            return
        index = self._index.text().strip()
        self._settings.torch_index = index
        task = PlanTask(index)  # takes a second: it starts QGIS's interpreter
        task.succeeded.connect(self._show_plan)
        task.failed.connect(self._refuse_plan)
        run_in_task_manager(task)

    def _show_plan(self, plan: dict[str, Any]) -> None:
        summary = page_texts.Summary(**plan)
        self._install.setEnabled(True)
        self._install_text.setText(page_texts.install_text(summary, self._settings.torch_index))
        self._bundle_text.setText(page_texts.bundle_text(summary.platform))

    def _refuse_plan(self, _code: str, message: str, remedy: str) -> None:
        """The plugin cannot install the engine here: say why; the other ways stay."""
        self._install.setEnabled(False)
        self._install_text.setText(f"{message}\n{remedy}")
        self._bundle_text.setText(message)

    def _start_install(self, bundle: str) -> None:
        task = InstallTask(self._settings.torch_index, bundle)
        task.succeeded.connect(lambda _: self._use(""))
        self._run(task)

    def _start_bundle(self) -> None:
        folder = self._bundle.filePath()
        self._settings.bundle_folder = folder
        if folder:
            self._start_install(folder)
        else:
            self._fail("", tr("No folder is chosen."), tr("Choose the folder of packages."))

    def _start_check(self) -> None:
        python = self._interpreter.filePath()
        if not python:
            self._fail("", tr("No interpreter is chosen."), tr("Choose its program file."))
            return
        task = CheckTask(python)
        task.succeeded.connect(lambda _: self._use(python))
        self._run(task)

    def _use(self, python: str) -> None:
        """Take an interpreter of the user's; empty: the managed environment."""
        self._settings.engine_python = python
        self.refresh()

    def _ask_and_remove(self) -> None:
        folder = environment.managed_folder()
        question = tr("Remove the installed engine? It can be installed again.")
        answer = QMessageBox.question(self, tr("S4 Crop Mapper"), f"{question}\n{folder}")
        if folder is None or answer != QMessageBox.StandardButton.Yes:
            return
        try:
            remove(folder)
        except S4Error as error:
            self._fail(error.code, error.message, error.remedy)
        self.refresh()

    def _run(self, task: WorkTask) -> None:
        self._notice.clear()
        self._row.start(task)

    def _fail(self, _code: str, message: str, remedy: str) -> None:
        self._notice.say("problem", message, remedy)
        self.refresh()

    def _set_running(self, running: bool) -> None:
        self._choices.setEnabled(not running)


def _text(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    let_wrap(label)
    return label


def _button(text: str, slot: Any) -> QPushButton:
    button = QPushButton(text)
    button.clicked.connect(lambda _: slot())
    return button


def _labelled(text: str, widget: QWidget) -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    label = QLabel(text)
    label.setBuddy(widget)
    line.addWidget(label)
    line.addWidget(widget, 1)
    return row


def _buttons(*buttons: QPushButton) -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    for button in buttons:
        line.addWidget(button)
    line.addStretch(1)
    return row


def _block(*widgets: QWidget) -> QWidget:
    block = QWidget()
    column = QVBoxLayout(block)
    column.setContentsMargins(_INDENT_PX, 0, 0, 6)
    for widget in widgets:
        column.addWidget(widget)
    return block

"""Pretraining on one's own unlabelled images (the S4 idea), as a job in the background."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from qgis.core import QgsSettings
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QSpinBox,
    QWidget,
)

from s4_core.errors import S4Error
from s4_core.types import PretrainSettings
from s4_qgis.engine.task import JobTask
from s4_qgis.failures import told
from s4_qgis.forms import AreaForm, PretrainForm
from s4_qgis.i18n import tr
from s4_qgis.layers.runs import ProjectWatch
from s4_qgis.panel.curves import Curves, CurveWidget, begun, read_history
from s4_qgis.panel.job_row import JobRow, span_text
from s4_qgis.panel.notice import Notice
from s4_qgis.panel.places import area_name, new_pretrained
from s4_qgis.panel.section import Section
from s4_qgis.panel.state import SessionState
from s4_qgis.panel.steps import hint
from s4_qgis.requests import pretrain_job
from s4_qgis.settings import GROUP, runtime
from s4_qgis.shipped import shipped_checkpoint

_PACE = f"{GROUP}/pretrain_seconds_per_step"
"""Setting: how long a step took the last time, on this machine."""


class PretrainBox(Section):
    """A section that pretrains; `pretrained(path)` tells the new model.

    `part_wanted(widget)` asks to scroll to a part of it.
    """

    pretrained = pyqtSignal(str)
    part_wanted = pyqtSignal(QWidget)

    def __init__(self, session: SessionState, parent: QWidget | None = None) -> None:
        super().__init__(tr("Pretrain on your own images"), parent)
        self._session = session
        self._form: PretrainForm | None = None
        self._watch: ProjectWatch | None = None
        self._curves = Curves("validation_loss")
        self._fixed = 0  # rows of the list that the user cannot take away
        self.folders = QListWidget()
        self.epochs, self.steps = _spin(1, 10_000), _spin(1, 10_000)
        self.out = QgsFileWidget()
        self.estimate = hint("")
        self.notice = Notice()
        self.device = hint("")
        self.curve = CurveWidget(tr("validation loss"), unit_range=False)
        self.job_row = JobRow()
        self.start_button = QPushButton(tr("Pretrain in the background"))
        self.resume_button = QPushButton(tr("Go on"))
        self._fill_defaults()
        self._lay_out()
        self._connect()
        self.refresh()

    def areas(self) -> tuple[AreaForm, ...]:
        """The session's area, where there is one, and the added folders."""
        own = () if self._session.area is None else (self._session.area,)
        more = (self.folders.item(row).text() for row in range(self._fixed, self.folders.count()))
        return (*own, *(AreaForm(folder=folder) for folder in more))

    def form(self) -> PretrainForm:
        """What the section holds now."""
        out = self.out.filePath().strip() or str(new_pretrained(self._session, datetime.now()))
        return PretrainForm(
            areas=self.areas(),
            out=out,
            init=self._session.init_model or str(shipped_checkpoint()),
            epochs=self.epochs.value(),
            overrides={"pretrain.steps_per_epoch": self.steps.value()},
            runtime=runtime(),
        )

    def add_folder(self, folder: str) -> None:
        """Add an area to learn from."""
        listed = {self.folders.item(row).text() for row in range(self.folders.count())}
        if folder and folder not in listed:
            self.folders.addItem(folder)
            self.refresh()

    def start(self) -> None:
        """Pretrain anew."""
        try:
            self._run(self.form())
        except S4Error as error:
            self.notice.say("problem", error.message, error.remedy)

    def resume(self) -> None:
        """Go on after the last finished epoch, with more epochs if the user asked for them."""
        if self._form is not None:
            self._run(replace(self._form, resume=True, epochs=self.epochs.value()))

    def refresh(self, *_: Any) -> None:
        """Show the session's area first, and how long it will take."""
        while self._fixed:
            self.folders.takeItem(0)
            self._fixed -= 1
        if self._session.area is not None:
            text = tr("This area: {name}").format(name=area_name(self._session))
            self.folders.insertItem(0, text)
            item = self.folders.item(0)
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsSelectable)
            self._fixed = 1
        total = self.epochs.value() * self.steps.value()
        self.estimate.setText(estimate_text(total, pace()))
        running = self.job_row.is_running
        self.start_button.setEnabled(bool(self.folders.count()) and not running)
        if running:
            self.resume_button.hide()

    def _fill_defaults(self) -> None:
        schedule = PretrainSettings()
        self.epochs.setValue(schedule.epochs)
        self.steps.setValue(schedule.steps_per_epoch)
        self.folders.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.folders.setMaximumHeight(5 * self.fontMetrics().height())
        self.folders.setAccessibleName(tr("Areas to learn from"))
        self.out.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.out.setFilter(tr("Models (*.safetensors)"))
        self.out.lineEdit().setPlaceholderText(tr("in the output folder"))
        self.curve.hide()
        self.device.hide()
        self.resume_button.hide()

    def _lay_out(self) -> None:
        column = self.column
        column.addWidget(
            hint(
                tr(
                    "The network learns, without labels, what your radar and optical images have"
                    " in common. Each area needs both. QGIS stays usable meanwhile."
                )
            )
        )
        column.addWidget(self.folders)
        buttons = QHBoxLayout()
        self._add, self._remove = QPushButton(tr("Add folder …")), QPushButton(tr("Remove"))
        for button in (self._add, self._remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        form = QFormLayout()
        form.addRow(tr("Epochs"), self.epochs)
        form.addRow(tr("Steps per epoch"), self.steps)
        form.addRow(tr("Model"), self.out)
        column.addLayout(form)
        column.addWidget(self.estimate)
        for widget in (self.notice, self.start_button, self.resume_button):
            column.addWidget(widget)
        for widget in (self.device, self.curve, self.job_row):
            column.addWidget(widget)

    def _connect(self) -> None:
        self._add.clicked.connect(self._ask_folder)
        self._remove.clicked.connect(self._take_away)
        self.start_button.clicked.connect(self.start)
        self.resume_button.clicked.connect(self.resume)
        for spin in (self.epochs, self.steps):
            spin.valueChanged.connect(self.refresh)
        self._session.changed.connect(self.refresh)
        self.job_row.message.connect(self._hear)
        self.job_row.succeeded.connect(self._succeed)
        self.job_row.failed.connect(self._fail)
        self.job_row.stopped.connect(self._stop)
        self.job_row.running_changed.connect(self.refresh)

    def _run(self, form: PretrainForm) -> None:
        job = pretrain_job(form)
        if not self.job_row.start(JobTask(tr("S4: pretrain"), job)):
            return
        self._form, self._watch = form, ProjectWatch(self)
        self.notice.clear()
        self._curves = begun(Curves("validation_loss"), form.out, form.resume)
        self.curve.show_curves(self._curves)
        self.curve.show()
        self.part_wanted.emit(self.job_row)
        self.refresh()

    def _hear(self, message: dict[str, Any]) -> None:
        if message["type"] == "hello":
            self.device.setText(device_text(message))
            self.device.show()
        elif message["type"] == "progress" and self._form is not None:
            if self._curves.hear(message["metrics"]):
                read_history(self._curves, self._form.out)
            self.curve.show_curves(self._curves)

    def _succeed(self, result: dict[str, Any]) -> None:
        read_history(self._curves, str(result["model"]))
        self.curve.show_curves(self._curves)
        if self._curves.seconds_per_step is not None:
            QgsSettings().setValue(_PACE, self._curves.seconds_per_step)
        self.resume_button.hide()
        self.notice.say("good", tr("Pretrained: {path}").format(path=result["model"]))
        self.part_wanted.emit(self.notice)
        if self._watch is not None and self._watch.is_same:
            self.pretrained.emit(str(result["model"]))
        self.refresh()

    def _fail(self, code: str, message: str, remedy: str) -> None:
        self.notice.say("problem", told(code, message), remedy)
        self._offer_resume()

    def _stop(self) -> None:
        self.notice.say("info", tr("Stopped. The finished epochs are kept."))
        self._offer_resume()

    def _offer_resume(self) -> None:
        self.refresh()
        self.resume_button.setVisible(self._form is not None and has_state(self._form.out))

    def _ask_folder(self) -> None:
        self.add_folder(QFileDialog.getExistingDirectory(self, tr("Folder of an area")))

    def _take_away(self) -> None:
        for item in self.folders.selectedItems():
            self.folders.takeItem(self.folders.row(item))
        self.refresh()


def has_state(model: str) -> bool:
    """Whether an unfinished training left something to go on from."""
    path = Path(model)
    return path.with_name(f"{path.stem}.state.safetensors").is_file()


def device_text(message: dict[str, Any]) -> str:
    """The device that really computes, and why, as the worker said it."""
    device, reason = str(message.get("device") or ""), str(message.get("reason") or "")
    return tr("Runs on {device}").format(device=reason or device)


def pace() -> float:
    """Seconds that a step took the last time on this machine; 0 where none was measured."""
    return float(QgsSettings().value(_PACE, 0.0, type=float))


def estimate_text(steps: int, seconds_per_step: float) -> str:
    """How long a pretraining will take, from what was measured."""
    if seconds_per_step <= 0:
        return tr("{n} steps. The time left is measured once it runs.").format(n=steps)
    time = span_text(steps * seconds_per_step)
    return tr("{n} steps: about {time}, as measured on this machine.").format(n=steps, time=time)


def _spin(least: int, most: int) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(least, most)
    return spin

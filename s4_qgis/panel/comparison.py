"""Comparing S4 with what a user would otherwise use, on the panel's own area and parcels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from qgis.core import QgsSettings
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QPushButton,
    QSpinBox,
    QWidget,
)

from s4_core.errors import S4Error
from s4_qgis.comparing import OURS, kept, method_texts, stage_text
from s4_qgis.engine.task import JobTask
from s4_qgis.failures import told
from s4_qgis.forms import FewParcelsForm
from s4_qgis.i18n import tr
from s4_qgis.layers.runs import ProjectWatch
from s4_qgis.panel.comparison_view import ComparisonView
from s4_qgis.panel.fetch_fields import narrow_form
from s4_qgis.panel.job_row import JobRow, span_text
from s4_qgis.panel.notice import Notice
from s4_qgis.panel.places import new_comparison
from s4_qgis.panel.pretrain import device_text
from s4_qgis.panel.section import Section
from s4_qgis.panel.state import SessionState
from s4_qgis.panel.steps import hint
from s4_qgis.panel.warnings_list import unsaid
from s4_qgis.requests import few_parcels_job
from s4_qgis.settings import GROUP, runtime
from s4_qgis.shipped import shipped_checkpoint

_PACE = f"{GROUP}/compare_seconds"
"""Settings below it: seconds that a draw of each method took the last time, on this machine."""


class ComparisonBox(Section):
    """A section that compares methods; `part_wanted(widget)` asks to scroll to a part of it."""

    part_wanted = pyqtSignal(QWidget)

    def __init__(self, session: SessionState, parent: QWidget | None = None) -> None:
        super().__init__(tr("Compare methods on these parcels"), parent)
        self._session = session
        self._form: FewParcelsForm | None = None
        self._watch: ProjectWatch | None = None
        self._is_possible = False
        self.methods = {name: QCheckBox(text) for name, text in method_texts().items()}
        self.most, self.draws = _spin(10), _spin(100)
        self.out = QgsFileWidget()
        self.estimate = hint("")
        self.start_button = QPushButton(tr("Compare"))
        self.resume_button = QPushButton(tr("Go on"))
        self.device = hint("")
        self.notice = Notice()
        self.job_row = JobRow(words=stage_text)
        self.view = ComparisonView()
        self._fill_defaults()
        self._lay_out()
        self._connect()
        self._refresh()

    def form(self) -> FewParcelsForm:
        """What the section holds now.

        Raises:
            CheckpointError: the plugin comes without a model.
        """
        session, labels = self._session, self._session.labels
        return FewParcelsForm(
            area=session.area,
            init=session.init_model or str(shipped_checkpoint()),
            out=self.out.filePath().strip() or str(new_comparison(session, datetime.now())),
            modality=session.modality,
            labels=labels.path,
            field_name=labels.field,
            layer=labels.layer,
            most=self.most.value(),
            draws=self.draws.value(),
            methods=self.chosen(),
            runtime=runtime(),
        )

    def chosen(self) -> tuple[str, ...]:
        """The methods that are ticked."""
        return tuple(name for name, box in self.methods.items() if box.isChecked())

    def allow(self, is_possible: bool) -> None:
        """Whether images, modality and parcels are chosen."""
        self._is_possible = is_possible
        self._refresh()

    def start(self) -> None:
        """Compare anew."""
        try:
            self._run(self.form())
        except S4Error as error:
            self._say("problem", error.message, error.remedy)

    def resume(self) -> None:
        """Go on with the comparison that was stopped."""
        if self._form is not None:
            self._run(replace(self._form, resume=True))

    def _fill_defaults(self) -> None:
        for name, box in self.methods.items():
            box.setChecked(name in FewParcelsForm.methods)
            box.setToolTip(_tips()[name])
        self.methods[OURS].setEnabled(False)  # it is what the others are compared with
        self.most.setValue(FewParcelsForm.most)
        self.draws.setValue(FewParcelsForm.draws)
        self.out.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.out.setFilter(tr("JSON files (*.json)"))
        self.out.lineEdit().setPlaceholderText(tr("in the output folder"))
        self.device.hide()
        self.resume_button.hide()

    def _lay_out(self) -> None:
        self.column.addWidget(
            hint(
                tr(
                    "Is S4 worth it here? A few parcels of each class teach, all others judge;"
                    " again and again with other parcels, the same for every method. S4 learns in"
                    " quick mode. Your model stays as it is."
                )
            )
        )
        for box in self.methods.values():
            self.column.addWidget(box)
        form = narrow_form()
        form.addRow(tr("Parcels per class, 1 to"), self.most)
        form.addRow(tr("Draws of each"), self.draws)
        form.addRow(tr("Write the result to"), self.out)
        self.column.addLayout(form)
        for widget in (
            self.estimate,
            self.start_button,
            self.resume_button,
            self.device,
            self.job_row,
            self.notice,
            self.view,
        ):
            self.column.addWidget(widget)

    def _connect(self) -> None:
        self.start_button.clicked.connect(self.start)
        self.resume_button.clicked.connect(self.resume)
        for box in self.methods.values():
            box.toggled.connect(self._refresh)
        for spin in (self.most, self.draws):
            spin.valueChanged.connect(self._refresh)
        self.view.said.connect(self._say)
        self._session.changed.connect(self._refresh)
        self.job_row.message.connect(self._hear)
        self.job_row.succeeded.connect(self._succeed)
        self.job_row.failed.connect(self._fail)
        self.job_row.stopped.connect(self._stop)
        self.job_row.running_changed.connect(self._refresh)

    def _refresh(self, *_: Any) -> None:
        running = self.job_row.is_running
        others = [name for name in self.chosen() if name != OURS]
        self.start_button.setEnabled(self._is_possible and bool(others) and not running)
        grounds = 2 if self._session.modality == "both" else 1
        draws = grounds * self.most.value() * self.draws.value()
        self.estimate.setText(estimate_text(draws, [pace(name) for name in self.chosen()]))
        if running:
            self.resume_button.hide()
        self.view.show_result({} if running else self._session.comparison)

    def _run(self, form: FewParcelsForm) -> None:
        job = few_parcels_job(form)
        if not self.job_row.start(JobTask(tr("S4: compare methods"), job)):
            return
        self._form, self._watch = form, ProjectWatch(self)
        self.notice.clear()
        self.part_wanted.emit(self.job_row)
        self._refresh()

    def _hear(self, message: dict[str, Any]) -> None:
        if message["type"] == "hello":
            self.device.setText(device_text(message))
            self.device.show()

    def _succeed(self, result: dict[str, Any]) -> None:
        keep_pace(result["cells"])
        self.resume_button.hide()
        if self._watch is None or not self._watch.is_same:
            closed = tr("The comparison has ended, but its project is closed. Its result: {path}")
            self._say("info", closed.format(path=result["out"]))
            return
        self._session.comparison = kept(result)
        area = result["areas"][0]["name"]
        said = [text.removeprefix(f"{area}: ") for text in result["warnings"]]
        new = unsaid(said, self._session.info.get("warnings", ()))
        if new:
            self.notice.say("warning", "\n".join(new))
        self.part_wanted.emit(self.view)

    def _fail(self, code: str, message: str, remedy: str) -> None:
        self._say("problem", told(code, message), remedy)
        self._offer_resume()

    def _stop(self) -> None:
        self._say("info", tr("Stopped. The methods that are finished are kept."))
        self._offer_resume()

    def _offer_resume(self) -> None:
        self._refresh()
        self.resume_button.setVisible(self._form is not None and has_cells(self._form.out))

    def _say(self, kind: str, message: str, remedy: str = "") -> None:
        self.notice.say(kind, message, remedy)
        self.part_wanted.emit(self.notice)


def has_cells(out: str) -> bool:
    """Whether a stopped comparison left something to go on from, see `benchmark.Store`."""
    path = Path(out)
    return any(path.with_name(f"{path.stem}.work").glob("cell-*.json"))


def pace(method: str) -> float:
    """Seconds that a draw of a method took the last time on this machine; 0 where unknown."""
    return float(QgsSettings().value(f"{_PACE}/{method}", 0.0, type=float))


def keep_pace(cells: Iterable[Mapping[str, Any]]) -> None:
    """Remember how long a draw of each method took, with what it prepares once shared out."""
    spent: dict[str, dict[str, float]] = {}
    for cell in cells:
        own = spent.setdefault(cell["method"], {"draws": 0.0, "seconds": 0.0})
        own["draws"] += len(cell["miou"])
        first = cell["k"] == 1  # what all k share is told by every cell
        own["seconds"] += cell["seconds"] + (cell["prepared_s"] if first else 0.0)
    for method, own in spent.items():
        QgsSettings().setValue(f"{_PACE}/{method}", own["seconds"] / own["draws"])


def estimate_text(draws: int, seconds_per_draw: Iterable[float]) -> str:
    """How long a comparison will take, from what was measured."""
    paces = list(seconds_per_draw)
    if not all(paces):
        return tr("{n} draws. The time left is measured once it runs.").format(n=draws)
    time = span_text(draws * sum(paces))
    said = tr("{n} draws: about {time}, as measured on this machine the last time.")
    return said.format(n=draws, time=time)


def _tips() -> dict[str, str]:
    """A line on each method."""
    return {
        "s4": tr("The model to start from, in quick mode."),
        "rf": tr("A random forest on the series, gaps filled: what most plugins offer."),
        "logistic": tr("Logistic regression on the same series."),
        "rocket": tr("Random kernels over the same series, and a ridge classifier."),
        "s4-random": tr("A control: the same network, untrained. What it gives is no merit of S4."),
        "s4-area": tr("Fitted to the area's own unlabelled images first; needs optical and radar."),
        "s4-scratch": tr("The same network, trained on the parcels alone. Takes minutes."),
    }


def _spin(most: int) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(1, most)
    return spin

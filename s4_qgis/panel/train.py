"""Step 4: learn the classes from the parcels, and say how well it went."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from qgis.gui import QgsCollapsibleGroupBox, QgsFileWidget
from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFormLayout,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from s4_core.errors import S4Error
from s4_qgis.choices import MODES
from s4_qgis.engine.task import JobTask
from s4_qgis.forms import FinetuneForm
from s4_qgis.i18n import tr
from s4_qgis.layers.runs import ProjectWatch
from s4_qgis.panel.checkpoint_choice import CheckpointChoice
from s4_qgis.panel.comparison import ComparisonBox
from s4_qgis.panel.curves import Curves, CurveWidget, begun, read_history
from s4_qgis.panel.places import new_model
from s4_qgis.panel.pretrain import PretrainBox, device_text, has_state
from s4_qgis.panel.scores import ScoreBox, short_score
from s4_qgis.panel.state import SessionState
from s4_qgis.panel.steps import StepPage, StepState, heading, hint
from s4_qgis.panel.warnings_list import unsaid
from s4_qgis.requests import finetune_job
from s4_qgis.settings import PluginSettings, runtime
from s4_qgis.shipped import shipped_checkpoint


class TrainPage(StepPage):
    """Model to start from, mode, training, score; below, jobs of their own: a comparison of methods
    after a training, and pretraining on own images."""

    key = "train"

    def __init__(self, session: SessionState, iface: Any, parent: QWidget | None = None) -> None:
        self.title = tr("Train")
        super().__init__(session, iface, parent)
        self._form: FinetuneForm | None = None
        self._watch: ProjectWatch | None = None
        self._curves = Curves()
        self.init = CheckpointChoice()
        self.modes: dict[str, QRadioButton] = {}
        self.epochs, self.per_class = _spin(tr("as in the model")), _spin(tr("all"))
        self.compare = QCheckBox(tr("Compare with a random forest"))
        self.out = QgsFileWidget()
        self.start_button = QPushButton(tr("Train"))
        self.lacking = hint("")
        self.resume_button = QPushButton(tr("Go on after the last finished epoch"))
        self.device = hint("")
        self.curve = CurveWidget(tr("validation mIoU"))
        self.score = ScoreBox()
        self.comparison = ComparisonBox(session)
        self.pretrain = PretrainBox(session)
        self._lay_out()
        self._connect()
        self._refresh()

    def state_of(self, session: SessionState) -> StepState:
        """Done where there is a model, ready where images, modality and parcels are chosen."""
        if session.model and session.train_result:
            return StepState("done", short_score(session.train_result.get("record", {})))
        lacking = _lacking(session)
        return StepState("todo", lacking) if lacking else StepState("ready", tr("Ready to train"))

    @property
    def mode(self) -> str:
        """The chosen mode."""
        return next((mode for mode, button in self.modes.items() if button.isChecked()), "head")

    def form(self) -> FinetuneForm:
        """What the page holds now.

        Raises:
            CheckpointError: the plugin comes without a model.
        """
        labels, mode = self.session.labels, self.mode
        out = self.out.filePath().strip() or str(new_model(self.session, mode, datetime.now()))
        return FinetuneForm(
            area=self.session.area,
            init=self.init.path() or str(shipped_checkpoint()),
            out=out,
            modality=self.session.modality,
            labels=labels.path,
            field_name=labels.field,
            layer=labels.layer,
            legend=labels.legend_path,
            mode=mode,
            parcels_per_class=self.per_class.value() or None,
            epochs=(self.epochs.value() or None) if mode != "head" else None,
            compare=self.compare.isChecked(),
            runtime=runtime(),
        )

    def start(self) -> None:
        """Train anew."""
        try:
            self._run(self.form())
        except S4Error as error:
            self.show_error(error)

    def resume(self) -> None:
        """Go on with the training that was stopped."""
        if self._form is not None:
            self._run(replace(self._form, resume=True))

    def _lay_out(self) -> None:
        self.body.addWidget(heading(tr("Start from")))
        self.body.addWidget(self.init)
        self.body.addWidget(heading(tr("How to learn")))
        group = QButtonGroup(self)
        for mode, (name, text) in mode_texts().items():
            button = QRadioButton(name)
            group.addButton(button)
            self.modes[mode] = button
            words = hint(text)
            words.setIndent(22)
            pair = QVBoxLayout()
            pair.setSpacing(0)
            pair.addWidget(button)
            pair.addWidget(words)
            self.body.addLayout(pair)
        chosen = PluginSettings().mode
        self.modes[chosen if chosen in self.modes else "head"].setChecked(True)
        self.body.addWidget(self._advanced())
        for widget in (
            self.start_button,
            self.lacking,
            self.resume_button,
            self.device,
            self.curve,
        ):
            self.body.addWidget(widget)
            widget.setVisible(widget is self.start_button)
        self.body.addWidget(self.score)
        # below the running job: jobs of their own
        for section in (self.comparison, self.pretrain):
            self.layout().insertWidget(self.layout().count() - 1, section)

    def _advanced(self) -> QgsCollapsibleGroupBox:
        box = QgsCollapsibleGroupBox(tr("More choices"))
        self.compare.setChecked(True)
        self.compare.setToolTip(
            tr("A random forest on the raw series, judged by the same parcels; takes a minute.")
        )
        self.out.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.out.setFilter(tr("Models (*.safetensors)"))
        self.out.lineEdit().setPlaceholderText(tr("in the output folder"))
        form = QFormLayout()
        form.addRow(tr("Epochs"), self.epochs)
        form.addRow(tr("Parcels per class"), self.per_class)
        form.addRow(tr("Write the model to"), self.out)
        form.addRow(self.compare)
        column = QVBoxLayout(box)
        column.addLayout(form)
        column.addWidget(
            hint(tr("Parcels that are not used for training judge the map afterwards."))
        )
        box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        box.setCollapsed(True)
        return box

    def _connect(self) -> None:
        self.start_button.clicked.connect(self.start)
        self.resume_button.clicked.connect(self.resume)
        self.init.chosen.connect(self._choose_init)
        self.pretrain.pretrained.connect(self._choose_init)
        for section in (self.comparison, self.pretrain):
            section.part_wanted.connect(self.part_wanted)
        for button in self.modes.values():
            button.toggled.connect(self._refresh)
        self.job_row.message.connect(self._hear)
        self.job_row.succeeded.connect(self._succeed)
        self.job_row.failed.connect(self._fail)
        self.job_row.stopped.connect(self._stop)
        self.job_row.running_changed.connect(self._refresh)
        self.session.changed.connect(self._refresh)

    def _choose_init(self, path: str) -> None:
        self.session.init_model = path

    def _refresh(self, *_: Any) -> None:
        if self.session.init_model and self.session.init_model != self.init.path():
            self.init.show_path(self.session.init_model)
        self.epochs.setEnabled(self.mode != "head")
        lacking = _lacking(self.session)
        self.comparison.setVisible(bool(self.session.train_result))
        self.comparison.allow(not lacking)
        self.start_button.setEnabled(not lacking and not self.job_row.is_running)
        self.lacking.setText("" if self.job_row.is_running else lacking)
        self.lacking.setVisible(bool(self.lacking.text()))
        if self.job_row.is_running:
            self.resume_button.hide()
            return
        record = self.session.train_result.get("record", {})
        self.score.show_record(record)
        self.offer_next("map", tr("Continue: map") if self.session.model else "")

    def _run(self, form: FinetuneForm) -> None:
        title = tr("S4: train by {modality}").format(modality=tr(form.modality))
        if not self.start_job(JobTask(title, finetune_job(form))):
            return
        self._form, self._watch = form, ProjectWatch(self)
        self._curves = begun(Curves(), form.out, form.resume)
        self.curve.show_curves(self._curves)
        self.curve.setVisible(form.mode != "head")
        self.score.hide()
        self._refresh()

    def _hear(self, message: dict[str, Any]) -> None:
        if message["type"] == "hello":
            self.device.setText(device_text(message))
            self.device.show()
            self.bring_up(self.job_row)
        elif message["type"] == "progress" and self._form is not None:
            if self._curves.hear(message["metrics"]):
                read_history(self._curves, self._form.out)
            self.curve.show_curves(self._curves)

    def _succeed(self, result: dict[str, Any]) -> None:
        form = self._form
        if form is None:
            return
        read_history(self._curves, str(result["model"]))
        self.curve.show_curves(self._curves)
        if self._watch is None or not self._watch.is_same:
            said = tr("The training has ended, but its project is closed. The model: {path}")
            self.notice.say("info", said.format(path=result["model"]))
            return
        kept = {**result, "parcels_per_class": form.parcels_per_class, "mode": form.mode}
        self.session.update(model=str(result["model"]), train_result=kept)
        new = unsaid(result["warnings"], self.session.info.get("warnings", ()))
        if new:
            self.notice.say("warning", "\n".join(new))
        self.bring_up(self._next, self.score)

    def _fail(self, *_: str) -> None:
        self._offer_resume()

    def _stop(self) -> None:
        self.notice.say("info", tr("Stopped. No model was written."))
        self._offer_resume()
        self.bring_up(self.notice, self.resume_button)

    def _offer_resume(self) -> None:
        self.resume_button.setVisible(self._form is not None and has_state(self._form.out))


def mode_texts() -> dict[str, tuple[str, str]]:
    """Name and one line of explanation of each mode."""
    texts = (
        (
            tr("Quick"),
            tr("Reads out the pretrained network as it is. The fastest; good for few parcels."),
        ),
        (
            tr("Decoder"),
            tr("Also trains the part that draws the map. Slower; for dozens of parcels."),
        ),
        (
            tr("Full"),
            tr("Trains the whole network, as in the S4 paper. The slowest; for many parcels."),
        ),
    )
    return dict(zip(MODES, texts))


def _lacking(session: SessionState) -> str:
    """What must be chosen before a training can start; empty where nothing is."""
    if session.area is None:
        return tr("Choose images first")
    if not session.modality:
        return tr("Choose a modality first")
    if session.labels is None or not session.labels.path or not session.labels.field:
        return tr("Choose parcels first")
    if session.labels.taught is not None and session.labels.taught < 2:
        return tr("Label two classes first")
    return ""


def _spin(none: str) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(0, 10_000)
    spin.setSpecialValueText(none)
    return spin

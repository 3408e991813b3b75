"""Step 5: the map, as layers of the project."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from qgis.core import Qgis, QgsProject
from qgis.gui import QgsCollapsibleGroupBox, QgsDateEdit, QgsFileWidget, QgsMapLayerComboBox
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from s4_core.errors import RasterError, S4Error
from s4_qgis.export.map_classes import classes_of_file, classes_of_layer
from s4_qgis.export.map_export import export_map
from s4_qgis.forms import EvaluateForm, SegmentForm
from s4_qgis.i18n import tr
from s4_qgis.layers.runs import (
    RUN_PROPERTY,
    ProjectWatch,
    add_derived,
    add_run,
    areas_sentence,
    layer_by_id,
    run_title,
)
from s4_qgis.layers.sources import is_mask, layers_of_paths
from s4_qgis.panel.extent_choice import ExtentChoice, WithinChoice
from s4_qgis.panel.mapping import FileTask, MapPlan, MapTask, vector_input
from s4_qgis.panel.places import (
    CONFIDENCE_NAME,
    MAP_NAME,
    METRICS_NAME,
    PARCELS_NAME,
    area_name,
    new_run_folder,
)
from s4_qgis.panel.season_fields import SeasonFields
from s4_qgis.panel.state import SessionState
from s4_qgis.panel.steps import StepPage, StepState, heading, hint
from s4_qgis.settings import PluginSettings, runtime


class MapPage(StepPage):
    """Extent, restriction, confidence; makes the map and loads it styled."""

    key = "map"

    def __init__(self, session: SessionState, iface: Any, parent: QWidget | None = None) -> None:
        self.title = tr("Map")
        super().__init__(session, iface, parent)
        self._plan: MapPlan | None = None
        self._watch: ProjectWatch | None = None
        self._rethresholding: float | None = None
        self.extent = ExtentChoice(iface)
        self.within = WithinChoice()
        self.least, self.new_least = _share(), _share()
        self.majority = QCheckBox(tr("One crop per parcel (majority)"))
        self.parcels = QgsMapLayerComboBox()
        self.until = QgsDateEdit()
        self.season = SeasonFields()
        self.out = QgsFileWidget()
        self.start_button = QPushButton(tr("Make the map"))
        self.lacking = hint("")
        self.resume_button = QPushButton(tr("Go on with the finished tiles"))
        self.summary = hint("")
        self.again = QWidget()
        self.again_button = QPushButton(tr("Apply"))
        self._lay_out()
        self._connect()
        self._refresh()

    def state_of(self, session: SessionState) -> StepState:
        """Done where there is a map, ready where there is a model."""
        if session.map_result:
            return StepState("done", areas_sentence(session.map_result.get("areas", [])))
        if not session.model:
            return StepState("todo", tr("Train a model first"))
        return StepState("ready", tr("Ready to map"))

    def plan(self) -> MapPlan:
        """What the page holds now; reads layers, so QGIS's main thread only."""
        session = self.session
        chosen = self.out.filePath().strip()
        folder = Path(chosen) if chosen else new_run_folder(session, datetime.now())
        parcels = self.parcels.currentLayer() if self.majority.isChecked() else None
        within = self.within.vector()
        until = "" if self.until.isNull() else self.until.date().toString(Qt.DateFormat.ISODate)
        area = replace(
            session.area,
            until=until or session.area.until,
            season=self.season.text() or session.area.season,
        )
        form = SegmentForm(
            area=area,
            model=session.model,
            modality=session.modality,
            out=str(folder / MAP_NAME),
            confidence=str(folder / CONFIDENCE_NAME),
            within=self.within.raster_path(),
            min_confidence=self.least.value() or None,
            runtime=runtime(),
        )
        return MapPlan(
            form=form,
            extent=self.extent.chosen(),
            within=None if within is None else vector_input(within),
            parcels=None if parcels is None else vector_input(parcels),
            parcels_out=str(folder / PARCELS_NAME),
            judge=judge_form(session, folder),
        )

    def start(self) -> None:
        """Make the map."""
        try:
            self._run(self.plan())
        except S4Error as error:
            self.show_error(error)

    def resume(self) -> None:
        """Go on with the map that was stopped."""
        if self._plan is not None:
            self._run(replace(self._plan, form=replace(self._plan.form, resume=True)))

    def rethreshold(self) -> None:
        """Another map from this one: pixels below the minimum confidence become uncertain."""
        result, least = self.session.map_result, self.new_least.value()
        layer = layer_by_id(result.get("layers", {}).get("map", ""))
        path, confidence = str(result["map"]), str(result["confidence"])
        try:
            known = classes_of_layer(layer, path) if layer else classes_of_file(path)
        except S4Error as error:
            self.show_error(error)
            return
        folder = Path(path).parent / "exports" / f"confidence_{round(least * 100):03d}"

        def write(progress: Any) -> dict[str, Any]:
            made = export_map(
                path,
                folder,
                "crop_map",
                known,
                confidence=confidence,
                least=least,
                progress=progress,
            )
            return {"derived": str(made.tif)}

        if self.start_job(FileTask(tr("S4: new minimum confidence"), write)):
            self._rethresholding, self._watch = least, ProjectWatch(self)
            self._refresh()

    def showEvent(self, event: Any) -> None:
        """Offer the layers that can be masks now."""
        super().showEvent(event)
        self._offer_layers()

    def _lay_out(self) -> None:
        self.body.addWidget(heading(tr("Where")))
        self.body.addWidget(self.extent)
        self.body.addWidget(heading(tr("What to map")))
        self.body.addWidget(self.within)
        form = QFormLayout()
        form.addRow(tr("Minimum confidence"), self.least)
        self.body.addLayout(form)
        self.body.addWidget(self.majority)
        self.parcels.setFilters(Qgis.LayerFilter.PolygonLayer)
        self.parcels.hide()
        self.body.addWidget(self.parcels)
        self.body.addWidget(self._advanced())
        for widget in (self.start_button, self.lacking, self.resume_button, self.summary):
            self.body.addWidget(widget)
        row = QHBoxLayout(self.again)
        row.setContentsMargins(0, 0, 0, 0)
        label = QLabel(tr("New minimum confidence, without mapping again"))
        label.setWordWrap(True)
        row.addWidget(label, 1)
        row.addWidget(self.new_least)
        row.addWidget(self.again_button)
        self.body.addWidget(self.again)
        self.resume_button.hide()
        self.least.setValue(PluginSettings().min_confidence)
        self.least.setToolTip(tr("Pixels below become the class “uncertain”; 0 keeps them all."))

    def _advanced(self) -> QgsCollapsibleGroupBox:
        box = QgsCollapsibleGroupBox(tr("More choices"))
        self.until.setAllowNull(True)
        self.until.setNullRepresentation(tr("all of the season"))
        self.until.setDisplayFormat("yyyy-MM-dd")
        self.until.setCalendarPopup(True)
        self.until.clear()
        self.until.setToolTip(tr("For a map before harvest: later images are not used."))
        self.out.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.out.lineEdit().setPlaceholderText(tr("a new folder in the output folder"))
        form = QFormLayout()
        form.addRow(tr("Images until"), self.until)
        form.addRow(tr("Folder"), self.out)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 4, 0, 4)
        column.addWidget(self.season)
        column.addLayout(form)
        box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        box.setCollapsed(True)
        return box

    def _connect(self) -> None:
        self.start_button.clicked.connect(self.start)
        self.resume_button.clicked.connect(self.resume)
        self.again_button.clicked.connect(self.rethreshold)
        self.within.changed.connect(self._refresh)
        self.majority.toggled.connect(self.parcels.setVisible)
        self.job_row.succeeded.connect(self._succeed)
        self.job_row.failed.connect(self._offer_resume)
        self.job_row.stopped.connect(self._stop)
        self.job_row.running_changed.connect(self._refresh)
        self.session.changed.connect(self._refresh)

    def _refresh(self, *_: Any) -> None:
        session, running = self.session, self.job_row.is_running
        lacking = "" if session.model and session.area else tr("Train a model first")
        if not lacking and not self.within.is_answered:
            lacking = tr("Say first what to map")
        self.start_button.setEnabled(not lacking and not running)
        self.lacking.setText("" if self.job_row.is_running else lacking)
        self.lacking.setVisible(bool(self.lacking.text()))
        season = session.info.get("season") if session.info else None
        if not self.season.is_stated:
            self.season.show_days(tuple(season) if season else None, stated=False)
        result = session.map_result
        self.again.setVisible(bool(result))
        self.again_button.setEnabled(not running)
        self.summary.setVisible(bool(result))
        if result:
            self.new_least.setMinimum(float(result.get("min_confidence") or 0.0))
            self.summary.setText(areas_sentence(result.get("areas", [])))
        if running:
            self.resume_button.hide()
        self.offer_next("report", tr("Continue: report and export") if result else "")

    def _offer_layers(self) -> None:
        project = QgsProject.instance()
        images = layers_of_paths(
            project, [i["path"] for i in self.session.info.get("acquisitions", ())]
        )
        layers = project.mapLayers().values()
        made = [x for x in layers if x.customProperty(RUN_PROPERTY) or is_mask(x)]
        self.within.leave_out([*images, *made])
        labels = self.session.labels
        layer = None if labels is None else layer_by_id(labels.layer_id)
        if layer is not None and not self.majority.isChecked():
            self.parcels.setLayer(layer)

    def _run(self, plan: MapPlan) -> None:
        title = tr("S4: map {area} by {modality}").format(
            area=area_name(self.session), modality=tr(plan.form.modality)
        )
        if self.start_job(MapTask(title, plan)):
            self._plan, self._watch, self._rethresholding = plan, ProjectWatch(self), None
            self._refresh()

    def _succeed(self, result: dict[str, Any]) -> None:
        if self._watch is None or not self._watch.is_same:
            folder = Path(str(result.get("map") or result.get("derived"))).parent
            said = tr("A map is ready, but its project is closed. Its folder: {folder}")
            self.tell(said.format(folder=folder), Qgis.MessageLevel.Info)
            return
        try:
            if self._rethresholding is not None:
                self._take_derived(str(result["derived"]), self._rethresholding)
            else:
                self._take_map(result)
        except RasterError as error:
            self.show_error(error)

    def _take_map(self, result: dict[str, Any]) -> None:
        if self._plan is None:
            return
        form = self._plan.form
        title = run_title(area_name(self.session), tr(form.modality), datetime.now())
        layers = add_run(result, title, str(result["parcels"]))
        kept = {k: v for k, v in result.items() if k != "metrics"}
        self.session.update(
            run_folder=str(Path(result["map"]).parent),
            map_result={**kept, "layers": layers.plain(), "min_confidence": form.min_confidence},
            metrics=result["metrics"],
        )
        self.tell(areas_sentence(result["areas"], most=2), Qgis.MessageLevel.Success)
        if result["warnings"]:
            self.notice.say("warning", "\n".join(result["warnings"]))

    def _take_derived(self, path: str, least: float) -> None:
        name = tr("Crops, confidence at least {share}").format(share=f"{least:.0%}")
        group = str(self.session.map_result.get("layers", {}).get("group", ""))
        add_derived(path, name, group)
        self.notice.say("good", tr("Added as a layer: {path}").format(path=path))

    def tell(self, text: str, level: Any) -> None:
        """Say an outcome in QGIS's message bar, or in the page where there is none."""
        if self.iface is not None:
            bar = self.iface.messageBar()
            # a moment later: above QGIS's own word on the task that has just ended
            QTimer.singleShot(0, lambda: bar.pushMessage(tr("S4 crop map"), text, level, 20))
        else:
            self.notice.say("info", text)

    def _stop(self) -> None:
        self.notice.say("info", tr("Stopped."))
        self._offer_resume()

    def _offer_resume(self, *_: str) -> None:
        self.resume_button.setVisible(self._plan is not None and self._rethresholding is None)


def judge_form(session: SessionState, folder: Path) -> EvaluateForm | None:
    """How to measure the map by the parcels that the training left; None where it used all."""
    labels, result = session.labels, session.train_result
    if labels is None or not result.get("parcels_per_class"):
        return None
    return EvaluateForm(
        map=str(folder / MAP_NAME),
        reference=labels.path,
        field_name=labels.field,
        layer=labels.layer,
        exclude_parcels=str(result["training_parcels"]),
        confidence=str(folder / CONFIDENCE_NAME),
        out=str(folder / METRICS_NAME),
    )


def _share() -> QDoubleSpinBox:
    spin = QDoubleSpinBox()
    spin.setRange(0.0, 1.0)
    spin.setSingleStep(0.05)
    spin.setDecimals(2)
    return spin

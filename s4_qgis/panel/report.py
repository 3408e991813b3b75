"""Step 6: how much of each crop, how right the map is, and what to take away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from qgis.core import QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QVBoxLayout, QWidget

from s4_core.errors import RasterError, S4Error
from s4_core.types import MapClass
from s4_qgis.engine.task import JobTask, WorkTask
from s4_qgis.export.layout import (
    Sheet,
    build_layout,
    credits_text,
    map_title,
    write_pdf,
    write_png,
)
from s4_qgis.export.map_classes import Classes, classes_of_file, classes_of_layer
from s4_qgis.export.map_export import export_map
from s4_qgis.export.parcel_copy import write_parcel_copy
from s4_qgis.export.parcel_votes import MapVotes
from s4_qgis.export.vector import vectorize
from s4_qgis.forms import EvaluateForm, ReportForm
from s4_qgis.i18n import tr
from s4_qgis.layers.placing import add_on_top
from s4_qgis.layers.runs import PARCEL_CLASS, ProjectWatch, layer_by_id
from s4_qgis.layers.sampling import CROP, add_sample, draw_places, read_sample, write_sample
from s4_qgis.layers.styling import style_parcels
from s4_qgis.panel.accuracy import accuracy_text, matrix_in, without_judging
from s4_qgis.panel.areas_table import AreasTable, area_rows, interval_reason
from s4_qgis.panel.confusion import ConfusionWidget
from s4_qgis.panel.export_box import ExportBox
from s4_qgis.panel.mapping import FileTask, vector_input
from s4_qgis.panel.notice import Notice
from s4_qgis.panel.places import METRICS_NAME, REPORT_NAME, area_name
from s4_qgis.panel.sample_box import SampleBox, lacking
from s4_qgis.panel.scores import ScoreBox
from s4_qgis.panel.state import SessionState
from s4_qgis.panel.steps import StepPage, StepState, heading, hint
from s4_qgis.requests import evaluate_job, report_job
from s4_qgis.words import simulated_text

_SEED = 1
"""Of the sample: the same map gives the same sample."""


class ReportPage(StepPage):
    """Areas, accuracy, sample, export."""

    key = "report"

    def __init__(self, session: SessionState, iface: Any, parent: QWidget | None = None) -> None:
        self.title = tr("Report")
        super().__init__(session, iface, parent)
        self._done: Callable[[dict[str, Any]], None] | None = None
        self._watch: ProjectWatch | None = None
        self.empty = hint(tr("Make a map first: its areas and its accuracy appear here."))
        self.inside = QWidget()
        self.simulated = Notice()
        self.areas, self.reason = AreasTable(), hint("")
        self.score, self.accuracy = ScoreBox(), hint("")
        self.confusion = ConfusionWidget()
        self.confusion_about = hint(tr("Rows: reference; columns: map; per cent of each row."))
        self.sample = SampleBox()
        self.export = ExportBox()
        self._lay_out()
        self.sample.wanted.connect(self.draw_sample)
        self.sample.judge_wanted.connect(self.judge)
        self.export.styled_wanted.connect(self.export_styled)
        self.export.polygons_wanted.connect(self.export_polygons)
        self.export.parcels_wanted.connect(self.export_parcels)
        self.export.sheet_wanted.connect(self.export_sheet)
        self.export.report_wanted.connect(self.make_report)
        self.job_row.succeeded.connect(self._succeed)
        self.job_row.running_changed.connect(self._enable)
        session.changed.connect(self._refresh)
        self._refresh()

    def state_of(self, session: SessionState) -> StepState:
        """Ready where there is a map, done where its accuracy is known too."""
        if not session.map_result:
            return StepState("todo", tr("Make a map first"))
        score = session.metrics.get("miou", {}).get("value") if session.metrics else None
        if score is None:
            return StepState("ready")
        return StepState("done", tr("mean IoU {score}").format(score=f"{score:.2f}"))

    def draw_sample(self, design: str, units: int) -> None:
        """Draw a sample of the map, and add it to the project to be filled in."""
        path = self._map
        out = str(Path(path).parent / f"sample_{design}_{units}.gpkg")
        if Path(out).exists():
            said = tr("There is such a sample already: {path}")
            self.notice.say("warning", said.format(path=out), tr("Its crops are kept."))
            self._take_sample(out)
            return

        def write(_progress: Any) -> dict[str, Any]:
            write_sample(path, out, draw_places(path, units, design, _SEED), design)
            return {"sample": out}

        self._start(
            FileTask(tr("S4: draw a sample"), write), lambda r: self._take_sample(r["sample"])
        )

    def judge(self) -> None:
        """Measure the map by the filled-in sample."""
        path = str(self.session.map_result.get("sample", ""))
        sample = read_sample(path)
        reason = lacking(sample)
        if sample is None or reason:
            self.notice.say("warning", reason)
            return
        form = EvaluateForm(
            map=self._map,
            reference=path,
            field_name=CROP,
            sampling=sample.design,
            confidence=str(self.session.map_result.get("confidence") or ""),
            out=str(Path(self._map).parent / METRICS_NAME),
        )
        self._start(JobTask(tr("S4: judge the map"), evaluate_job(form)), self._take_metrics)

    def export_styled(self, folder: str) -> None:
        """Write the map with its styles into a folder."""
        path, classes = self._map, self._classes()
        if classes is None:
            return

        def write(progress: Any) -> dict[str, Any]:
            name = Path(path).stem
            if Path(folder, f"{name}.tif") == Path(path):
                name = f"{name}_styled"
            made = export_map(path, Path(folder), name, classes, progress=progress)
            return {"written": str(made.tif)}

        self._start(FileTask(tr("S4: export the map"), write), self._tell_written)

    def export_polygons(self, out: str) -> None:
        """Write the map's polygons, and add them to the project."""
        path, classes, options = self._map, self._classes(), self.export.options()
        if classes is None:
            return

        def write(progress: Any) -> dict[str, Any]:
            return {"written": out, "count": vectorize(path, out, classes, options, progress)}

        self._start(FileTask(tr("S4: polygons of the map"), write), self._take_polygons)

    def export_parcels(self, out: str) -> None:
        """Write a copy of the parcels with what the map says of them, and add it."""
        layer, classes = self.export.parcel_layer.currentLayer(), self._classes()
        if classes is None:
            return
        if layer is None:
            self.notice.say(
                "problem",
                tr("The project has no layer of polygons."),
                tr("Add the layer of parcels, or choose it under More choices."),
            )
            return
        path, parcels = self._map, vector_input(layer)
        confidence = str(self.session.map_result.get("confidence") or "")

        def write(progress: Any) -> dict[str, Any]:
            votes = MapVotes(path, confidence, classes, parcels.crs)
            count = write_parcel_copy(parcels, votes, out, progress)
            return {"written": out, "count": count, "all": parcels.count}

        self._start(
            FileTask(tr("S4: crops of the parcels"), write),
            lambda result: self._take_parcels(result, list(classes.values())),
        )

    def export_sheet(self, out: str) -> None:
        """Write the map sheet; the suffix says whether PDF or PNG."""
        layer = self._layer()
        if layer is None:
            return
        inset = self._layer("confidence") if self.export.inset.isChecked() else None
        try:
            layout = build_layout(QgsProject.instance(), layer, self._sheet(), inset)
            (write_png if out.lower().endswith(".png") else write_pdf)(layout, Path(out))
        except S4Error as error:
            self.show_error(error)
            return
        self._tell_written({"written": out})

    def make_report(self, open_it: bool = True) -> None:
        """Draw the run's page, and open it."""
        folder = self.session.run_folder
        form = ReportForm(run=folder, out=str(Path(folder) / REPORT_NAME))

        def done(result: dict[str, Any]) -> None:
            self._tell_written({"written": result["report"]})
            if open_it:
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(result["report"])))

        self._start(JobTask(tr("S4: report"), report_job(form)), done)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self.inside)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (
            self.simulated,
            heading(tr("Areas")),
            self.areas,
            self.reason,
            heading(tr("Accuracy")),
            self.score,
            self.accuracy,
            self.confusion,
            self.confusion_about,
            self.sample,
            heading(tr("Take away")),
            self.export,
        ):
            column.addWidget(widget)
        self.body.addWidget(self.empty)
        self.body.addWidget(self.inside)

    def _refresh(self, *_: Any) -> None:
        result, metrics = self.session.map_result, self.session.metrics
        self.empty.setVisible(not result)
        self.inside.setVisible(bool(result))
        if not result:
            return
        rows = area_rows(result, metrics)
        self.areas.show_rows(rows)
        self.reason.setText(interval_reason(rows, metrics))
        note = simulated_text(result)
        self.simulated.clear()
        if note:
            self.simulated.say("warning" if result["simulated"] == "only" else "info", note)
        own = self.session.train_result.get("record", {})
        # parcels that the training left judge the map; else the training judges itself
        self.score.show_record({} if metrics else own)
        self.accuracy.setText(accuracy_text(metrics) or without_judging(own))
        self.accuracy.setVisible(bool(self.accuracy.text()))
        matrix = matrix_in(metrics, own, self.session.train_result.get("classes", ()))
        self.confusion.show_matrix(matrix)
        self.confusion_about.setVisible(bool(matrix.rows))
        self.sample.show_sample(str(result.get("sample", "")))
        self.export.folder = self.session.run_folder
        self.export.title.setPlaceholderText(map_title(area_name(self.session)))
        self._offer_parcels()

    def showEvent(self, event: Any) -> None:
        """The sample may have been filled in meanwhile."""
        super().showEvent(event)
        self.sample.show_sample(str(self.session.map_result.get("sample", "")))
        self._offer_parcels()

    def _offer_parcels(self) -> None:
        """Those that were learned from, unless the user chose others."""
        labels = self.session.labels
        layer = None if labels is None else layer_by_id(labels.layer_id)
        if layer is not None and not self.export.parcels_chosen:
            self.export.parcel_layer.setLayer(layer)

    def _enable(self, running: bool) -> None:
        self.sample.setEnabled(not running)
        self.export.setEnabled(not running)

    def _start(self, task: WorkTask, done: Callable[[dict[str, Any]], None]) -> None:
        if self.start_job(task):
            self._done, self._watch = done, ProjectWatch(self)

    def _succeed(self, result: dict[str, Any]) -> None:
        if self._done is None or self._watch is None or not self._watch.is_same:
            return  # the files are written; their project is closed
        try:
            self._done(result)
        except S4Error as error:
            self.show_error(error)

    def _take_sample(self, path: str) -> None:
        project = QgsProject.instance()
        shown = {x.source().partition("|")[0] for x in project.mapLayers().values()}
        if path not in shown:
            names = [c["name"] for c in self.session.map_result["legend"]]
            layer = add_sample(path, [name for name in names if name != "uncertain"])
            if self.iface is not None:
                self.iface.setActiveLayer(layer)
        self.session.map_result = {**self.session.map_result, "sample": path}

    def _take_metrics(self, metrics: dict[str, Any]) -> None:
        self.session.metrics = metrics

    def _take_polygons(self, result: dict[str, Any]) -> None:
        layer = QgsVectorLayer(str(result["written"]), Path(str(result["written"])).stem, "ogr")
        if layer.isValid():
            add_on_top(QgsProject.instance(), layer)
        said = tr("{n} polygons: {path}").format(n=result["count"], path=result["written"])
        self.notice.say("good", said)

    def _take_parcels(self, result: dict[str, Any], classes: list[MapClass]) -> None:
        layer = QgsVectorLayer(str(result["written"]), tr("Parcels with their crop"), "ogr")
        if layer.isValid():
            style_parcels(layer, PARCEL_CLASS, classes)
            add_on_top(QgsProject.instance(), layer)
        said = tr("{n} of {all} parcels have a crop: {path}")
        self.notice.say(
            "good",
            said.format(n=result["count"], all=result["all"], path=result["written"]),
        )

    def _tell_written(self, result: Mapping[str, Any]) -> None:
        self.notice.say("good", tr("Written: {path}").format(path=result["written"]))

    @property
    def _map(self) -> str:
        return str(self.session.map_result["map"])

    def _layer(self, kind: str = "map") -> QgsRasterLayer | None:
        """A layer of the run; opened anew where the user took it off the project."""
        layer = layer_by_id(self.session.map_result.get("layers", {}).get(kind, ""))
        if layer is None:
            layer = QgsRasterLayer(str(self.session.map_result[kind]), kind, "gdal")
        if layer.isValid():
            return layer
        self.show_error(
            RasterError(
                tr("{path} cannot be opened.").format(path=self.session.map_result[kind]),
                tr("The run's files may have been moved; make the map again."),
            )
        )
        return None

    def _classes(self) -> Classes | None:
        layer = layer_by_id(self.session.map_result.get("layers", {}).get("map", ""))
        try:
            if layer is None:
                return classes_of_file(self._map)
            return classes_of_layer(layer, self._map)
        except S4Error as error:
            self.show_error(error)
            return None

    def _sheet(self) -> Sheet:
        info, simulated = self.session.info, str(self.session.map_result.get("simulated", "no"))
        season = " – ".join(info.get("season") or ())
        return Sheet(
            title=self.export.title.text().strip() or self.export.title.placeholderText(),
            subtitle=" · ".join(filter(None, (tr(self.session.modality), season))),
            credits=credits_text(years_of(info), simulated),
            simulated=simulated,
            note=tr(str(self.session.map_result.get("simulated_note") or "")),
        )


def years_of(info: Mapping[str, Any]) -> str:
    """Years of the images: "2019" or "2018-2019"; empty where unknown."""
    dates = [str(image["date"]) for image in info.get("acquisitions", ())]
    years = sorted({text[:4] for text in [*dates, *(info.get("season") or ())]})
    return "-".join(dict.fromkeys((years[0], years[-1]))) if years else ""

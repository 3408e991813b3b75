"""Step 3: the parcels to learn from, their classes, and where more of them would help."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from s4_core.errors import S4Error
from s4_qgis.engine.task import run_in_task_manager
from s4_qgis.i18n import tr
from s4_qgis.layers.labels import (
    ClassCount,
    CountTask,
    Place,
    code_field_of,
    create_parcel_layer,
    problems,
    rename_class,
    usual_field,
)
from s4_qgis.layers.legend import (
    ClassEntry,
    legend_for,
    legend_path,
    style_by_class,
    write_legend,
)
from s4_qgis.layers.placing import add_on_top
from s4_qgis.layers.runs import ProjectWatch
from s4_qgis.layers.suggest import SuggestTask, suggestion_layer
from s4_qgis.panel.engine_file import engine_file, is_copy
from s4_qgis.panel.labels_form import LabelsForm
from s4_qgis.panel.legend_table import ClassRow
from s4_qgis.panel.state import LabelsChoice, SessionState
from s4_qgis.panel.steps import StepPage, StepState

STYLED = "s4_crop_mapper/styled"
SUGGESTED = "s4_crop_mapper/suggested"
"""Custom properties of layers that the page styled, and of its suggestions."""

_PAUSE_MS = 400  # between the last edit of a parcel and counting again


class LabelsPage(StepPage):
    """Choose or make parcels; shows their classes and what is the matter with them."""

    key = "labels"

    def __init__(self, session: SessionState, iface: Any, parent: QWidget | None = None) -> None:
        self.title = tr("Labels")
        super().__init__(session, iface, parent)
        self.counts: list[ClassCount] = []
        self.unlabelled = 0
        self._counting: CountTask | None = None
        self._file = ("", "")  # and layer name, as the engine reads the chosen layer
        self._watched = ""
        self._watch_project: ProjectWatch | None = None
        self.form = LabelsForm()
        self.body.addWidget(self.form)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE_MS)
        self._later.timeout.connect(self.count)
        self._connect()
        self._show_labels()

    def state_of(self, session: SessionState) -> StepState:
        """Done when two classes have parcels."""
        own = self.running_state()
        if own is not None:
            return own
        labels = session.labels
        if labels is None or not labels.field:
            return StepState("todo", tr("Choose or draw parcels"))
        number = sum(count.parcels for count in self.counts)
        text = tr("{n} parcels, {k} classes").format(n=number, k=len(self.counts))
        return StepState("done" if len(self.counts) > 1 else "ready", text)

    def layer(self) -> QgsVectorLayer | None:
        """The chosen layer."""
        return self.form.layers.currentLayer()

    def count(self) -> None:
        """Count the parcels of the chosen layer and field, in the background."""
        self._later.stop()
        if self._counting is not None:
            self._counting.cancel()
            self._counting = None
        layer, field = self.layer(), self.form.fields.currentField()
        if layer is None or not field:
            self._take_counts({"counts": [], "unlabelled": 0})
            return
        place = place_of(self.session.info)
        self._file, copy = engine_file(layer)
        task = CountTask(layer, field, code_field_of(layer.fields(), field), place, copy)
        task.succeeded.connect(lambda result: self._counted(task, result))
        task.failed.connect(lambda *failure: self._not_counted(task, *failure))
        self._counting = task
        run_in_task_manager(task)

    def use_layer(self, layer: QgsVectorLayer, field: str = "") -> None:
        """Choose a layer of the project and the field of its classes."""
        self.form.layers.setLayer(layer)
        self.form.fields.setField(usual_field(layer.fields(), field))
        self._choice_changed()

    def create_layer(self, path: str) -> QgsVectorLayer | None:
        """Make a new layer of parcels, ready to draw; None where that fails."""
        project = QgsProject.instance()
        place = place_of(self.session.info)
        crs = QgsCoordinateReferenceSystem(place.crs) if place else project.crs()
        try:
            layer = create_parcel_layer(path, crs, project)
        except S4Error as error:
            self.show_error(error)
            return None
        layer.setCustomProperty(STYLED, True)
        style_by_class(layer, usual_field(layer.fields()), ())
        self.use_layer(layer)
        self._start_drawing(layer)
        return layer

    def add_folder_parcels(self) -> None:
        """Add the parcels that the images' folder names, and choose them."""
        path, field = offered(self.session.info)
        name = os.path.splitext(os.path.basename(path))[0]
        layer = QgsVectorLayer(path, name, "ogr")
        if not layer.isValid():
            self.notice.say("problem", tr("{path} cannot be opened.").format(path=path))
            return
        layer.setCustomProperty(STYLED, True)
        add_on_top(QgsProject.instance(), layer)
        self.use_layer(layer, field)

    def add_class(self, name: str) -> None:
        """A class without parcels, to be drawn."""
        labels, name = self.session.labels, name.strip()
        if labels is None or not name or name in {known[0] for known in labels.legend}:
            return
        names = [known[0] for known in labels.legend]
        codes = {known[0]: known[1] for known in labels.legend}
        self._keep(legend_for([*names, name], codes, labels.legend))

    def suggest(self) -> bool:
        """Look for the places that the last map is least sure of."""
        result = self.session.map_result
        layer = self.layer() if self.unlabelled else None
        task = SuggestTask(
            str(result.get("confidence", "")),
            layer,
            self.form.fields.currentField(),
            most=self.form.most.value(),
        )
        self._watch_project = ProjectWatch(self)
        return self.start_job(task)

    def confirm(self, question: str) -> bool:
        """Ask the user."""
        yes = QMessageBox.StandardButton.Yes
        return QMessageBox.question(self, self.title, question) == yes

    def _connect(self) -> None:
        form = self.form
        form.layers.layerChanged.connect(self._layer_changed)
        form.fields.fieldChanged.connect(self._choice_changed)
        form.new.clicked.connect(self._ask_new)
        form.offer.clicked.connect(self.add_folder_parcels)
        form.add_class.clicked.connect(self._ask_class)
        form.style.clicked.connect(self._style)
        form.suggest.clicked.connect(self.suggest)
        form.table.renamed.connect(self._rename)
        form.table.coloured.connect(self._colour)
        self.job_row.succeeded.connect(self._suggested)
        self.session.changed.connect(self._session_changed)

    def _session_changed(self, name: str) -> None:
        if name == "labels":
            self._show_labels()
            self._show_offers()
        elif name == "info":
            self._show_offers()
            if self.layer() is not None:
                self.count()
        elif name == "map_result":
            self._show_offers()

    def _show_labels(self) -> None:
        """Show the session's choice, also one that a project brought back."""
        labels = self.session.labels
        if labels is None:
            self.form.choose(None, "")
            self.counts, self.unlabelled = [], 0
        else:
            layer = self.layer()
            if layer is None or layer.id() != labels.layer_id:
                self.form.choose(QgsProject.instance().mapLayer(labels.layer_id), labels.field)
                self._watch()
                self.count()
        self._show_classes()

    def _layer_changed(self, layer: QgsVectorLayer | None) -> None:
        self.form.choose_fields_of(layer, usual_field(layer.fields()) if layer else "")
        self._choice_changed()

    def _choice_changed(self, *_: object) -> None:
        self.clear_failure()
        self._watch()
        self.count()

    def _watch(self) -> None:
        """Count again when parcels are drawn or changed."""
        layer = self.layer()
        if layer is None or layer.id() == self._watched:
            return
        self._watched = layer.id()
        for signal in (
            layer.layerModified,
            layer.afterCommitChanges,
            layer.afterRollBack,
            layer.subsetStringChanged,
        ):
            signal.connect(self._count_later)

    def _count_later(self) -> None:
        self._later.start()

    def _counted(self, task: CountTask, result: dict[str, Any]) -> None:
        if task is self._counting:  # else another layer was chosen meanwhile
            self._counting = None
            self._take_counts(result)

    def _not_counted(self, task: CountTask, _code: str, message: str, remedy: str) -> None:
        if task is self._counting:
            self._counting = None
            self.notice.say("problem", message, remedy)
            self.session.labels = None

    def _take_counts(self, result: dict[str, Any]) -> None:
        self.counts, self.unlabelled = result["counts"], result["unlabelled"]
        layer, field = self.layer(), self.form.fields.currentField()
        if layer is None or not field:
            self.session.labels = None
            return
        path, name = self._file
        before = self.session.labels
        same = (
            before is not None
            and before.field == field
            and (before.path == path or before.layer_id == layer.id())  # as a copy or by itself
        )
        known: Sequence[ClassEntry] = before.legend if same else ()
        codes = {count.name: count.code for count in self.counts}
        names = {*codes, *(entry[0] for entry in known if entry[0] not in codes)}
        place = LabelsChoice(
            path,
            name,
            field,
            legend_path=legend_path(path, name, field),
            layer_id=layer.id(),
            taught=len(self.counts),
        )
        self._keep(legend_for(names, codes, known), place)

    def _keep(self, legend: tuple[ClassEntry, ...], place: LabelsChoice | None = None) -> None:
        """Take a legend: into the session, its file and the layer's colours."""
        choice = replace(place or self.session.labels, legend=legend)
        counted = {count.name for count in self.counts}
        try:
            write_legend(choice.legend_path, [entry for entry in legend if entry[0] in counted])
        except S4Error as error:
            self.show_error(error)
        self.session.labels = choice
        layer = self.layer()
        if layer is not None and layer.customProperty(STYLED):
            style_by_class(layer, choice.field, legend)
        self._show_classes()
        self.summary_changed.emit()

    def _show_classes(self) -> None:
        labels, layer = self.session.labels, self.layer()
        counted = {count.name: count for count in self.counts}
        legend = labels.legend if labels is not None else ()
        rows = [class_row(entry, counted.get(entry[0])) for entry in legend]
        said = []
        if labels is not None and layer is not None and self._counting is None:
            empty = [row.name for row in rows if not row.parcels]
            modified = layer.isModified() and not is_copy(labels.path)
            said = problems(self.counts, empty, self.unlabelled, is_modified=modified)
        self.form.show_classes(rows, said, has_layer=labels is not None)
        self._show_offers()
        self.offer_next("train", tr("Continue: train") if len(self.counts) > 1 else "")

    def _show_offers(self) -> None:
        path, _field = offered(self.session.info)
        labels = self.session.labels
        if labels is not None and labels.path == path:  # in use already
            path = ""
        self.form.show_offers(path, bool(self.session.map_result.get("confidence")))

    def _rename(self, old: str, new: str) -> None:
        layer, labels = self.layer(), self.session.labels
        number = sum(count.parcels for count in self.counts if count.name == old)
        question = tr("Rename {old} to {new} in {n} parcel(s) of the layer {layer}?")
        if layer is None or labels is None:
            return
        if number and not self.confirm(
            question.format(old=old, new=new, n=number, layer=layer.name())
        ):
            return
        try:
            rename_class(layer, labels.field, old, new)
        except S4Error as error:
            self.show_error(error)
            return
        others = [entry for entry in labels.legend if entry[0] not in (old, new)]
        known = {entry[0]: entry for entry in labels.legend}
        renamed = known.get(new, (new, known[old][1], known[old][2]))
        self.session.labels = replace(labels, legend=(*others, renamed))
        self.count()

    def _colour(self, name: str, colour: str) -> None:
        labels = self.session.labels
        if labels is not None:
            self._keep(tuple((n, c, colour if n == name else old) for n, c, old in labels.legend))

    def _style(self) -> None:
        layer, labels = self.layer(), self.session.labels
        if layer is not None and labels is not None:
            layer.setCustomProperty(STYLED, True)
            style_by_class(layer, labels.field, labels.legend)

    def _ask_new(self) -> None:
        start = os.path.join(QgsProject.instance().homePath(), "parcels.gpkg")
        path, _kind = QFileDialog.getSaveFileName(
            self, tr("New parcel layer"), start, tr("GeoPackage (*.gpkg)")
        )
        if path:
            self.create_layer(path if path.lower().endswith(".gpkg") else f"{path}.gpkg")

    def _ask_class(self) -> None:
        name, is_given = QInputDialog.getText(self, tr("Add class"), tr("Name of the class"))
        if is_given:
            self.add_class(name)

    def _start_drawing(self, layer: QgsVectorLayer) -> None:
        if self.iface is None:
            return
        self.iface.setActiveLayer(layer)
        action = getattr(self.iface, "actionAddFeature", None)
        if action is not None:
            action().trigger()

    def _suggested(self, result: dict[str, Any]) -> None:
        if self._watch_project is None or not self._watch_project.is_same:
            return  # another project is open: it has other maps
        project = QgsProject.instance()
        old = [x.id() for x in project.mapLayers().values() if x.customProperty(SUGGESTED)]
        project.removeMapLayers(old)
        found = result["suggestions"]
        if not found:
            self.notice.say("info", tr("The map has no place to label."))
            return
        layer = suggestion_layer(found, result["crs"], tr("Label more here"))
        layer.setCustomProperty(SUGGESTED, True)
        add_on_top(project, layer)
        self.notice.say(
            "good",
            tr("{n} places that the map is least sure of are on the map, numbered.").format(
                n=len(found)
            ),
        )


def place_of(info: Mapping[str, Any]) -> Place | None:
    """Where the images lie."""
    grid = info.get("grid")
    return None if not grid else Place(grid["crs"], tuple(grid["bounds"]))


def offered(info: Mapping[str, Any]) -> tuple[str, str]:
    """Parcels and class field that the images' folder names; "" where it names none."""
    path = str(info.get("labels") or "")
    return (path, str(info.get("field") or "")) if path and os.path.exists(path) else ("", "")


def class_row(entry: ClassEntry, count: ClassCount | None) -> ClassRow:
    """A class as the table shows it."""
    name, _code, colour = entry
    if count is None:
        return ClassRow(name, colour, 0, 0.0, tr("no parcel yet"))
    doubt = tr("only one parcel") if count.parcels == 1 else ""
    return ClassRow(name, colour, count.parcels, count.hectares, doubt)

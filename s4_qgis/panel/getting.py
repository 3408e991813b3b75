"""Sections that bring images in: look first, then get them; from a catalogue or a download."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QPushButton,
    QWidget,
)

from s4_core.errors import S4Error
from s4_qgis.engine.network import Place, worker_network
from s4_qgis.engine.task import JobTask
from s4_qgis.failures import told
from s4_qgis.forms import FetchForm, ImportForm
from s4_qgis.i18n import tr
from s4_qgis.image_requests import fetch_job, import_job, place_of
from s4_qgis.layers.runs import ProjectWatch
from s4_qgis.panel.fetch_fields import FetchFields, GettingExtent, mask_box, narrow_form
from s4_qgis.panel.job_row import JobRow
from s4_qgis.panel.notice import Notice
from s4_qgis.panel.places import new_images_folder
from s4_qgis.panel.plan_view import PlanView, todo
from s4_qgis.panel.section import Section
from s4_qgis.panel.steps import hint


class GettingBox(Section):
    """Subclasses put their fields into `column` and make forms and tasks of them.

    Signals: `got(dict)`: the result of a job whose images are in a folder now;
    `part_wanted(widget)` to scroll to a part.
    """

    got = pyqtSignal(dict)
    part_wanted = pyqtSignal(QWidget)

    def __init__(self, title: str, look_text: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.notice, self.job_row, self.plan = Notice(), JobRow(), PlanView()
        self.look_button = QPushButton(look_text)
        self.get_button = QPushButton()
        self.get_button.hide()
        self._asked: Any = None
        self._is_getting = False
        self._watch: ProjectWatch | None = None
        self.outcome = ("good", "", "")  # of the last job: kind, message and what is missing
        self.column.setContentsMargins(4, 4, 4, 4)  # a dock is narrow
        self.look_button.clicked.connect(self.look)
        self.get_button.clicked.connect(self.get)
        self.plan.large.toggled.connect(self._refresh)
        self.job_row.succeeded.connect(self._succeed)
        self.job_row.failed.connect(self._fail)
        self.job_row.stopped.connect(self._stop)
        self.job_row.running_changed.connect(self._refresh)

    def form(self) -> Any:
        """What the fields say; it has a field `confirmed`."""
        raise NotImplementedError

    def task(self, form: Any, *, plan_only: bool) -> JobTask:
        """The task that looks, or that gets the images.

        Raises:
            S4Error: the form cannot be right.
        """
        raise NotImplementedError

    def look(self) -> None:
        """Tell what there is; downloads no image."""
        self.forget()
        self._run(self.form(), plan_only=True)

    def get(self) -> None:
        """Get what was shown."""
        if self._asked is not None:
            form = replace(self._asked, confirmed=self.plan.large.isChecked())
            self._run(form, plan_only=False)

    def forget(self, *_: Any) -> None:
        """The fields changed: what was found for them before does not hold any more."""
        if self.job_row.is_running:
            return
        self.notice.clear()
        self.plan.show_plan({})
        self._refresh()

    def _add_flow(self) -> None:
        """The parts below the fields."""
        for part in (self.look_button, self.notice, self.plan, self.get_button, self.job_row):
            self.column.addWidget(part)

    def _run(self, form: Any, *, plan_only: bool) -> None:
        self.notice.clear()
        try:
            task = self.task(form, plan_only=plan_only)
        except S4Error as error:
            self._say("problem", error.message, error.remedy)
            return
        if self.job_row.start(task):
            self._asked, self._is_getting = form, not plan_only
            self._watch = ProjectWatch(self)
            self.part_wanted.emit(self.job_row)

    def _succeed(self, result: dict[str, Any]) -> None:
        if self._is_getting:
            self._take(result)
            return
        self.plan.show_plan(result)
        self._refresh()
        self.part_wanted.emit(self.get_button)
        if not todo(result):
            said = tr("All of these images are in {folder} already.")
            self._say("info", said.format(folder=result["out"]))
            self._take({**result, "area": result["out"]})

    def _take(self, result: dict[str, Any]) -> None:
        """The images are there: the project that they were for gets them."""
        done = tr("{n} images are in {folder}.")
        said = done.format(n=len(result["images"]) - len(result.get("failed", ())),
                           folder=result["area"])  # fmt: skip
        self.plan.show_plan({})
        self._refresh()
        lost = [text for text in result["warnings"] if text]
        self.outcome = ("warning" if lost else "good", said, "\n".join(lost))
        self._say(*self.outcome)
        if self._watch is not None and self._watch.is_same:
            self.got.emit(result)

    def _fail(self, code: str, message: str, remedy: str) -> None:
        self._say("problem", told(code, message), remedy)

    def _stop(self) -> None:
        if self._is_getting:
            self._say("info", tr("Stopped. What is complete is kept: download again to go on."))

    def _say(self, kind: str, message: str, remedy: str = "") -> None:
        self.notice.say(kind, message, remedy)
        self.part_wanted.emit(self.notice)

    def _refresh(self, *_: Any) -> None:
        running, found = self.job_row.is_running, bool(self.plan.plan)
        self.look_button.setDisabled(running)
        self.get_button.setVisible(found)
        self.get_button.setEnabled(not running and self.plan.may_begin())
        self.get_button.setText(tr("Get {n} images").format(n=todo(self.plan.plan)))


class FetchBox(GettingBox):
    """Get images of an extent and a season from a catalogue."""

    def __init__(self, iface: Any, parent: QWidget | None = None) -> None:
        title = tr("Get images for an extent and a season")
        super().__init__(title, tr("See what there is"), parent)
        self.fields = FetchFields(iface)
        self.column.addWidget(self.fields)
        self._add_flow()
        self.fields.changed.connect(self.forget)

    def form(self) -> FetchForm:
        """What the fields say."""
        return self.fields.form()

    def task(self, form: FetchForm, *, plan_only: bool) -> JobTask:
        """The fetch job with QGIS's proxy and the authentication's credentials."""
        job = fetch_job(form, plan_only=plan_only)
        known = place_of(form)
        network = worker_network(Place(known.address, known.has_keys), form.authcfg)
        title = tr("Search images") if plan_only else tr("Get images")
        return JobTask(title, job, network=network)


class ImportBox(GettingBox):
    """Bring downloaded images in: SAFE, Theia, openEO, GeoTIFFs."""

    def __init__(self, iface: Any, parent: QWidget | None = None) -> None:
        super().__init__(tr("Images from a download folder"), tr("See what they are"), parent)
        self.downloads, self.folder = _folder(), _folder()
        self.extent = GettingExtent(iface, tr("Everything"))
        self.unit = QComboBox()
        self.unit.addItem(tr("as the files say"), "")
        self.unit.addItem(tr("dB"), "dB")
        self.unit.addItem(tr("Linear power"), "linear")
        self.makes_mask = mask_box()
        self.downloads.setDialogTitle(tr("Folder of the downloads"))
        self.folder.setDialogTitle(tr("Folder for the images"))
        self.folder.lineEdit().setPlaceholderText(tr("in the output folder"))
        self.column.addWidget(
            hint(
                tr(
                    "Sentinel-2 SAFE and Theia products (folders or zip), openEO results, and"
                    " GeoTIFFs with band names and dates become one folder of images."
                )
            )
        )
        form = narrow_form()
        form.addRow(tr("Downloads"), self.downloads)
        form.addRow(tr("Extent"), self.extent)
        form.addRow(tr("Radar unit"), self.unit)
        form.addRow(self.makes_mask)
        form.addRow(tr("Folder"), self.folder)
        self.column.addLayout(form)
        self._add_flow()
        for signal in (self.downloads.fileChanged, self.extent.changed, self.folder.fileChanged,
                       self.unit.currentIndexChanged, self.makes_mask.toggled):  # fmt: skip
            signal.connect(self.forget)

    def form(self) -> ImportForm:
        """What the fields say."""
        box = self.extent.box()
        return ImportForm(
            paths=(self.downloads.filePath().strip(),),
            out=self.folder.filePath().strip() or str(new_images_folder("imported")),
            box=box,
            crs=self.extent.crs() if box is not None else "",
            unit=str(self.unit.currentData()),
            makes_mask=self.makes_mask.isChecked(),
        )

    def task(self, form: ImportForm, *, plan_only: bool) -> JobTask:
        """The import job."""
        title = tr("Look at downloads") if plan_only else tr("Bring images in")
        return JobTask(title, import_job(form, plan_only=plan_only))


def _folder() -> QgsFileWidget:
    widget = QgsFileWidget()
    widget.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
    return widget

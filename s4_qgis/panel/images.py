"""Step 1: the images, their dates, clouds and gaps, and the season."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsUnitTypes
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from s4_core.errors import S4Error
from s4_core.phrases import NO_SEASON
from s4_qgis.engine.task import JobTask
from s4_qgis.forms import AreaForm
from s4_qgis.i18n import tr
from s4_qgis.layers.images import add_images
from s4_qgis.layers.masks import add_masks, masked_images
from s4_qgis.layers.runs import ProjectWatch
from s4_qgis.layers.sources import (
    Stated,
    folder_rasters,
    layers_of_paths,
    read_stated,
    write_stated,
)
from s4_qgis.layers.temporal import play_season, set_temporal_properties, stated_days
from s4_qgis.panel.acquisitions import ImagesTable
from s4_qgis.panel.getting import FetchBox, GettingBox, ImportBox
from s4_qgis.panel.notice import let_wrap
from s4_qgis.panel.season_fields import SeasonFields
from s4_qgis.panel.source_choice import SourceChoice
from s4_qgis.panel.state import SessionState
from s4_qgis.panel.steps import StepPage, StepState, hint
from s4_qgis.panel.timeline import Timeline, counts_text
from s4_qgis.panel.unknown_rasters import UnknownRasters
from s4_qgis.panel.warnings_list import WarningsList
from s4_qgis.requests import info_job

SAMPLE = Path(__file__).resolve().parent.parent.parent / "resources" / "sample"
_MUST_BE_STATED = ("dates", "bands")
_PAUSE_MS = 900  # between the last change of the season and reading again


class ImagesPage(StepPage):
    """Choose images, read them with the engine, look at what there is."""

    key = "images"

    def __init__(self, session: SessionState, iface: Any, parent: QWidget | None = None) -> None:
        self.title = tr("Images")
        super().__init__(session, iface, parent)
        self._asked: AreaForm | None = None
        self._watch: ProjectWatch | None = None
        self.fetch, self.importing = FetchBox(iface), ImportBox(iface)
        self._box: GettingBox | None = None  # that has brought the images that are being read
        self.source = SourceChoice()
        self.season = SeasonFields()
        self._read = QPushButton(tr("Read images"))
        self._sample = QPushButton(tr("Try with the sample"))
        self._sample.setToolTip(tr("A small simulated area that comes with the plugin"))
        self._sample.setVisible(SAMPLE.is_dir())
        self._start = hint(tr("Choose the Sentinel images of one season, or get them below."))
        self.result = QWidget()
        self.headline = QLabel()
        let_wrap(self.headline)
        self.timeline = Timeline()
        self.table = ImagesTable()
        self.warnings = WarningsList()
        self.unknown = UnknownRasters()
        self._add = QPushButton(tr("Add images to map"))
        self._add_masks = QPushButton(tr("Add cloud masks"))
        self._add_masks.setToolTip(tr("See what the cloud masks take for cloud, date by date"))
        self._lay_out()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_PAUSE_MS)
        self._again.timeout.connect(self._read_again)
        self._connect()
        self._show_session("area")
        self._show_session("info")

    def state_of(self, session: SessionState) -> StepState:
        """Done when the images have been read and the season is known."""
        own = self.running_state()
        if own is not None:
            return own
        if not session.info:
            return StepState("todo", tr("Choose images"))
        counts = counts_text(session.info["acquisitions"])
        if not session.info.get("season"):
            return StepState("ready", tr("{images}; state the season").format(images=counts))
        return StepState("done", counts)

    def form(self) -> AreaForm:
        """What the widgets say."""
        project = QgsProject.instance()
        rasters = self.source.rasters()
        return area_form(
            self.source.folder(),
            rasters,
            self.season.text(),
            read_stated(project),
            stated_days(layers_of_paths(project, rasters)),
        )

    def read(self) -> bool:
        """Ask the engine what the images are; False where that cannot be asked."""
        self._again.stop()
        if self.season.is_reversed():
            self.notice.say("problem", tr("The season ends before it starts."))
            return False
        try:
            form = self.form()
            task = JobTask(tr("Read images"), info_job(form))
        except S4Error as error:
            self.show_error(error)
            return False
        self._asked, self._watch = form, ProjectWatch(self)
        return self.start_job(task)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self._read, 1)
        buttons.addWidget(self._sample)
        for part in (self._start, self.source, self.season):
            self.body.addWidget(part)
        self.body.addLayout(buttons)
        self.layout().removeWidget(self.job_row)
        for part in (self.fetch, self.importing):
            self.body.addWidget(part)
        for part in (self.job_row, self.unknown):  # the row beside its button, above the results
            self.body.addWidget(part)
        inside = QVBoxLayout(self.result)
        inside.setContentsMargins(0, 6, 0, 0)
        for part in (self.headline, self.timeline, self.warnings, self.table):
            inside.addWidget(part)
        adding = QHBoxLayout()
        adding.addWidget(self._add, 1)
        adding.addWidget(self._add_masks, 1)
        inside.addLayout(adding)
        self.body.addWidget(self.result)

    def _connect(self) -> None:
        self._read.clicked.connect(self.read)
        self._sample.clicked.connect(self._try_sample)
        self._add.clicked.connect(self._add_to_map)
        self._add_masks.clicked.connect(lambda: self._add_layers(add_masks))
        self.source.changed.connect(self._choice_changed)
        self.season.edited.connect(self._season_edited)
        self.unknown.stated.connect(self._remember)
        self.job_row.succeeded.connect(self._take)
        self.job_row.failed.connect(self._ask_after_failure)
        self.job_row.running_changed.connect(self._read.setDisabled)
        self.session.changed.connect(self._show_session)
        for box in (self.fetch, self.importing):
            box.got.connect(self._take_folder)
            box.part_wanted.connect(self.part_wanted)

    def _take_folder(self, result: dict[str, Any]) -> None:
        """Images have come into a folder: read them, and add them to the map."""
        self._box = self.fetch if self.sender() is self.fetch else self.importing
        self.source.choose(str(result["area"]), ())
        self.season.show_days(None, stated=False)
        self._read_again()

    def _show_got(self, box: GettingBox) -> None:
        """Images that a section brought: on the map, and what is missing among them."""
        self._box = None
        self._add_to_map()
        box.setCollapsed(True)
        self.notice.say(*box.outcome)
        self.bring_up(self.notice)

    def _try_sample(self) -> None:
        self.source.choose(str(SAMPLE), ())
        self.season.show_days(None, stated=False)
        self.read()

    def _choice_changed(self) -> None:
        """Other images: what was said of the earlier ones does not hold for them."""
        if not self.season.is_stated:
            self.season.show_days(None, stated=False)
        self.unknown.ask((), {})
        self.clear_failure()

    def _season_edited(self) -> None:
        if self.session.info and (self.season.days() or not self.season.is_stated):
            self._again.start()

    def _read_again(self) -> None:
        if self.job_row.is_running:
            self._again.start()
        else:
            self.read()

    def _take(self, info: dict[str, Any]) -> None:
        if self._watch is None or not self._watch.is_same:
            return  # another project is open: these are not its images
        self.session.update(area=self._asked, info=info)
        layers = layers_of_paths(QgsProject.instance(), (i["path"] for i in info["acquisitions"]))
        if set_temporal_properties(layers, info):
            play_season(QgsProject.instance(), info)
        self._ask(unused(self._asked or AreaForm(), info))
        if self._box is not None:
            self._show_got(self._box)

    def _ask_after_failure(self, code: str, _message: str, _remedy: str) -> None:
        self._box = None
        if code not in _MUST_BE_STATED or self._asked is None:
            return
        self.notice.say(
            "warning",
            tr("The images do not tell when they were taken, or which bands they have."),
            tr("Give it in the table below: the project remembers it."),
        )
        self._failure = tr("Dates or bands are missing")
        self._ask(paths_of(self._asked))
        self.summary_changed.emit()

    def _ask(self, paths: Sequence[str]) -> None:
        self.unknown.ask(paths, read_stated(QgsProject.instance()))

    def _remember(self, stated: dict[str, Stated]) -> None:
        problem = self.unknown.problem()
        if problem:
            self.notice.say("problem", problem, tr("Give it as YYYY-MM-DD."))
            return
        write_stated(QgsProject.instance(), stated)
        self.read()

    def _add_to_map(self) -> None:
        self._add_layers(add_images)

    def _add_layers(self, add: Callable[..., Any]) -> None:
        info = self.session.info
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            add(QgsProject.instance(), info)
            play_season(QgsProject.instance(), info)
        finally:
            QApplication.restoreOverrideCursor()

    def _show_session(self, name: str) -> None:
        if name == "area":
            area = self.session.area or AreaForm()
            self.source.choose(area.folder, area.rasters)
        if name in ("area", "info"):
            area, info = self.session.area or AreaForm(), self.session.info
            days = tuple(area.season.split(":")) if area.season else info.get("season")
            self.season.show_days(days and (days[0], days[1]), stated=bool(area.season))
        if name == "info":
            self._show_info(self.session.info)

    def _show_info(self, info: Mapping[str, Any]) -> None:
        self.result.setVisible(bool(info))
        self._start.setVisible(not info)
        self._read.setText(tr("Read again") if info else tr("Read images"))
        self.headline.setText(headline(info) if info else "")
        self.timeline.show_info(info)
        self.table.show_images(info.get("acquisitions", ()))
        self.warnings.say(doubts(info))
        self._add_masks.setVisible(bool(masked_images(info)))
        if not info:
            self.unknown.ask((), {})
        self.offer_next("modality", tr("Continue: modality") if info.get("season") else "")


def doubts(info: Mapping[str, Any]) -> list[str]:
    """What the engine warns of; that the season is missing, as this page lets it be stated."""
    texts = [text for text in info.get("warnings", ()) if not text.startswith(NO_SEASON)]
    if info and not info.get("season"):
        texts[:0] = [tr("State the season above: the first and the last day to look at.")]
    return texts


def area_form(
    folder: str,
    rasters: Sequence[str],
    season: str,
    stated: Mapping[str, Stated],
    layer_days: Mapping[str, str],
) -> AreaForm:
    """The area that the widgets describe.

    Args:
        stated: what the user said of rasters, by path; only those of this area are taken.
        layer_days: dates that layers have from the user, by path; `stated` counts before them.
    """
    form = AreaForm(folder=folder, rasters=tuple(rasters), season=season)
    said = {path: stated[path] for path in paths_of(form) if path in stated}
    dates = {path: s.date for path, s in said.items() if s.date}
    return replace(
        form,
        dates={**layer_days, **dates},
        bands={path: s.bands for path, s in said.items() if s.bands},
    )


def paths_of(form: AreaForm) -> tuple[str, ...]:
    """The rasters of an area."""
    return form.rasters or folder_rasters(form.folder)


def unused(form: AreaForm, info: Mapping[str, Any]) -> list[str]:
    """The rasters of an area that became no acquisition."""
    used = {image["path"] for image in info["acquisitions"]}
    return [path for path in paths_of(form) if path not in used]


def headline(info: Mapping[str, Any]) -> str:
    """One or two lines about an area."""
    grid = info["grid"]
    unit = QgsUnitTypes.toAbbreviatedString(QgsCoordinateReferenceSystem(grid["crs"]).mapUnits())
    size = tr("{width} × {height} px of {x:g} × {y:g} {unit}, {crs}").format(
        width=grid["width"],
        height=grid["height"],
        x=grid["pixel_size"][0],
        y=grid["pixel_size"][1],
        unit=unit,
        crs=grid["crs"] if len(grid["crs"]) < 20 else tr("own coordinate system"),
    )
    first = tr("{what}: {found}").format(
        what=f"<b>{escape(info['name'])}</b>", found=counts_text(info["acquisitions"])
    )
    simulated = "<br>" + tr("Simulated: no satellite saw this.") if info["simulated"] else ""
    return f"{first}<br>{size}{simulated}"

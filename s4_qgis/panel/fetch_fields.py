"""What to get: extent, season, modalities, source and folder, as form values."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsDistanceArea,
    QgsGeometry,
    QgsProject,
    QgsRectangle,
)
from qgis.gui import QgsAuthConfigSelect, QgsCollapsibleGroupBox, QgsFileWidget
from qgis.PyQt.QtCore import QLocale, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from s4_core.phrases import file_size
from s4_qgis.catalogues import MODALITIES, Known, known_catalogues
from s4_qgis.forms import MARGIN_DAYS, Extent, FetchForm
from s4_qgis.i18n import tr
from s4_qgis.panel.extent_choice import ExtentChoice
from s4_qgis.panel.places import new_images_folder
from s4_qgis.panel.season_fields import SeasonFields
from s4_qgis.panel.steps import hint

LARGE_KM2 = 1000.0
BYTES_PER_KM2 = 100 * 100 * 11 * 2
"""Of an optical image: 10 m pixels, ten bands and the mask, two bytes each."""

_DEFAULT, _OTHER = "", "other"


class GettingExtent(QWidget):
    """An extent with a button that takes the map's view; emits `changed()`."""

    changed = pyqtSignal()

    def __init__(self, iface: Any, none_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._iface = iface
        self.extent = ExtentChoice(iface, none_text=none_text, name=tr("Extent to get images of"))
        self.take_view = QPushButton(tr("Map view"))
        self.take_view.setToolTip(tr("Take what the map shows now"))
        self.take_view.setVisible(iface is not None)
        self.about = hint("")
        self.about.hide()
        row = QHBoxLayout()
        row.addWidget(self.extent, 1)
        row.addWidget(self.take_view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.about)
        self.take_view.clicked.connect(self._take_view)
        self.extent.extentChanged.connect(self._tell)

    def box(self) -> Extent | None:
        """The extent in `crs`; None where none is chosen."""
        chosen = self.extent.chosen()
        return None if chosen is None else chosen.box

    def crs(self) -> str:
        """Its coordinate system: an authority's id, or WKT."""
        crs = self.extent.outputCrs()
        return str(crs.authid() or crs.toWkt())

    def _take_view(self) -> None:
        canvas = self._iface.mapCanvas()
        crs = canvas.mapSettings().destinationCrs()
        self.extent.setOutputExtentFromUser(canvas.extent(), crs)

    def _tell(self, *_: Any) -> None:
        box = self.box()
        text = "" if box is None else size_text(square_km(box, self.extent.outputCrs()))
        self.about.setText(text)
        self.about.setVisible(bool(text))
        for edit in self.extent.findChildren(QLineEdit):
            edit.setCursorPosition(0)  # the numbers matter more than the end of the text
        self.changed.emit()


class FetchFields(QWidget):
    """The fields of a fetch; emits `changed()` when one of them does."""

    changed = pyqtSignal()

    def __init__(self, iface: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.extent = GettingExtent(iface, tr("Not chosen"))
        self.season = SeasonFields(is_required=True)
        self.modalities = {name: QCheckBox(text) for name, text in modality_texts().items()}
        self.source = QComboBox()
        self.address = QLineEdit()
        self.cloud = QSpinBox()
        self.margin = QSpinBox()
        self.makes_mask = mask_box()
        self.orbit = QComboBox()
        self.pixel = QDoubleSpinBox()
        self.auth: QgsAuthConfigSelect | None = None  # wakes QGIS's authentication: when needed
        self.folder = QgsFileWidget()
        self._fill()
        self._lay_out()
        self._connect()

    def form(self) -> FetchForm:
        """What the fields say."""
        modalities = tuple(name for name in MODALITIES if self.modalities[name].isChecked())
        days = self.season.days()
        season = f"{days[0]}:{days[1]}" if days else ""
        box = self.extent.box()
        return FetchForm(
            box=box,
            crs=self.extent.crs() if box is not None else "",
            season=season,
            out=self.folder.filePath().strip() or str(new_images_folder(season)),
            modalities=modalities,
            sources=self._sources(),
            orbit=str(self.orbit.currentData()),
            radar_pixel_m=self.pixel.value() or None,
            max_cloud=float(self.cloud.value()) if self.cloud.value() < 100 else None,
            margin_days=self.margin.value(),
            makes_mask=self.makes_mask.isChecked(),
            authcfg="" if self.auth is None else str(self.auth.configId()),
        )

    def _sources(self) -> tuple[str, ...]:
        chosen = str(self.source.currentData())
        if chosen == _OTHER:
            return (self.address.text().strip(),)
        return () if chosen == _DEFAULT else (chosen,)

    def _fill(self) -> None:
        for box in self.modalities.values():
            box.setChecked(True)
        self.source.addItem(tr("The usual ones: free, no account"), _DEFAULT)
        for known in known_catalogues():
            self.source.addItem(source_text(known), known.name)
        self.source.addItem(tr("Another STAC catalogue …"), _OTHER)
        for combo in (self.source, self.orbit):
            combo.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            combo.setMinimumContentsLength(12)
        self.address.setPlaceholderText(tr("https://…, or a JSON file"))
        self.address.setAccessibleName(tr("Address of the catalogue"))
        self.address.hide()
        self.margin.setRange(0, 180)
        self.margin.setValue(MARGIN_DAYS)
        self.margin.setToolTip(tr("Images around the season help where its ends are under cloud"))
        self.cloud.setRange(0, 100)
        self.cloud.setValue(100)
        self.cloud.setSuffix(" %")
        self.cloud.setToolTip(tr("Scenes with more cloud are left out; single clouds are masked"))
        self.orbit.addItem(tr("With more dates"), "")
        self.orbit.addItem(tr("Ascending"), "ascending")
        self.orbit.addItem(tr("Descending"), "descending")
        self.orbit.addItem(tr("Both, kept apart"), "both")
        self.pixel.setRange(0, 100)
        self.pixel.setDecimals(0)
        self.pixel.setSuffix(" m")
        self.pixel.setSpecialValueText(tr("as they are"))
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.folder.setDialogTitle(tr("Folder for the images"))
        self.folder.lineEdit().setPlaceholderText(tr("in the output folder"))

    def _lay_out(self) -> None:
        kinds = QHBoxLayout()
        for box in self.modalities.values():
            kinds.addWidget(box)
        kinds.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.extent)
        column.addWidget(self.season)
        column.addLayout(kinds)
        form = narrow_form()
        form.addRow(tr("Source"), self.source)
        form.addRow("", self.address)
        form.addRow(tr("Folder"), self.folder)
        column.addLayout(form)
        column.addWidget(self._more())

    def _more(self) -> QWidget:
        """What few users need, folded up."""
        group = QgsCollapsibleGroupBox(tr("Clouds, orbit, authentication"))
        group.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        group.setCollapsed(True)
        form = narrow_form(group)
        form.addRow(tr("Days around the season"), self.margin)
        form.addRow(tr("Cloud of a scene up to"), self.cloud)
        form.addRow(self.makes_mask)
        form.addRow(tr("Radar orbit"), self.orbit)
        form.addRow(tr("Radar pixels"), self.pixel)
        form.addRow(QLabel(tr("Authentication")))
        self.more, self._more_form = group, form
        group.collapsedStateChanged.connect(self._need_auth)
        return group

    def _need_auth(self, is_collapsed: bool) -> None:
        if self.auth is None and not is_collapsed:
            self.auth = QgsAuthConfigSelect()
            self.auth.selectedConfigIdChanged.connect(self._tell)
            self._more_form.addRow(self.auth)

    def _connect(self) -> None:
        self.source.currentIndexChanged.connect(self._source_changed)
        for signal in (
            self.extent.changed,
            self.season.edited,
            self.address.textChanged,
            self.cloud.valueChanged,
            self.margin.valueChanged,
            self.orbit.currentIndexChanged,
            self.pixel.valueChanged,
            self.folder.fileChanged,
            self.makes_mask.toggled,
            *(box.toggled for box in self.modalities.values()),
        ):
            signal.connect(self._tell)

    def _source_changed(self, *_: Any) -> None:
        self.address.setVisible(self.source.currentData() == _OTHER)
        self.changed.emit()

    def _tell(self, *_: Any) -> None:
        self.changed.emit()


def narrow_form(parent: QWidget | None = None) -> QFormLayout:
    """A form whose fields may be as narrow as a dock."""
    form = QFormLayout() if parent is None else QFormLayout(parent)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


def mask_box() -> QCheckBox:
    """Whether clouds are looked for where the images have no mask."""
    box = QCheckBox(tr("Find clouds where images have no mask"))
    box.setToolTip(
        tr(
            "By s2cloudless, which must be installed in the engine's Python. It learned Level-1C:"
            " on Level-2A it misses cirrus. Look at its masks on the map."
        )
    )
    return box


def modality_texts() -> dict[str, str]:
    """The modalities with their sensors, in order."""
    return {"optical": tr("Optical (Sentinel-2)"), "radar": tr("Radar (Sentinel-1)")}


def source_text(known: Known) -> str:
    """A catalogue with what it has."""
    has = ", ".join(tr(modality) for modality in known.modalities)
    text = tr("{source} ({modalities})").format(source=known.title, modalities=has)
    return tr("{source}, needs keys").format(source=text) if known.has_keys else text


def square_km(box: Extent, crs: QgsCoordinateReferenceSystem) -> float:
    """How large a box is on the ground; 0 where nobody can tell."""
    measure = QgsDistanceArea()
    project = QgsProject.instance()
    measure.setSourceCrs(crs, project.transformContext())
    measure.setEllipsoid("EPSG:7030")
    area = measure.measureArea(QgsGeometry.fromRect(QgsRectangle(*box)))
    return float(area) / 1e6


def size_text(km2: float) -> str:
    """What an extent's size means before anything is searched."""
    number = QLocale(QgsApplication.locale()).toString(km2, "f", 1 if km2 < 100 else 0)
    text = tr("{n} km²").format(n=number)
    if km2 < LARGE_KM2:
        return text
    said = tr("{size}: large. Each optical date takes up to {bytes}; look at the sum first.")
    return said.format(size=text, bytes=file_size(round(km2 * BYTES_PER_KM2)))

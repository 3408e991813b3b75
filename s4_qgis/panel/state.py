"""What the user has chosen and what came of it: plain values, kept with the project."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Generic, TypeVar

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QObject, pyqtSignal

from s4_qgis.forms import AreaForm

SCOPE, KEY = "s4_crop_mapper", "session"
T = TypeVar("T")

ClassEntry = tuple[str, str, str]
"""Name, code and colour (`#rrggbb`) of a class."""


@dataclass(frozen=True)
class LabelsChoice:
    """The parcels to learn from.

    Args:
        path, layer: vector file and the layer's name in it ("": the first).
        field: column of the class names. legend: the classes in order.
        legend_path: JSON file of the legend as the jobs read it; "" before it is written.
        layer_id: of the layer in the project; "" where it is not there.
        taught: how many classes have parcels; None where nobody counted.
    """

    path: str
    layer: str = ""
    field: str = ""
    legend: tuple[ClassEntry, ...] = ()
    legend_path: str = ""
    layer_id: str = ""
    taught: int | None = None


class _Value(Generic[T]):
    """One value of the session; setting it to something else is told and kept."""

    def __init__(self, default: T) -> None:
        self.default = default
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, session: Any, owner: type) -> T:
        return session.values.get(self.name, copy.copy(self.default))

    def __set__(self, session: Any, value: T) -> None:
        session.update(**{self.name: value})


class SessionState(QObject):
    """Values as attributes; `changed(name)` tells which one changed.

    area: where the images are. info: what the info job said of it ({} until it ran).
    modality: "", "optical", "radar" or "both". labels: parcels and classes.
    init_model: model to start from; "" takes the shipped one.
    model: fine-tuned model. train_result: what the finetune job returned.
    comparison: what `comparing.kept` keeps of a comparison of methods.
    run_folder: of the last map. map_result: what the segment job returned.
    metrics: accuracy of that map.

    Values are replaced, never changed in place. They are kept in the project's own entries:
    restored when it is opened, forgotten when another one begins.
    """

    changed = pyqtSignal(str)

    area = _Value[Any](None)  # AreaForm or None
    info = _Value[dict[str, Any]]({})
    modality = _Value("")
    labels = _Value[Any](None)  # LabelsChoice or None
    init_model = _Value("")
    model = _Value("")
    train_result = _Value[dict[str, Any]]({})
    comparison = _Value[dict[str, Any]]({})
    run_folder = _Value("")
    map_result = _Value[dict[str, Any]]({})
    metrics = _Value[dict[str, Any]]({})

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.values: dict[str, Any] = {}
        self._is_kept = True
        project = QgsProject.instance()
        project.aboutToBeCleared.connect(self._forget)
        project.cleared.connect(self._begin)
        project.readProject.connect(self._restore)
        self._restore()

    def close(self) -> None:
        """Listen to the project no more."""
        self._is_kept = False
        project = QgsProject.instance()
        project.aboutToBeCleared.disconnect(self._forget)
        project.cleared.disconnect(self._begin)
        project.readProject.disconnect(self._restore)

    def update(self, **values: Any) -> None:
        """Set several values before the first is told."""
        told = self._replace({**self.values, **values})
        if told and self._is_kept:
            QgsProject.instance().writeEntry(SCOPE, KEY, to_json(self.values))
        for name in told:
            self.changed.emit(name)

    def _replace(self, values: Mapping[str, Any]) -> list[str]:
        """Take these values; returns the names of those that differ."""
        before = {name: getattr(self, name) for name in NAMES}
        self.values = dict(values)
        return [name for name in NAMES if getattr(self, name) != before[name]]

    def _restore(self, *_: Any) -> None:
        text, _found = QgsProject.instance().readEntry(SCOPE, KEY, "")
        for name in self._replace(from_json(text)):
            self.changed.emit(name)

    def _forget(self) -> None:
        # the project drops its entries before its layers: what the pages make of layers that go
        # away must not be written into the project that comes
        self._is_kept = False
        for name in self._replace({}):
            self.changed.emit(name)

    def _begin(self) -> None:
        self._is_kept = True


NAMES = tuple(name for name, value in vars(SessionState).items() if isinstance(value, _Value))
"""The session's values, in the order in which changes are told."""


def to_json(values: Mapping[str, Any]) -> str:
    """The session as the project keeps it."""
    plain = dict(values)
    for name in ("area", "labels"):
        if plain.get(name) is not None:
            plain[name] = asdict(plain[name])
    return json.dumps(plain)


def from_json(text: str) -> dict[str, Any]:
    """The values in a project's entry; what this version does not know is left out."""
    try:
        raw = json.loads(text) if text else {}
    except ValueError:  # somebody edited the project by hand
        return {}
    if not isinstance(raw, dict):
        return {}
    values = {name: raw[name] for name in NAMES if name in raw}
    values["area"] = _built(AreaForm, raw.get("area"))
    values["labels"] = _built(LabelsChoice, raw.get("labels"))
    return values


def _built(kind: Any, raw: Any) -> Any:
    if not isinstance(raw, dict):
        return None
    known = {f.name for f in fields(kind)}
    try:
        return kind(**{key: _tupled(value) for key, value in raw.items() if key in known})
    except TypeError:  # a value without which there is no choice
        return None


def _tupled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _tupled(item) for key, item in value.items()}
    return tuple(_tupled(item) for item in value) if isinstance(value, list) else value

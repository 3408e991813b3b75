"""The plugin's settings, in one group of QGIS's settings. Usable from any thread."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Generic, TypeVar

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QStandardPaths

from s4_core.protocol import Runtime

GROUP = "s4_crop_mapper"
T = TypeVar("T", str, int, float, bool)


class _Setting(Generic[T]):
    """One setting: an attribute that is read from and written to QGIS's settings."""

    def __init__(self, default: T) -> None:
        self._default: T = default
        self._key = GROUP

    def __set_name__(self, owner: type, name: str) -> None:
        self._key = f"{GROUP}/{name}"

    def __get__(self, instance: Any, owner: type) -> T:
        kind = type(self._default)
        try:
            return kind(QgsSettings().value(self._key, self._default, type=kind))
        except (TypeError, ValueError):  # somebody edited the file by hand
            return self._default

    def __set__(self, instance: Any, value: T) -> None:
        QgsSettings().setValue(self._key, value)


class PluginSettings:
    """Every setting as a typed attribute: `PluginSettings().device = "cpu"`.

    engine_python: an interpreter that the user pointed to; empty: the managed environment.
    device: "auto", "cpu", "cuda", ... threads: 0 lets the engine choose.
    cache_folder, output_folder: empty takes the default (see the functions below).
    torch_index: address of the package index for torch; empty: pip's own.
    bundle_folder: folder of wheels to install from, instead of the network; empty: none.
    mode: how to train: "head", "decoder" or "full". modality: "optical", "radar" or "both".
    min_confidence: 0..1; pixels below become "uncertain".
    """

    engine_python = _Setting("")
    device = _Setting("auto")
    threads = _Setting(0)
    cache_folder = _Setting("")
    output_folder = _Setting("")
    torch_index = _Setting("")
    bundle_folder = _Setting("")
    mode = _Setting("head")
    modality = _Setting("optical")
    min_confidence = _Setting(0.0)


def data_folder() -> Path:
    """The plugin's own folder outside of its code: environments and cache live there."""
    base = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    return Path(base) / "s4-crop-mapper"


def cache_folder() -> Path:
    """Where files go that can be made anew: the legends that trainings read."""
    chosen = PluginSettings().cache_folder
    return Path(chosen) if chosen else data_folder() / "cache"


def output_folder() -> Path:
    """Where runs are written unless the user names another folder."""
    chosen = PluginSettings().output_folder
    if chosen:
        return Path(chosen)
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    return Path(QStandardPaths.writableLocation(documents)) / "S4 Crop Mapper"


def runtime() -> Runtime:
    """Device and threads as jobs take them; None where the engine chooses."""
    settings = PluginSettings()
    device = settings.device
    return Runtime(
        device=None if device in ("", "auto") else device, threads=settings.threads or None
    )

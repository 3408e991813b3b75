"""The text of "Copy diagnostics": what a report of a fault needs, and nothing private.

The text is made by a plain function of values; home folder and user name are shortened, and
addresses lose what stands before an @.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from qgis.core import Qgis, QgsSettings
from qgis.PyQt.QtCore import QT_VERSION_STR
from qgis.PyQt.QtWidgets import QApplication

import s4_core
from s4_qgis.engine import environment
from s4_qgis.engine.conversation import last_hello
from s4_qgis.i18n import tr
from s4_qgis.settings import GROUP


def copy_diagnostics(message_bar: Any) -> str:
    """Put the diagnostics on the clipboard, say so, and return them."""
    text = diagnostics_text(collect(), str(Path.home()))
    QApplication.clipboard().setText(text)
    message_bar.pushMessage(
        tr("S4 Crop Mapper"),
        tr("The diagnostics are on the clipboard; look through them before you pass them on."),
        Qgis.MessageLevel.Info,
    )
    return text


def collect() -> dict[str, dict[str, Any]]:
    """Sections of the diagnostics; starts nothing and reads no layer."""
    state = environment.engine_state()
    folder = (
        Path(state.python).parent.parent if state.source == "managed" and state.python else None
    )
    return {
        "Versions": {
            "S4 Crop Mapper": s4_core.__version__,
            "QGIS": Qgis.QGIS_VERSION,
            "Qt": QT_VERSION_STR,
            "Python": platform.python_version(),
            "numpy": _version("numpy"),
            "plugin folder": str(Path(__file__).resolve().parent.parent),
        },
        "System": {
            "platform": platform.platform(),
            "machine": platform.machine(),
            "processors": os.cpu_count(),
            "executable": sys.executable,
            "base prefix": sys.base_prefix,
        },
        "Engine": {
            "state": state.kind,
            "source": state.source,
            "interpreter": state.python,
            "reason": state.reason,
            "device of the last job": last_hello.get("device", ""),
            "because": last_hello.get("reason", ""),
            **({} if folder is None else environment.read_manifest(folder)),
        },
        "Settings": _settings(),
    }


def diagnostics_text(sections: Mapping[str, Mapping[str, Any]], home: str) -> str:
    """The sections as text.

    Args:
        home: the user's home folder, written as ~.
    """
    lines = []
    for title, values in sections.items():
        lines += ["", f"## {title}"]
        lines += [f"- {name}: {_flat(value)}" for name, value in values.items() if value != ""]
    text = "\n".join(lines).strip() + "\n"
    return _without_secrets(_without_home(text, home))


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _settings() -> dict[str, str]:
    """The plugin's settings that differ from their defaults."""
    settings = QgsSettings()
    settings.beginGroup(GROUP)
    try:
        return {name: str(settings.value(name)) for name in sorted(settings.childKeys())}
    finally:
        settings.endGroup()


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {entry}" for name, entry in value.items())
    return str(value).replace("\n", " ")


def _without_home(text: str, home: str) -> str:
    if home.strip("/\\"):  # a home of / would shorten every path
        for form in (home, home.replace("\\", "/")):
            text = text.replace(form, "~")
    return text


def _without_secrets(text: str) -> str:
    """Addresses without user, password and query."""
    return re.sub(r"(\w+://)[^\s/@]*@", r"\1", re.sub(r"(\w+://[^\s?]*)\?\S*", r"\1", text))

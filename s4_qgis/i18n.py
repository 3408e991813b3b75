"""Translations: one context for all of the plugin's texts."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

CONTEXT = "S4"
FOLDER = Path(__file__).resolve().parent.parent / "resources" / "i18n"


def tr(text: str) -> str:
    """The text in the user's language; English where there is no translation."""
    return str(QCoreApplication.translate(CONTEXT, text))


def mark(text: str) -> str:
    """The text as it is: it is listed for translators here, and `tr` translates it later."""
    return text


def install_translator(locale: str = "") -> QTranslator | None:
    """Start translating; None where the language has no translation.

    Args:
        locale: for example "fr" or "fr_CA"; empty takes QGIS's.
    """
    locale = locale or QgsApplication.locale()
    translator = QTranslator()
    for name in (locale, locale.partition("_")[0]):
        file = FOLDER / f"s4_{name}.qm"
        if file.is_file() and translator.load(str(file)):
            QCoreApplication.installTranslator(translator)
            return translator
    return None


def remove_translator(translator: QTranslator | None) -> None:
    """Stop translating."""
    if translator is not None:
        QCoreApplication.removeTranslator(translator)

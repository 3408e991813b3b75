from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication

from s4_qgis.i18n import install_translator, remove_translator, tr


def test_english_without_a_translation() -> None:
    assert install_translator("xx_YY") is None
    assert tr("Settings …") == "Settings …"
    remove_translator(None)
    assert QCoreApplication.translate("S4", "Cancel") == "Cancel"

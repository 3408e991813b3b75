"""S4 Crop Mapper: the QGIS plugin's entry. Nothing is imported before QGIS asks for the plugin.

QGIS puts its plugins folder on the path, not ours: `classFactory` puts this folder there, and
unloading takes it away again with every module of ours, so that a newly installed version runs
its own code.
"""


def classFactory(iface):  # noqa: N802 - the name that QGIS calls
    """The plugin for QGIS's `iface` (QgisInterface)."""
    import importlib  # noqa: PLC0415 - only when the plugin is loaded
    import os  # noqa: PLC0415
    import sys  # noqa: PLC0415

    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, folder)

    def leave():
        if folder in sys.path:
            sys.path.remove(folder)
        for name in list(sys.modules):
            if name.partition(".")[0] in ("s4_core", "s4_qgis"):
                del sys.modules[name]
        importlib.invalidate_caches()  # other files may lie there in a moment

    from s4_qgis.plugin import S4Plugin  # noqa: PLC0415 - found through the path set above

    return S4Plugin(iface, on_unloaded=leave)

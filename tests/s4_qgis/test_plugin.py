"""Loading and unloading: what is added, what is imported, what is left behind.

Unloading forgets every module of ours, so that each of these tests runs in a process of its own.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PARTS = ("__init__.py", "metadata.txt", "s4_core", "s4_qgis", "resources", "requirements")

START = """
import sys
sys.path[:0] = [{plugins!r}]
sys.path.append({repository!r})
from qgis.core import QgsApplication, QgsProject
app = QgsApplication([], True)
app.initQgis()
from qgis.PyQt.QtCore import QCoreApplication
from tests.s4_qgis.main_window import MainWindow

# the tests' stand-in is imported; from here on only the plugin's own folder may be found
sys.path.remove({repository!r})
import s4_crop_mapper

def settle():
    for _ in range(3):
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, 52)  # deferred deletions

def ours():
    return sorted(name for name in sys.modules if name.partition(".")[0] in ("s4_core", "s4_qgis"))

iface = MainWindow()
"""
END = """
iface.close()
QgsProject.instance().clear()
app.exitQgis()
print("left well")
"""


@pytest.fixture
def plugins(tmp_path: Path) -> Path:
    """A plugins folder that holds the plugin under its name, as links to the repository."""
    folder = tmp_path / "plugins" / "s4_crop_mapper"
    folder.mkdir(parents=True)
    for part in PARTS:
        (folder / part).symlink_to(REPOSITORY / part)
    return folder.parent


def run(plugins: Path, code: str) -> list[str]:
    """Lines that the code prints in a QGIS of its own."""
    start = START.format(plugins=str(plugins), repository=str(REPOSITORY))
    environment = {name: v for name, v in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", start + code + END],
        capture_output=True,
        text=True,
        check=False,
        cwd=plugins,
        env={**environment, "PYTHONDONTWRITEBYTECODE": "1"},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[-1] == "left well"
    return lines[:-1]


def test_nothing_heavy_is_imported_until_it_is_used(plugins: Path) -> None:
    (modules,) = run(
        plugins,
        """
before = set(sys.modules)  # qgis.core itself brings numpy
plugin = s4_crop_mapper.classFactory(iface)
plugin.initGui()
print(" ".join(sorted(set(sys.modules) - before)))
plugin.unload()
""",
    )
    loaded = set(modules.split())
    assert "s4_qgis.plugin" in loaded
    heavy = {"torch", "numpy", "osgeo", "processing", "s4_qgis.engine.installer"}
    heavy |= {"s4_qgis.diagnostics", "s4_qgis.options_page", "s4_qgis.engine.page"}
    assert loaded & heavy == set()
    assert [name for name in loaded if name.startswith("s4_qgis.panel")] == []


def test_loading_ten_times_leaves_nothing_behind(plugins: Path) -> None:
    has_dock = importlib.util.find_spec("s4_qgis.panel.dock") is not None
    before, after = run(
        plugins,
        f"has_dock = {has_dock}"
        + """
from qgis.PyQt.QtWidgets import QAction, QDockWidget, QWidget
from qgis.PyQt.QtXml import QDomDocument

def seen():
    settle()
    project, registry = QgsProject.instance(), QgsApplication.processingRegistry()
    window, canvas = iface.mainWindow(), iface.mapCanvas()
    signals = [(project, "layersAdded", []), (project, "layersRemoved", []),
               (project, "layersWillBeRemoved", []), (project, "layerWillBeRemoved", ""),
               (project, "cleared",), (project, "readProject", QDomDocument()),
               (project, "projectSaved",), (canvas, "extentsChanged",), (canvas, "layersChanged",),
               (iface, "currentLayerChanged", None)]
    for sender, name, *values in signals:
        getattr(sender, name).emit(*values)  # PyQt drops a dead receiver at the next signal
    settle()
    signals = [sender.receivers(getattr(sender, name)) for sender, name, *_ in signals]
    return (
        len(window.findChildren(QAction)), len(window.findChildren(QDockWidget)),
        len(window.findChildren(QWidget)), sorted(p.id() for p in registry.providers()),
        len(iface.tool_bar), len(iface.menu), len(iface.options), signals,
        sys.path.count(s4_crop_mapper.__path__[0]), ours(),
    )

print(seen())
for _ in range(10):
    plugin = s4_crop_mapper.classFactory(iface)
    plugin.initGui()
    assert len(iface.tool_bar) == 1 and len(iface.options) == 1 and len(iface.menu) >= 3
    assert "s4" in [p.id() for p in QgsApplication.processingRegistry().providers()]
    if has_dock:
        toggle = iface.tool_bar[0]
        toggle.trigger()
        settle()
        assert len(iface.mainWindow().findChildren(QDockWidget)) == 1
        toggle.trigger()
        toggle.trigger()
    plugin.unload()
del plugin
print(seen())
""",
    )
    assert after == before


def test_without_a_window_there_are_algorithms(plugins: Path) -> None:
    (algorithms,) = run(
        plugins,
        """
plugin = s4_crop_mapper.classFactory(None)
plugin.initProcessing()
provider = QgsApplication.processingRegistry().providerById("s4")
print(" ".join(sorted(a.id() for a in provider.algorithms())))
plugin.unload()
""",
    )
    names = "benchmark evaluate exportmap fetch finetune import inspect pretrain segment vectorize"
    wanted = " ".join(f"s4:{name}" for name in names.split())
    assert algorithms == wanted


def test_another_version_in_the_same_place_runs_its_own_code(tmp_path: Path) -> None:
    folder = tmp_path / "plugins" / "s4_crop_mapper"
    folder.mkdir(parents=True)
    unwanted = shutil.ignore_patterns("__pycache__")
    for part in ("__init__.py", "s4_core", "s4_qgis"):
        source = REPOSITORY / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=unwanted)
        else:
            shutil.copy(source, folder / part)
    (folder / "resources").symlink_to(REPOSITORY / "resources")
    lines = run(
        folder.parent,
        """
from pathlib import Path
def load():
    plugin = s4_crop_mapper.classFactory(iface)
    plugin.initGui()
    import s4_core, s4_qgis.plugin
    print(s4_core.__version__, s4_qgis.plugin.NAME)
    plugin.unload()
load()
folder = Path(s4_crop_mapper.__path__[0])
for name, old, new in (("s4_core/__init__.py", '__version__ = "', '__version__ = "99.'),
                       ("s4_qgis/plugin.py", 'NAME = "', 'NAME = "New ')):
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new))
load()
""",
    )
    (old_version, old_name), (new_version, new_name) = (line.split(maxsplit=1) for line in lines)
    assert new_version == f"99.{old_version}"
    assert new_name == f"New {old_name}"

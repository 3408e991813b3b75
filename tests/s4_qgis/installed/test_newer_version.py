"""A newer version over this one, in a running QGIS: plugin and engine are the new ones."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from tests.s4_qgis.installed.programs import SHARED, check_log, desktop, run
from tools import package

# QgisInterface's stand-in comes from the tests; the plugin must not be found in the repository
OFFSCREEN = """
PLUGINS, REPOSITORY, ENGINE, NEWER = sys.argv[1:]
sys.path.append(REPOSITORY)
from tests.s4_qgis.main_window import MainWindow
sys.path.remove(REPOSITORY)
app = QgsApplication([], True)
app.initQgis()
sys.path.append(QgsApplication.pkgDataPath() + "/python")
import qgis.utils
from pyplugin_installer.installer import removeDir
from pyplugin_installer.unzip import unzip
sys.path.insert(0, PLUGINS)
qgis.utils.plugin_paths = [PLUGINS]
qgis.utils.iface = MainWindow()
qgis.utils.updateAvailablePlugins()

def start():
    assert qgis.utils.loadPlugin("s4_crop_mapper") and qgis.utils.startPlugin("s4_crop_mapper")

start()
states = [state()]
assert qgis.utils.unloadPlugin("s4_crop_mapper")
left = [name for name in sys.modules if name.startswith("s4_")]
removeDir(PLUGINS + "/s4_crop_mapper")
unzip(NEWER, PLUGINS)
start()
states.append(state())
assert qgis.utils.reloadPlugin("s4_crop_mapper")
states.append(state())
assert qgis.utils.unloadPlugin("s4_crop_mapper")
qgis.utils.iface.close()
app.exitQgis()
print(json.dumps({"states": states, "left": left}))
"""


def test_a_newer_version_over_this_one_runs_its_own_plugin_and_engine(
    profile: Path, tmp_path: Path, zips: tuple[Path, Path]
) -> None:
    plugins = profile / "python" / "plugins"
    script = tmp_path / "offscreen.py"
    script.write_text(SHARED + OFFSCREEN, encoding="utf-8")
    arguments = [str(plugins), str(package.ROOT), sys.executable, str(zips[1])]
    place = {"QGIS_CUSTOM_CONFIG_PATH": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    told = json.loads(
        run([sys.executable, str(script), *arguments], tmp_path, place).splitlines()[-1]
    )
    assert told["left"] == [], "modules outlive their plugin"
    check_states(told["states"], plugins)


DESKTOP = """
import os
FOLDER = Path(os.environ["S4_TEST_FOLDER"])
ENGINE = os.environ["S4_ENGINE_PYTHON"]
told = {"states": []}

def acts():
    '''Open the panel, picture it, install the newer version over this one; QGIS goes on between.'''
    import pyplugin_installer
    from qgis.utils import active_plugins, plugin_times
    told["active"] = "s4_crop_mapper" in active_plugins
    told["early"] = sorted(name for name in sys.modules if name.startswith("s4_qgis."))
    told["torch"] = "torch" in sys.modules
    told["seconds"] = plugin_times["s4_crop_mapper"]
    window.resize(1280, 720)
    yield from opening("panel.png")
    pyplugin_installer.instance().installFromZipFile(str(FOLDER / "newer.zip"))
    yield
    yield from opening("newer.png")

def opening(picture):
    window.findChild(QAction, "s4_crop_mapper_toggle").trigger()
    yield
    docks = [d for d in window.findChildren(QDockWidget) if d.metaObject().className() == "S4Dock"]
    told.setdefault("docks", []).append([dock.isVisible() for dock in docks])
    window.grab().save(str(FOLDER / picture))
    told["states"].append(state())

def drive():
    try:
        next(steps)
    except StopIteration:
        finish()
    except Exception:
        told["error"] = traceback.format_exc()
        finish()
    else:
        QTimer.singleShot(500, drive)

def finish():
    (FOLDER / "told.json").write_text(json.dumps(told))
    iface.actionExit().trigger()

from qgis.utils import iface
window, steps = iface.mainWindow(), acts()
QTimer.singleShot(500, drive)
"""


def test_a_real_desktop_opens_the_panel_and_takes_a_newer_version(
    profile: Path, tmp_path: Path, zips: tuple[Path, Path]
) -> None:
    shutil.copy(zips[1], tmp_path / "newer.zip")
    desktop(profile, tmp_path, DESKTOP)
    told = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))
    assert "error" not in told, told["error"]
    assert (told["active"], told["torch"]) == (True, False)
    assert [name for name in told["early"] if name.startswith("s4_qgis.panel")] == []
    assert told["docks"] == [[True], [True]]
    check_states(told["states"], profile / "python" / "plugins")
    for picture in ("panel.png", "newer.png"):
        assert (tmp_path / picture).stat().st_size > 20_000, "an empty window is smaller"
    log = check_log(tmp_path)
    assert "Loaded S4 Crop Mapper" in log
    assert "Plugin installed successfully" in log


def check_states(states: list[dict[str, object]], plugins: Path) -> None:
    """The first is this version, the others the newer one, in plugin and engine."""
    version = package.version(package.ROOT)
    wanted = [(version, "S4 Crop Mapper"), *[(f"99.{version}", "New S4 Crop Mapper")] * 2]
    for state, (number, name) in zip(states, wanted):
        assert state["folder"] == str(plugins / "s4_crop_mapper")
        assert state["versions"] == [number, number]
        assert state["name"] == name
        assert state["ours"] == ["s4_core", "s4_crop_mapper", "s4_qgis"]

"""The packaged zip, installed into an empty profile and used from there by real QGIS programs.

Nothing here imports the plugin: QGIS's programs run it from the profile, the engine's worker from
the plugin's folder.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tools import package

ALGORITHMS = [
    "benchmark",
    "evaluate",
    "exportmap",
    "fetch",
    "finetune",
    "import",
    "inspect",
    "pretrain",
    "segment",
    "vectorize",
]
CHANGES = {
    "metadata.txt": ("\nversion=", "\nversion=99."),
    "s4_core/__init__.py": ('__version__ = "', '__version__ = "99.'),
    "s4_qgis/plugin.py": ('NAME = "', 'NAME = "New '),
}
"""What makes the version that is installed over the first one."""


@pytest.fixture(scope="module")
def zips(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The plugin's zip, and that of a newer version."""
    folder = tmp_path_factory.mktemp("zips")
    names = package.packaged(package.tracked(package.ROOT))
    files = {name: package.ROOT / path for name, path in names.items()}
    package.write_zip(folder / "this.zip", files, 1_700_000_000)
    for name, (old, new) in CHANGES.items():
        text = files[name].read_text(encoding="utf-8")
        assert text.count(old) == 1
        files[name] = folder / name.replace("/", "-")
        files[name].write_text(text.replace(old, new), encoding="utf-8")
    package.write_zip(folder / "newer.zip", files, 1_700_000_000)
    return folder / "this.zip", folder / "newer.zip"


@pytest.fixture
def profile(tmp_path: Path, zips: tuple[Path, Path]) -> Path:
    """An empty profile into which the zip was unpacked."""
    plugins = tmp_path / "profiles" / "default" / "python" / "plugins"
    plugins.mkdir(parents=True)
    with zipfile.ZipFile(zips[0]) as archive:
        archive.extractall(plugins)
    return plugins.parent.parent


def run(command: list[str], folder: Path, more: Mapping[str, str], timeout: int = 90) -> str:
    """What a program prints in a home of its own; it must succeed."""
    environment = {name: value for name, value in os.environ.items() if not is_ours(name)}
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        environment[name] = str(folder / "home" / name)
        Path(environment[name]).mkdir(parents=True, exist_ok=True, mode=0o700)
    environment.update(
        S4_ENGINE_PYTHON=sys.executable, OMP_NUM_THREADS="1", LC_ALL="C.UTF-8", LANG="C.UTF-8"
    )
    with (folder / "stderr.txt").open("w+", encoding="utf-8") as errors:
        child = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=folder,
            env={**environment, **more},
            start_new_session=True,
        )
        try:
            output, _ = child.communicate(timeout=timeout)
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)  # with the programs that it started
        errors.seek(0)
        assert child.returncode == 0, errors.read() + output
    return output


def is_ours(name: str) -> bool:
    """Whether an environment variable comes from the tests and would change what QGIS does."""
    return name.startswith(("PYTHON", "QGIS", "PYQGIS", "S4_", "QT_", "LC_"))


def test_qgis_process_runs_it_on_the_sample_in_the_zip(profile: Path, tmp_path: Path) -> None:
    if shutil.which("qgis_process") is None:
        pytest.skip("qgis_process is not installed")
    place = {"QGIS_CUSTOM_CONFIG_PATH": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}

    def qgis_process(*arguments: str, language: str = "C") -> str:
        more = {**place, "LC_ALL": "", "LANG": f"{language}.UTF-8"}
        return run(["qgis_process", *arguments], tmp_path, more)

    qgis_process("plugins", "enable", "s4_crop_mapper")
    french = json.loads(qgis_process("list", "--json", language="fr_FR"))
    listed = french["providers"]["s4"]["algorithms"]
    assert sorted(listed) == [f"s4:{name}" for name in ALGORITHMS]
    assert listed["s4:segment"]["name"] == "Cartographier les cultures"

    plugin = profile / "python" / "plugins" / "s4_crop_mapper"
    before = files_of(plugin)
    info = tmp_path / "info.json"
    sample = plugin / "resources" / "sample"
    done = qgis_process("run", "s4:inspect", "--json", f"--AREA={sample}", f"--INFO={info}")
    results = json.loads(done)["results"]
    acquisitions = json.loads(info.read_text(encoding="utf-8"))["acquisitions"]
    assert (results["OPTICAL"], results["RADAR"], results["GRID_CRS"]) == (40, 46, "EPSG:32631")
    assert len(acquisitions) == 86
    assert {Path(image["path"]).parent.parent for image in acquisitions} == {sample}
    assert files_of(plugin) == before, "nothing is written into the plugin's folder"


def files_of(folder: Path) -> set[str]:
    """Relative paths of all files, without Python's byte code."""
    files = (path for path in folder.rglob("*") if path.suffix != ".pyc" and path.is_file())
    return {path.relative_to(folder).as_posix() for path in files}


SHARED = """
import json, sys, traceback
from pathlib import Path
from qgis.core import Qgis, QgsApplication
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QAction, QDockWidget

def state():
    '''Which versions of the plugin and the engine run, by what they say themselves.'''
    import s4_core, s4_qgis.plugin
    from s4_core.protocol import AreaRequest, InfoJob
    from s4_qgis.engine.process import run_job
    hello = []
    folder = Path(s4_core.__file__).parent.parent
    job = InfoJob(AreaRequest(path=str(folder / "resources" / "sample")))
    run_job(job, ENGINE, hello.append, lambda: False)
    return {
        "folder": str(folder),
        "versions": [s4_core.__version__, hello[0]["engine"]],
        "name": s4_qgis.plugin.NAME,
        "ours": sorted({name.partition(".")[0] for name in sys.modules if name.startswith("s4_")}),
    }
"""

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


def check_states(states: list[dict[str, object]], plugins: Path) -> None:
    """The first is this version, the others the newer one, in plugin and engine."""
    version = package.version(package.ROOT)
    wanted = [(version, "S4 Crop Mapper"), *[(f"99.{version}", "New S4 Crop Mapper")] * 2]
    for state, (number, name) in zip(states, wanted):
        assert state["folder"] == str(plugins / "s4_crop_mapper")
        assert state["versions"] == [number, number]
        assert state["name"] == name
        assert state["ours"] == ["s4_core", "s4_crop_mapper", "s4_qgis"]


STARTUP = """
import os
from qgis.core import QgsApplication
_log = open(os.environ["S4_TEST_FOLDER"] + "/log.txt", "w", encoding="utf-8", buffering=1)
QgsApplication.messageLog().messageReceived.connect(
    lambda text, tag, level: _log.write(f"{tag}|{getattr(level, 'value', level)}|{text}\\n"))
"""
"""QGIS runs this before it loads plugins: from there on everything logged is kept."""

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


def desktop(profile: Path, folder: Path, script: str, **variables: str) -> None:
    """Run a real QGIS on a screen of its own with the plugin enabled; a script drives it."""
    for program in ("qgis", "xvfb-run", "xauth"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    settings = profile / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir()
    settings.write_text(
        "[PythonPlugins]\ns4_crop_mapper=true\n[app]\nplugin_installer\\checkOnStart=false\n"
    )
    (folder / "startup.py").write_text(STARTUP, encoding="utf-8")
    (folder / "drive.py").write_text(SHARED + script, encoding="utf-8")
    display = ["xvfb-run", "--auto-servernum", "--server-args=-screen 0 1400x900x24"]
    qgis = ["qgis", "--nologo", "--noversioncheck", "--profiles-path", str(folder)]
    code = ["--profile", "default", "--code", str(folder / "drive.py")]
    more = {
        "PYQGIS_STARTUP": str(folder / "startup.py"),
        **variables,
        "QT_QPA_PLATFORM": "xcb",
        "S4_TEST_FOLDER": str(folder),
    }
    run([*display, *qgis, *code], folder, more)


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
    log = (tmp_path / "log.txt").read_text(encoding="utf-8")
    assert "Loaded S4 Crop Mapper" in log
    assert "Plugin installed successfully" in log
    assert [line for line in log.splitlines() if is_bad(line)] == []
    assert "Traceback" not in log + (tmp_path / "stderr.txt").read_text(encoding="utf-8")


QUIT = """
import os
from qgis.PyQt.QtWidgets import QApplication, QMessageBox
WAY = os.environ["S4_TEST_WAY"]
FOLDER = Path(os.environ["S4_TEST_FOLDER"])
told = {"questions": [], "workers": []}

def acts():
    '''Pretrain for as long as it takes, and leave QGIS after some epochs.'''
    from s4_core.protocol import AreaRequest, PretrainJob
    from s4_qgis.engine.task import JobTask, run_in_task_manager
    from s4_qgis.shipped import shipped_checkpoint
    area = AreaRequest(str(shipped_checkpoint().parent.parent / "sample"))
    settings = {"pretrain.epochs": 9999, "pretrain.steps_per_epoch": 1, "pretrain.batch": 1,
                "network.widths": [8, 8, 16], "network.decoder_widths": [8, 8, 8],
                "pretrain.patch_px": 16, "pretrain.validation_patches": 1}
    job = PretrainJob((area,), str(FOLDER / "model.safetensors"), overrides=settings)
    task, failures = JobTask("Pretraining", job), []
    task.failed.connect(lambda *failure: failures.append(failure))
    run_in_task_manager(task)
    while not (FOLDER / "model.state.safetensors").exists():
        assert not failures, failures
        yield
    told["workers"] = [int(p.parent.name) for p in Path("/proc").glob("[0-9]*/stat")
                       if p.read_text().rpartition(")")[2].split()[1] == str(os.getpid())]
    (FOLDER / "told.json").write_text(json.dumps(told))

def answer():
    '''QGIS asks whether to cancel the task, and does not leave yet: leave then.'''
    box = QApplication.activeModalWidget()
    if isinstance(box, QMessageBox):
        told["questions"].append(box.text())
        (FOLDER / "told.json").write_text(json.dumps(told))
        box.button(QMessageBox.StandardButton.Yes).click()
    elif told["questions"] and not QgsApplication.taskManager().countActiveTasks():
        iface.actionExit().trigger()
        return
    QTimer.singleShot(200, answer)

def drive():
    try:
        next(steps)
    except StopIteration:
        if WAY == "session ends":
            QApplication.quit()
            return
        QTimer.singleShot(200, answer)
        iface.actionExit().trigger()
    except Exception:
        (FOLDER / "told.json").write_text(json.dumps({"error": traceback.format_exc()}))
        os._exit(3)
    else:
        QTimer.singleShot(200, drive)

from qgis.utils import iface
window, steps = iface.mainWindow(), acts()
QTimer.singleShot(500, drive)
"""


@pytest.mark.parametrize("way", ["user leaves", "session ends"])
def test_qgis_quits_while_a_job_runs(profile: Path, tmp_path: Path, way: str) -> None:
    desktop(profile, tmp_path, QUIT, S4_TEST_WAY=way)
    told = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))
    assert "error" not in told, told["error"]
    assert len(told["questions"]) == (way == "user leaves"), told["questions"]
    assert told["workers"]
    assert [pid for pid in told["workers"] if Path("/proc", str(pid)).exists()] == []
    left = {path.name for path in tmp_path.glob("model*")}
    assert "model.safetensors" not in left
    assert {"model.state.safetensors", "model.history.jsonl"} <= left, "finished epochs are kept"
    log = (tmp_path / "log.txt").read_text(encoding="utf-8")
    assert [line for line in log.splitlines() if is_bad(line)] == []
    assert "Traceback" not in log + (tmp_path / "stderr.txt").read_text(encoding="utf-8")


def is_bad(line: str) -> bool:
    """Whether a line of QGIS's log is an error of Python, or of ours and a warning or worse."""
    tag, _, rest = line.partition("|")
    return "Python" in tag or (tag.startswith("S4") and rest[0] in "12")

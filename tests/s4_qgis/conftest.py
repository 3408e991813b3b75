"""A real QGIS without a screen, and what tests of the plugin need of it.

One QgsApplication serves the whole test session, with a profile of its own: no setting of the
user is read or written.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")
_FOLDER = tempfile.TemporaryDirectory(prefix="s4-qgis-profile-")
os.environ["QGIS_CUSTOM_CONFIG_PATH"] = _FOLDER.name
os.environ["XDG_DATA_HOME"] = str(Path(_FOLDER.name, "data"))
os.environ.setdefault("XDG_RUNTIME_DIR", _FOLDER.name)

from osgeo import gdal, ogr, osr  # noqa: E402 - after the variables
from qgis.core import QgsApplication, QgsProject, QgsSettings  # noqa: E402 - after the variables
from qgis.PyQt.QtCore import QCoreApplication, QEventLoop  # noqa: E402

from tests.s4_qgis.main_window import MainWindow  # noqa: E402


@pytest.fixture(scope="session", autouse=True)
def qgis_app() -> Iterator[QgsApplication]:
    """The application; `QgsApplication.instance()` elsewhere."""
    # Python collects the widgets that a test dropped in whichever thread it runs, but Qt's widgets
    # may be destroyed in the main thread only: they are collected after each test instead
    gc.disable()
    app = QgsApplication([], True)
    app.initQgis()
    _apps.append(app)
    yield app
    QgsProject.instance().clear()
    app.taskManager().cancelAll()
    wait_until(lambda: app.taskManager().count() == 0, 10)


_apps: list[QgsApplication] = []
_DEFERRED_DELETE = 52  # QEvent.DeferredDelete


_status = 1


def pytest_sessionfinish(exitstatus: int) -> None:
    """Remember how the tests ended."""
    global _status  # noqa: PLW0603 - the hooks share nothing else
    _status = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """End the process here, with the tests' own exit status.

    Taking QGIS, PyQt and GDAL down in one interpreter crashes now and then after the last test,
    which says nothing of the plugin: QGIS's desktop never does it.
    """
    collect()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(_status)


@pytest.fixture(autouse=True)
def clean_qgis(qgis_app: QgsApplication) -> Iterator[None]:
    """An empty project and the default settings for every test."""
    yield
    project = QgsProject.instance()
    if project.isDirty() or project.mapLayers() or project.fileName():
        project.clear()  # takes a moment
    QgsSettings().remove("s4_crop_mapper")
    collect()


def collect() -> None:
    """Destroy what tests dropped; what one round frees may be what held the next."""
    QCoreApplication.sendPostedEvents(None, _DEFERRED_DELETE)  # slots that were disconnected
    while gc.collect():
        QCoreApplication.sendPostedEvents(None, _DEFERRED_DELETE)


@pytest.fixture
def iface() -> Iterator[MainWindow]:
    """A stand-in for QgisInterface with a real main window, canvas and message bar."""
    window = MainWindow()
    yield window
    window.close()


@pytest.fixture(scope="session")
def processing(qgis_app: QgsApplication) -> Any:
    """QGIS's `processing` module, with its own algorithms."""
    sys.path.append(str(Path(QgsApplication.pkgDataPath(), "python", "plugins")))
    import processing
    from processing.core.Processing import Processing

    Processing.initialize()
    return processing


@pytest.fixture(params=[True, False], ids=["exceptions", "codes"])
def gdal_exceptions(request: pytest.FixtureRequest) -> Iterator[bool]:
    """Whether GDAL raises exceptions, as plugins may ask it to, or returns codes."""
    raising = [module for module in (ogr, osr, gdal) if module.GetUseExceptions()]
    if not request.param:
        for module in raising:  # the last that was switched on is the first to be switched off
            module.DontUseExceptions()
    yield request.param
    if not request.param:
        for module in reversed(raising):
            module.UseExceptions()


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> str:
    """The engine's interpreter: the one that runs the tests."""
    monkeypatch.setenv("S4_ENGINE_PYTHON", sys.executable)
    return sys.executable


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Any]:
    """A STAC catalogue on loopback: see `tests/s4_qgis/catalogue.py`."""
    from tests.s4_qgis.catalogue import offered

    with offered(tmp_path / "served") as offer:
        yield offer


@pytest.fixture
def wait() -> Callable[[Callable[[], Any], float], None]:
    """`wait(condition, seconds)`: let QGIS work until a condition holds; else the test fails."""
    return wait_for


def wait_for(condition: Callable[[], Any], seconds: float = 30.0) -> None:
    assert wait_until(condition, seconds), "it did not happen in time"


def wait_until(condition: Callable[[], Any], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        QCoreApplication.sendPostedEvents(None, _DEFERRED_DELETE)
        time.sleep(0.01)
    return True

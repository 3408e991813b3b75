"""QGIS's desktop is left while a job runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.s4_qgis.installed.programs import check_log, desktop

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
    check_log(tmp_path)

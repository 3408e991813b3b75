"""A real installation, with real pip, from an offline folder of tiny packages.

With S4_TEST_INSTALL=1 also the engine itself, from the network: gigabytes, and minutes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from qgis.PyQt.QtCore import QLockFile

from s4_core.errors import Cancelled, S4Error
from s4_core.protocol import AreaRequest, InfoJob
from s4_qgis.engine import environment, installer
from s4_qgis.engine import plan as planning
from s4_qgis.engine.environment import managed_folder, managed_state, own_locks, python_in
from s4_qgis.engine.installer import drop_half_installed, install, remove
from s4_qgis.engine.plan import Plan, make_plan
from s4_qgis.engine.process import run_job
from s4_qgis.engine.setup_tasks import CheckTask, InstallTask
from s4_qgis.settings import PluginSettings
from tests.s4_qgis.engine.tiny_bundle import write_bundle

REPOSITORY = Path(__file__).resolve().parents[3]
Messages = list[dict[str, Any]]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The plugin's own folder: an empty one."""
    monkeypatch.delenv("S4_ENGINE_PYTHON", raising=False)
    monkeypatch.setattr(environment, "data_folder", lambda: tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def bundle(tmp_path: Path) -> str:
    """An offline folder of tiny packages for this platform."""
    locks = own_locks()
    assert locks is not None
    return str(write_bundle(tmp_path / "bundle", locks.key))


def carry_out(plan: Plan, is_cancelled: Callable[[], bool] = lambda: False) -> Messages:
    messages: Messages = []
    install(plan, messages.append, is_cancelled)
    return messages


def test_from_an_offline_folder(data: Path, bundle: str) -> None:
    plan = make_plan(bundle=bundle)
    assert plan.torch_is_checked
    assert plan.folder.parent == data
    messages = carry_out(plan)
    PluginSettings().bundle_folder = bundle
    state = managed_state(managed_folder())
    assert (state.kind, state.python) == ("ready", str(python_in(plan.folder)))
    manifest = environment.read_manifest(plan.folder)
    assert manifest["found"]["torch"] == "2.13.0+tiny"
    assert manifest["found"]["safetensors"] == "1"
    assert manifest["numpy"] == manifest["found"]["numpy"]  # QGIS's own, seen through
    assert manifest["bytes"] > 1000
    fractions = [m["fraction"] for m in messages if m["type"] == "progress"]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    stages = {m["stage"].partition(":")[0] for m in messages if m["type"] == "progress"}
    assert {"Making the environment", "Installing PyTorch", "The engine is ready"} <= stages
    again(plan)


def again(plan: Plan) -> None:
    """Half of it vanishes; the next try keeps the rest."""
    (plan.folder / environment.MANIFEST).unlink()
    (library,) = plan.folder.glob("lib/python3*/site-packages")
    (library / "torch-2.13.0.dist-info" / "RECORD").unlink()
    (library / "torch.py").unlink()
    assert managed_state(plan.folder).kind == "incomplete"
    messages = carry_out(plan)
    said = "\n".join(m["message"] for m in messages if m["type"] == "log")
    assert "Requirement already satisfied: engineparts==1.0" in said
    assert "Successfully installed torch-2.13.0" in said
    assert "Making the environment" not in {m.get("stage") for m in messages}
    assert managed_state(plan.folder).kind == "ready"
    remove(plan.folder)
    assert managed_state(managed_folder()).kind == "absent"


def test_a_package_that_was_tampered_with(data: Path, bundle: str) -> None:
    (wheel,) = Path(bundle).glob("engineparts*.whl")
    wheel.write_bytes(wheel.read_bytes() + b" ")
    with pytest.raises(S4Error, match="its hash differs") as failure:
        carry_out(make_plan(bundle=bundle))
    assert failure.value.code == "install"
    assert managed_state(managed_folder()).kind in ("absent", "incomplete")


def test_cancel_and_nothing_is_ready(data: Path, bundle: str) -> None:
    plan = make_plan(bundle=bundle)
    with pytest.raises(Cancelled):
        carry_out(plan, plan.folder.exists)
    assert managed_state(plan.folder).kind == "incomplete"


def test_too_little_space(data: Path, bundle: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installer, "needed_bytes", lambda plan: 10**18)
    with pytest.raises(S4Error, match=r"needs 1000000000\.0 GB") as failure:
        carry_out(make_plan(bundle=bundle))
    assert "Free space" in failure.value.remedy
    assert not managed_state(managed_folder()).python


def test_one_at_a_time(data: Path, bundle: str) -> None:
    plan = make_plan(bundle=bundle)
    data.mkdir()
    lock = QLockFile(f"{plan.folder}.lock")
    assert lock.tryLock(0)
    with pytest.raises(S4Error, match="Another QGIS is installing"):
        carry_out(plan)
    lock.unlock()


def test_whole_packages_are_kept(tmp_path: Path) -> None:
    library = tmp_path / "lib" / "python3.11" / "site-packages"
    for name in ("whole", "half"):
        (library / f"{name}-1.dist-info").mkdir(parents=True)
    (library / "whole-1.dist-info" / "RECORD").touch()
    drop_half_installed(tmp_path)
    assert [path.name for path in library.iterdir()] == ["whole-1.dist-info"]


def test_a_failed_installation_is_told_by_the_task(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing() -> None:
        raise S4Error("no interpreter", "name one")

    monkeypatch.setattr(planning, "find_qgis_python", nothing)
    told: list[Any] = []
    task = InstallTask()
    task.failed.connect(lambda *failure: told.append(failure))
    task.run_serial()
    assert told == [("failed", "no interpreter", "name one")]


def test_an_interpreter_is_tried() -> None:
    told: list[Any] = []
    good, bad = CheckTask(sys.executable), CheckTask("/bin/true")
    good.succeeded.connect(told.append)
    bad.failed.connect(lambda *failure: told.append(failure))
    assert good.run_serial()
    assert told[0]["torch"]
    assert not bad.run_serial()
    assert "no usable interpreter" in told[1][1]


@pytest.mark.skipif(
    os.environ.get("S4_TEST_INSTALL") != "1", reason="gigabytes; set S4_TEST_INSTALL=1"
)
def test_the_engine_itself_from_the_network(data: Path) -> None:
    plan = make_plan(os.environ.get("S4_TEST_TORCH_INDEX", ""))
    carry_out(plan)
    assert managed_state(managed_folder()).kind == "ready"
    job = InfoJob(AreaRequest(str(REPOSITORY / "resources" / "sample")))
    result = run_job(job, str(python_in(plan.folder)), lambda message: None, lambda: False)
    assert result["acquisitions"]

"""Which engine is used, and what each state says. No torch and no network."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
from pathlib import Path

import pytest

import s4_core
from s4_core.errors import S4Error
from s4_qgis.engine import environment
from s4_qgis.engine.environment import (
    Check,
    check_engine,
    engine_python,
    engine_state,
    environment_folder,
    managed_folder,
    managed_state,
    own_locks,
    python_in,
    require_good,
    version_in,
)
from s4_qgis.settings import PluginSettings, data_folder


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No engine is named, none is installed."""
    monkeypatch.delenv("S4_ENGINE_PYTHON", raising=False)
    monkeypatch.setattr(environment, "data_folder", lambda: tmp_path)


def build(folder: Path, numpy: str = "1.24.2", finished: bool = True) -> Path:
    """A folder that looks like an environment."""
    python = python_in(folder)
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n")
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    about = folder.parent / "site" / "numpy-1.24.2.dist-info"
    about.mkdir(parents=True, exist_ok=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 1.24.2\n")
    if finished:
        manifest = {"numpy": numpy, "numpy_folder": str(about.parent), "bytes": 5}
        (folder / environment.MANIFEST).write_text(json.dumps(manifest))
    return folder


def test_the_variable_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    PluginSettings().engine_python = "/nowhere"
    monkeypatch.setenv("S4_ENGINE_PYTHON", sys.executable)
    state = engine_state()
    assert (state.kind, state.source, state.python) == ("ready", "variable", sys.executable)
    assert engine_python() == sys.executable


def test_an_interpreter_of_the_users() -> None:
    PluginSettings().engine_python = sys.executable
    assert (engine_state().kind, engine_state().source) == ("ready", "user")


def test_an_interpreter_of_the_users_that_is_gone() -> None:
    PluginSettings().engine_python = "/nowhere/python"
    state = engine_state()
    assert state.kind == "broken"
    assert "/nowhere/python" in state.reason
    assert "engine page" in state.remedy
    with pytest.raises(S4Error, match="/nowhere/python") as failure:
        engine_python()
    assert failure.value.code == "engine"


def test_absent() -> None:
    state = engine_state()
    assert (state.kind, state.source, state.python) == ("absent", "managed", "")
    with pytest.raises(S4Error, match="not installed yet"):
        engine_python()


def test_incomplete(tmp_path: Path) -> None:
    state = managed_state(build(tmp_path / "e", finished=False))
    assert state.kind == "incomplete"
    assert "what is there is kept" in state.remedy


def test_a_damaged_manifest_is_incomplete(tmp_path: Path) -> None:
    folder = build(tmp_path / "e")
    (folder / environment.MANIFEST).write_text('{"numpy": ')
    assert managed_state(folder).kind == "incomplete"


def test_ready(tmp_path: Path) -> None:
    folder = build(tmp_path / "e")
    state = managed_state(folder)
    assert state.kind == "ready"
    assert state.python == str(folder / "bin" / "python")


def test_broken_by_another_numpy(tmp_path: Path) -> None:
    state = managed_state(build(tmp_path / "e", numpy="1.23.0"))
    assert state.kind == "broken"
    assert "1.23.0" in state.reason
    assert "1.24.2" in state.reason
    assert "again" in state.remedy


def test_broken_where_numpy_is_gone(tmp_path: Path) -> None:
    folder = build(tmp_path / "e")
    shutil.rmtree(tmp_path / "site")
    assert managed_state(folder).kind == "broken"
    assert version_in(str(tmp_path / "site"), "numpy") == ""


def test_broken_when_qgis_has_another_python(tmp_path: Path) -> None:
    folder = build(tmp_path / "e")
    python_in(folder).unlink()
    python_in(folder).symlink_to("/usr/bin/python3.99")  # as after an upgrade of the system
    state = managed_state(folder)
    assert state.kind == "broken"
    assert "is gone" in state.reason


def test_the_folder_is_named_by_version_and_lists(tmp_path: Path) -> None:
    locks = own_locks()
    assert locks is not None
    folder = environment_folder(locks)
    assert folder == tmp_path / f"engine-{s4_core.__version__}-{locks.digest()}"


def test_an_environment_of_the_same_lists_serves_another_version(tmp_path: Path) -> None:
    locks = own_locks()
    assert locks is not None
    older = build(tmp_path / f"engine-0.0.9-{locks.digest()}")
    build(tmp_path / "engine-0.0.9-ffffffff")
    assert managed_folder() == older
    own = build(environment_folder(locks), finished=False)
    os.utime(own, (2e9, 2e9))
    assert managed_folder() == older
    (own / environment.MANIFEST).write_text('{"numpy": "1.24.2"}')
    assert managed_folder() == own


def test_other_systems() -> None:
    assert python_in(Path("e"), "win32") == Path("e/Scripts/python.exe")
    assert python_in(Path("e"), "darwin") == Path("e/bin/python")


def test_the_data_folder_is_not_the_plugins() -> None:
    assert not data_folder().is_relative_to(Path(environment.PLUGIN_FOLDER))


def test_the_engine_is_checked_for_real() -> None:
    check = check_engine(sys.executable)
    assert check.is_good
    assert check.found["numpy"]
    assert check.found["torch"]
    assert check.found["s4_core.worker"] == s4_core.__version__


def test_a_program_that_is_no_interpreter() -> None:
    with pytest.raises(S4Error, match="no usable interpreter"):
        check_engine("/bin/true")


def test_what_is_missing_is_named() -> None:
    with pytest.raises(S4Error) as failure:
        require_good(Check({}, {"torch": "ModuleNotFoundError: no torch"}), "/p")
    assert "/p cannot run the engine: torch (ModuleNotFoundError: no torch)" in str(failure.value)
    assert failure.value.code == "engine"
    with pytest.raises(S4Error, match=r"Visual C\+\+"):
        require_good(Check({}, {"torch": "OSError: [WinError 126] c10.dll DLL load failed"}), "p")

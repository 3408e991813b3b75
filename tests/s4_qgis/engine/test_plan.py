"""The commands of an installation, as data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from s4_core.errors import S4Error
from s4_qgis.engine import plan as planning
from s4_qgis.engine.interpreter import QgisPython
from s4_qgis.engine.locks import Locks, locks_for
from s4_qgis.engine.plan import Plan, make_plan, needed_bytes, package_steps, venv_step
from tests.s4_qgis.engine.tiny_bundle import write_bundle

KEY = "linux-x86_64-cp311"
BASE = QgisPython(
    "/usr/bin/python3", "3.11.2", "1.24.2", "/usr/lib", "3.6.2", "linux", "x86_64", True
)


def a_plan(torch_index: str = "", bundle: str = "", checked: bool = True) -> Plan:
    locks = locks_for(KEY, bundle)
    assert isinstance(locks, Locks)
    return Plan(BASE, Path("/data/engine"), locks, torch_index, bundle, checked)


def commands(plan: Plan, pip: tuple[int, int] = (23, 0)) -> list[str]:
    return [" ".join(step.command) for step in package_steps(plan, pip)]


def test_the_environment_sees_the_gdal_of_qgis() -> None:
    step = venv_step(a_plan())
    assert step.command == (
        *("/usr/bin/python3", "-m", "venv", "--clear", "--system-site-packages"),
        "/data/engine",
    )
    without_pip = venv_step(replace(a_plan(), base=replace(BASE, ensurepip=False)))
    assert "--without-pip" in without_pip.command


def test_by_default_everything_is_checked_by_hash() -> None:
    packages, torch = commands(a_plan())
    for command, lock in ((packages, f"{KEY}.txt"), (torch, f"{KEY}-torch.txt")):
        assert command.startswith("/data/engine/bin/python -m pip install --no-input")
        assert "--only-binary=:all: --no-deps --require-hashes -r" in command
        assert command.endswith(f"/{lock}")
        assert "--index-url" not in command


def test_torch_from_another_index_keeps_the_numpy_of_qgis() -> None:
    packages, torch = commands(a_plan(torch_index="https://index.example/cpu", checked=False))
    assert "--require-hashes" in packages
    assert "index.example" not in packages
    assert torch.endswith(
        "--index-url https://index.example/cpu -c /data/engine/s4-numpy.txt torch==2.13.0"
    )


def test_from_an_offline_folder(tmp_path: Path) -> None:
    packages, torch = commands(a_plan(bundle=str(tmp_path), checked=False))
    for command in (packages, torch):
        assert f"--no-index --find-links {tmp_path}" in command
    assert "--require-hashes" in packages
    assert "--require-hashes" not in torch
    checked = commands(a_plan(bundle=str(tmp_path)))[1]
    assert "--no-index" in checked
    assert "--require-hashes" in checked


def test_newer_versions_of_pip_count_bytes() -> None:
    assert all("--progress-bar off" in command for command in commands(a_plan(), (24, 0)))
    assert all("--progress-bar raw" in command for command in commands(a_plan(), (24, 1)))


def test_the_shares_make_a_whole() -> None:
    plan = a_plan()
    shares = [step.share for step in (venv_step(plan), *package_steps(plan, (23, 0)))]
    assert sum(shares) + planning.CHECK_SHARE == pytest.approx(1)
    assert shares[2] > 10 * shares[1]  # torch's default build is much the larger part


def test_space_is_asked_for_where_the_size_is_known(tmp_path: Path) -> None:
    plan = a_plan()
    assert plan.download_bytes == plan.locks.download_bytes + plan.locks.torch_bytes
    assert needed_bytes(plan) > plan.download_bytes
    assert needed_bytes(a_plan(torch_index="https://index.example", checked=False)) == 0
    (tmp_path / "a.whl").write_bytes(b"x" * 100)
    assert needed_bytes(a_plan(bundle=str(tmp_path))) == 500


def test_a_build_of_torch_from_elsewhere_is_not_checked(tmp_path: Path) -> None:
    key = f"{KEY}-own"
    locks = locks_for(KEY)
    assert isinstance(locks, Locks)
    folder = write_bundle(tmp_path / "bundle", key)
    assert not planning.has_listed_torch(str(folder), locks)
    own = locks_for(key, str(folder))
    assert isinstance(own, Locks)
    assert planning.has_listed_torch(str(folder), own)


def test_the_plan_for_this_computer() -> None:
    plan = make_plan()
    assert plan.folder.name.endswith(plan.locks.digest())
    assert plan.torch_is_checked
    assert not make_plan("https://index.example/cpu").torch_is_checked


def test_a_platform_without_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "find_qgis_python", lambda: replace(BASE, python="3.14.0"))
    with pytest.raises(S4Error) as failure:
        make_plan()
    assert failure.value.code == "install"
    assert "linux-x86_64-cp314" in failure.value.message
    assert "linux-x86_64-cp311" in failure.value.message
    assert "interpreter" in failure.value.remedy


def test_an_offline_folder_that_is_not_there() -> None:
    with pytest.raises(S4Error, match="/nowhere is not there"):
        make_plan(bundle="/nowhere")

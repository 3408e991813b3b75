"""The pins, the locks made from them, and how markers of other platforms are read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tools import locks

LOCKED = re.compile(r"([\w.-]+)==(\S+) \\\n    --hash=sha256:([0-9a-f]{64})\n")
LINUX, WINDOWS, MACOS = locks.PLATFORMS.values()


def found(**needs: list[str]) -> locks.Found:
    """An answer of pip in which each package needs these."""
    return {
        name: {"metadata": {"name": name, "version": "1.0", "requires_dist": texts}}
        for name, texts in needs.items()
    }


def names(wanted: str, answer: locks.Found, platform: locks.Platform) -> list[str]:
    return [r.name for r in locks.walk([Requirement(wanted)], answer, platform)]


def test_markers_are_read_for_the_platform_and_not_for_this_machine() -> None:
    answer = found(a=['b; sys_platform == "win32"', 'c; platform_system == "Linux"', "d"])
    assert names("a", answer, LINUX) == ["a", "c", "d"]
    assert names("a", answer, WINDOWS) == ["a", "b", "d"]
    assert names("a", answer, MACOS) == ["a", "d"]


def test_extras_are_followed_and_numpy_is_not() -> None:
    answer = found(a=["numpy>=1", "b[x]"], b=['c; extra == "x"', 'd; extra == "y"', "e"])
    assert names("a", answer, LINUX) == ["a", "b", "e", "c"]


def test_the_limits_that_meet_at_a_package_are_all_kept() -> None:
    both = locks.merged([Requirement("A>=2"), Requirement("a<3; python_version > '3'")])
    assert {key: str(value) for key, value in both.items()} == {"a": "A<3,>=2"}


def test_what_only_torch_brings_on_linux() -> None:
    answer = found(torch=['cuda; platform_system == "Linux"', "sympy"], cuda=["nvrtc"])
    assert locks.brought_by_torch(answer, LINUX) == {"torch", "cuda", "nvrtc", "sympy"}
    assert locks.brought_by_torch(answer, MACOS) == {"torch", "sympy"}


def test_the_pins_cover_the_project_and_leave_qgis_alone() -> None:
    pins = locks.read_pins()
    for requirement in locks.project_requirements(("dev",)):
        version = pins[canonicalize_name(requirement.name)].partition("==")[2]
        assert Version(version) in requirement.specifier
    assert {"numpy", "gdal", "torchvision"} & set(pins) == set()
    assert all("+" not in pin for pin in pins.values()), "no build suffix: CUDA takes its own"


@pytest.mark.parametrize("name", locks.PLATFORMS)
def test_the_locks_agree_with_the_pins(name: str) -> None:
    folder = locks.ROOT / "requirements"
    plain, torch = (read_lock(folder / f"{name}{end}.txt") for end in ("", "-torch"))
    pins = locks.read_pins()
    assert {pins[key] for key in plain} == {f"{n}=={v}" for n, v, _ in plain.values()}
    assert "torch" not in plain
    assert f"torch=={torch['torch'][1]}" == pins["torch"]
    assert len(torch) > 1 or "linux" not in name, "on Linux torch's default build needs CUDA"
    asked = {canonicalize_name(r.name) for r in locks.project_requirements()}
    assert asked <= set(plain) | {"torch"}


def read_lock(path: Path) -> dict[str, tuple[str, str, str]]:
    """Canonical name -> name, version, hash; every line of the file must be understood."""
    text = path.read_text(encoding="utf-8")
    entries = LOCKED.findall(text)
    assert LOCKED.sub("", text).count("\n") == len(re.findall("^#", text, re.MULTILINE))
    return {canonicalize_name(entry[0]): entry for entry in entries}

"""The gate finds what the plugin repository would find."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tools import gate

GOOD = ["s4_crop_mapper/__init__.py", "s4_crop_mapper/metadata.txt", "s4_crop_mapper/LICENSE"]
METADATA = """[general]
name=S4
description=Crop maps
about=Uses PyTorch.
version=1.2.3
qgisMinimumVersion=3.34
qgisMaximumVersion=4.99
author=A
email=a@example.org
homepage=https://example.org
repository=https://example.org/r
tracker=https://example.org/t
category=Raster
icon=icon.svg
tags=a
changelog=1.2.3
hasProcessingProvider=yes
"""
# put together here, so that no scanner takes this test for a leak
SECRET = "AKIA" + "IOSFODNN7" + "EXAMPLF"


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """A small plugin that the gate lets pass."""
    folder = tmp_path / "s4_crop_mapper"
    (folder / "s4_core").mkdir(parents=True)
    (folder / "s4_core" / "__init__.py").write_text('"""E."""\n\n__version__ = "1.2.3"\n')
    (folder / "__init__.py").write_text('"""P."""\n')
    (folder / "metadata.txt").write_text(METADATA)
    (folder / "LICENSE").write_text("GPL\n")
    (folder / "icon.svg").write_text("<svg/>\n")
    return folder


def check(plugin: Path, tmp_path: Path) -> list[str]:
    archive, empty = tmp_path / "plugin.zip", tmp_path / "empty"
    with zipfile.ZipFile(archive, "w") as opened:
        for path in sorted(plugin.rglob("*")):
            if path.is_file():
                opened.write(path, path.relative_to(plugin.parent).as_posix())
    empty.mkdir()
    return gate.problems(archive, empty)


def test_a_plugin_in_order_passes(plugin: Path, tmp_path: Path) -> None:
    assert check(plugin, tmp_path) == []


def test_findings_of_the_scanners(plugin: Path, tmp_path: Path) -> None:
    code = f'"""M."""\nimport os\n\nassert True\nKEY = "{SECRET}"\n'
    (plugin / "s4_core" / "module.py").write_text(code)
    found = "\n".join(check(plugin, tmp_path))
    assert "module.py:4: B101" in found
    assert "module.py:5: AWS Access Key" in found
    assert "module.py:2:1: F401" in found


def test_a_justified_finding_passes(plugin: Path, tmp_path: Path) -> None:
    code = '"""M."""\n\nassert True  # nosec B101 - a test of the gate\n'
    (plugin / "s4_core" / "module.py").write_text(code)
    assert check(plugin, tmp_path) == []


@pytest.mark.parametrize(
    ("names", "size", "said"),
    [
        (GOOD, 25_000_001, "25000000 are allowed"),
        ([*GOOD, "other/a.py"], 1, "one top folder"),
        ([name.replace("_", "-") for name in GOOD], 1, "one top folder"),
        ([*GOOD, GOOD[0]], 1, "names occur twice"),
        ([*GOOD, "s4_crop_mapper/.bandit"], 1, ".bandit: not allowed"),
        ([*GOOD, "s4_crop_mapper/__pycache__/a.pyc"], 1, "not allowed"),
        ([*GOOD, "s4_crop_mapper/../a.py"], 1, "not allowed"),
        ([*GOOD, "s4_crop_mapper/a\\b.py"], 1, "not allowed"),
        ([*GOOD, "s4_crop_mapper/tests/a.py"], 1, "not allowed"),
        ([*GOOD, "s4_crop_mapper/fast.so"], 1, "programs and archives"),
        (GOOD[:2], 1, "LICENSE is missing"),
        ([], 1, "one top folder"),
    ],
)
def test_names_and_size(names: list[str], size: int, said: str) -> None:
    assert said in "\n".join(gate.structure_problems(names, size))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("author=A\n", "", "author is missing"),
        ("tags=a\n", "tags=\n", "tags is missing"),
        ("tracker=https://example.org/t", "tracker=on request", "tracker is not an address"),
        ("version=1.2.3", "version=next", "version is not a version: next"),
        ("version=1.2.3", "version=1.2.4", "metadata.txt has version 1.2.4, s4_core 1.2.3"),
        ("icon=icon.svg", "icon=none.svg", "the icon does not exist"),
        ("=Crop maps", "=<b>Crop</b> maps", "description holds HTML"),
        ("[general]", "", "cannot be read"),
    ],
)
def test_metadata(plugin: Path, old: str, new: str, said: str) -> None:
    (plugin / "metadata.txt").write_text(METADATA.replace(old, new, 1))
    assert said in "\n".join(gate.metadata_problems(plugin))

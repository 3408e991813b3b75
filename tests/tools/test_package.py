"""What ships, and that the same files give the same zip."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from tools import package
from tools.steps import SetupError


def test_what_ships() -> None:
    names = [
        *("__init__.py", "metadata.txt", "LICENSE", "README.md", "pyproject.toml", "Makefile"),
        *("s4_core/a.py", "s4_qgis/help/a.fr.html", "resources/i18n/s4_fr.qm", "tests/test_a.py"),
        *("resources/i18n/s4_fr.ts", "requirements/linux-x86_64-cp311.txt", "tools/package.py"),
        *("requirements/linux-x86_64-cp311-torch.txt", "requirements/prosail.txt"),
        *("requirements/sizes.json", "tools/plugin_readme.md", "training/demo.py", ".gitignore"),
    ]
    assert package.packaged(names) == {
        "__init__.py": "__init__.py",
        "metadata.txt": "metadata.txt",
        "LICENSE": "LICENSE",
        "README.md": "tools/plugin_readme.md",
        "s4_core/a.py": "s4_core/a.py",
        "s4_qgis/help/a.fr.html": "s4_qgis/help/a.fr.html",
        "resources/i18n/s4_fr.qm": "resources/i18n/s4_fr.qm",
        "resources/requirements/linux-x86_64-cp311.txt": "requirements/linux-x86_64-cp311.txt",
        "resources/requirements/linux-x86_64-cp311-torch.txt": (
            "requirements/linux-x86_64-cp311-torch.txt"
        ),
        "resources/requirements/sizes.json": "requirements/sizes.json",
    }


@pytest.mark.parametrize("name", ["resources/notes.docx", "s4_core/fast.so", "s4_qgis/Makefile"])
def test_a_kind_of_file_that_nobody_thought_of_does_not_ship(name: str) -> None:
    with pytest.raises(SetupError, match="does not ship"):
        package.packaged([name])


def test_only_what_git_tracks_and_what_is_there(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    for name in ("kept.py", "été.py", "gone.py", "untracked.py"):
        (tmp_path / name).touch()
    names = ["kept.py", "été.py", "gone.py"]
    subprocess.run(["git", "-C", str(tmp_path), "add", *names], check=True)
    (tmp_path / "gone.py").unlink()
    assert sorted(package.tracked(tmp_path)) == ["kept.py", "été.py"]


def test_without_a_clone_there_is_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as caught:
        package.tracked(tmp_path)
    assert "clone" in caught.value.remedy


def test_the_same_files_give_the_same_zip(tmp_path: Path) -> None:
    a, b = tmp_path / "a.txt", tmp_path / "b.txt"
    a.write_text("a" * 999)
    b.write_text("b")
    first, second = tmp_path / "out" / "1.zip", tmp_path / "out" / "2.zip"
    package.write_zip(first, {"b/b.txt": b, "a.txt": a}, 1_000_000_001)
    a.touch()
    package.write_zip(second, {"a.txt": a, "b/b.txt": b}, 1_000_000_001)
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        entries = archive.infolist()
        assert [entry.filename for entry in entries] == [
            "s4_crop_mapper/a.txt",
            "s4_crop_mapper/b/b.txt",
        ]
        assert {entry.date_time for entry in entries} == {(2001, 9, 9, 1, 46, 40)}
        assert archive.read("s4_crop_mapper/a.txt") == b"a" * 999
    assert sorted(path.name for path in first.parent.iterdir()) == ["1.zip", "2.zip"]


def test_this_repository_passes_the_gate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = package.main([str(tmp_path)])
    assert (code, capsys.readouterr().err) == (0, "")
    (made,) = tmp_path.iterdir()
    with zipfile.ZipFile(made) as archive:
        names = {name.partition("/")[2] for name in archive.namelist()}
    assert made.stat().st_size < 25_000_000
    assert {"README.md", "LICENSE", "s4_core/worker.py", "s4_qgis/plugin.py"} <= names
    assert "resources/checkpoints/s4-field.safetensors" in names
    assert "resources/simulator/canopy_table.npz" in names
    assert "resources/sample/parcels.gpkg" in names
    assert "resources/i18n/s4_fr.qm" in names
    assert not any(name.endswith((".ts", ".pyc")) or name.startswith("tests") for name in names)

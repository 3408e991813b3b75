from __future__ import annotations

from pathlib import Path

import pytest

from s4_qgis.engine import locks
from s4_qgis.engine.locks import known_keys, locks_folder, locks_for, names_in, platform_key


@pytest.mark.parametrize(
    ("system", "machine", "python", "key"),
    [
        ("linux", "x86_64", "3.11.2", "linux-x86_64-cp311"),
        ("linux", "aarch64", "3.12.0", "linux-aarch64-cp312"),
        ("win32", "AMD64", "3.12.8", "windows-amd64-cp312"),
        ("darwin", "arm64", "3.12.3", "macos-arm64-cp312"),
    ],
)
def test_platform_key(system: str, machine: str, python: str, key: str) -> None:
    assert platform_key(system, machine, python) == key


def test_every_platform_has_both_lists_and_sizes() -> None:
    assert "linux-x86_64-cp311" in known_keys()
    for key in known_keys():
        found = locks_for(key)
        assert found is not None
        assert found.torch_requirement.startswith("torch==2.")
        assert found.count() > 10
        assert found.torch_count() >= 1
        assert found.download_bytes > 10**7
        assert found.torch_bytes > 10**8
        names = {name.lower() for name in names_in(found.packages.read_text("utf-8"))}
        assert names.isdisjoint({"numpy", "gdal", "torch", "torchvision"})


def test_no_list_for_a_platform() -> None:
    assert locks_for("linux-riscv64-cp311") is None


def test_the_lists_name_the_environment() -> None:
    digests = {found.digest() for key in known_keys() if (found := locks_for(key))}
    assert len(digests) == len(known_keys())
    assert all(len(digest) == 8 for digest in digests)


def test_lists_in_an_offline_folder_are_preferred(tmp_path: Path) -> None:
    for name in ("plan9-mips-cp311.txt", "plan9-mips-cp311-torch.txt"):
        (tmp_path / name).write_text("torch==0.1 \\\n    --hash=sha256:00\n", encoding="utf-8")
    found = locks_for("plan9-mips-cp311", str(tmp_path))
    assert found is not None
    assert found.packages.parent == tmp_path
    assert found.torch_requirement == "torch==0.1"
    assert (found.download_bytes, found.torch_bytes) == (0, 0)
    assert locks_for("linux-x86_64-cp311", str(tmp_path)) is not None


def test_the_packaged_plugin_holds_them_in_its_resources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "PLUGIN_FOLDER", tmp_path)
    assert locks_folder() == tmp_path / "requirements"
    (tmp_path / "resources" / "requirements").mkdir(parents=True)
    assert locks_folder() == tmp_path / "resources" / "requirements"

"""The packaged zip, installed into an empty profile.

Nothing here imports the plugin: QGIS's programs run it from the profile, the engine's worker from
the plugin's folder.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tools import package

CHANGES = {
    "metadata.txt": ("\nversion=", "\nversion=99."),
    "s4_core/__init__.py": ('__version__ = "', '__version__ = "99.'),
    "s4_qgis/plugin.py": ('NAME = "', 'NAME = "New '),
}
"""What makes the version that is installed over the first one."""


@pytest.fixture(scope="session")
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

"""Finding the profile on each system, and never overwriting what is not ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import install
from tools.steps import SetupError


@pytest.mark.parametrize(
    ("platform", "environment", "folder"),
    [
        ("linux", {"HOME": "/home/a"}, "/home/a/.local/share/QGIS"),
        ("linux", {"HOME": "/home/a", "XDG_DATA_HOME": "/data"}, "/data/QGIS"),
        ("darwin", {"HOME": "/Users/a"}, "/Users/a/Library/Application Support/QGIS"),
        ("win32", {"APPDATA": "C:/Users/a/AppData/Roaming"}, "C:/Users/a/AppData/Roaming/QGIS"),
        ("win32", {"USERPROFILE": "C:/Users/a"}, "C:/Users/a/AppData/Roaming/QGIS"),
    ],
)
def test_where_profiles_are(platform: str, environment: dict[str, str], folder: str) -> None:
    assert install.settings_folder(platform, environment) == Path(folder)


def test_both_generations_of_qgis_are_served(tmp_path: Path) -> None:
    environment = {"XDG_DATA_HOME": str(tmp_path)}
    first = tmp_path / "QGIS" / "QGIS3" / "profiles" / "field"
    first.mkdir(parents=True)
    assert install.profiles("linux", environment, "field") == [first]
    second = tmp_path / "QGIS" / "QGIS4" / "profiles" / "field"
    second.mkdir(parents=True)
    assert install.profiles("linux", environment, "field") == [first, second]
    assert install.profiles("linux", environment, str(second)) == [second]


@pytest.mark.parametrize("profile", ["default", "./default"])
def test_a_profile_that_is_not_there(tmp_path: Path, profile: str) -> None:
    with pytest.raises(SetupError, match="no such profile") as caught:
        install.profiles("linux", {"XDG_DATA_HOME": str(tmp_path)}, profile)
    assert "PROFILE=" in caught.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_linking_twice(tmp_path: Path) -> None:
    source, place = tmp_path / "clone", tmp_path / "python" / "plugins" / "s4_crop_mapper"
    source.mkdir()
    assert install.link(place, source).startswith("linked ")
    assert place.resolve() == source
    assert install.link(place, source).endswith(" already")


@pytest.mark.parametrize("what", ["folder", "link", "dangling link"])
def test_what_is_there_is_left_alone(tmp_path: Path, what: str) -> None:
    source, other, place = tmp_path / "clone", tmp_path / "other", tmp_path / "plugin"
    source.mkdir()
    if what == "folder":
        place.mkdir()
        (place / "mine.py").touch()
    else:
        place.symlink_to(other)
        if what == "link":
            other.mkdir()
    with pytest.raises(SetupError, match="left alone"):
        install.link(place, source)
    assert (place / "mine.py").exists() if what == "folder" else place.is_symlink()

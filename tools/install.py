"""`make install`: link this clone into a QGIS profile as a plugin, to work on it.

    python -m tools.install [profile]    the profile's name, or the path of its folder

QGIS then runs the files of this clone; restart it, or reload the plugin, after a change.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from tools.package import NAME, ROOT
from tools.steps import SetupError

GENERATIONS = ("QGIS3", "QGIS4")
"""Each keeps its profiles in a folder of its own."""


def main(arguments: list[str]) -> int:
    """Link, and say what was done. Returns the exit code."""
    try:
        folders = profiles(sys.platform, os.environ, arguments[0] if arguments else "default")
        for folder in folders:
            print(link(folder / "python" / "plugins" / NAME, ROOT))
    except SetupError as error:
        print(f"make install: {error}\n{error.remedy}", file=sys.stderr)
        return 1
    print("In QGIS: Plugins > Manage and Install Plugins > Installed: tick S4 Crop Mapper.")
    return 0


def profiles(platform: str, environment: Mapping[str, str], profile: str) -> list[Path]:
    """The folders of a profile: of QGIS 3 and QGIS 4 where both are there.

    Args:
        platform: `sys.platform`. profile: its name, or the path of its folder.

    Raises:
        SetupError: there is no such profile.
    """
    if os.sep in profile or "/" in profile:
        found = [path for path in [Path(profile).expanduser()] if path.is_dir()]
        looked = [Path(profile)]
    else:
        base = settings_folder(platform, environment)
        looked = [base / generation / "profiles" / profile for generation in GENERATIONS]
        found = [path for path in looked if path.is_dir()]
    if not found:
        raise SetupError(
            "no such profile: " + ", ".join(map(str, looked)),
            "Start QGIS once, so that it makes its profile, or name yours: "
            "`make install PROFILE=name` (or the path of its folder).",
        )
    return found


def settings_folder(platform: str, environment: Mapping[str, str]) -> Path:
    """Where QGIS keeps the folders of its generations for this user."""
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or Path.home())
    if platform == "win32":
        return Path(environment.get("APPDATA") or home / "AppData" / "Roaming") / "QGIS"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "QGIS"
    return Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / "QGIS"


def link(place: Path, source: Path) -> str:
    """Make `place` a link to `source`; returns what was done.

    Raises:
        SetupError: something else is there, or links cannot be made here.
    """
    if place.is_symlink() and place.resolve() == source.resolve():
        return f"{place} is linked to {source} already"
    if place.exists() or place.is_symlink():
        what = f"a link to {os.readlink(place)}" if place.is_symlink() else "no link of ours"
        raise SetupError(
            f"{place} is {what}; it is left alone",
            "Uninstall that plugin in QGIS, or remove it yourself, then run this again.",
        )
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(source, target_is_directory=True)
    except OSError as error:
        raise SetupError(
            f"{place} cannot be made: {error.strerror}",
            "On Windows, links need developer mode; or install the zip of `make package`.",
        ) from error
    return f"linked {place} to {source}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

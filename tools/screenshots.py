"""`make screenshots`: pictures of the plugin in a real QGIS desktop, into docs/images.

A throw-away home with a profile of its own, an X server without a screen, QGIS's desktop, and
`tools.screenshot_walk`, which goes the user's way and takes the pictures. They show the real area
in `../shared/data` where it is there, else the simulated sample, which its layers say.

    python -m tools.screenshots [folder]    another folder for the pictures
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from tools.install import link
from tools.package import NAME, ROOT
from tools.steps import SetupError

PICTURES = ROOT / "docs" / "images"
REAL = Path("flanders", "brabant_2019")
SAMPLE = ROOT / "resources" / "sample"
WIDTH, HEIGHT = 1400, 900
TIMEOUT_S = 600
LARGEST_BYTES = 250_000

SETTINGS = f"""[qgis]
checkVersion=false
askToSaveProjectChanges=false
newProjectDefault=false

[app]
showTips345=false
minTaskLengthForSystemNotification=100000

[core]
NewsFeed\\httpsfeedqgisorg\\disabled=true

[PythonPlugins]
{NAME}=true
processing=true

[locale]
overrideFlag=true
userLocale=en_US
"""


def main(arguments: list[str]) -> int:
    """Take the pictures. Returns the exit code."""
    into = Path(arguments[0]) if arguments else PICTURES
    try:
        with tutorial_folder() as folder, display() as screen:
            taken = walk(folder, screen)
            for picture in taken:
                print(shrink(picture, into))
    except SetupError as error:
        print(f"make screenshots: {error}\n{error.remedy}", file=sys.stderr)
        return 1
    return 0


def area() -> Path:
    """The area of the pictures."""
    data = Path(os.environ.get("S4_DATA", ROOT.parent / "shared" / "data"))
    return data / REAL if (data / REAL).is_dir() else SAMPLE


def walk(folder: Path, screen: str) -> list[Path]:
    """Let QGIS go the way; returns its pictures, in order.

    Args:
        folder: an empty one: QGIS's home. screen: the X display.

    Raises:
        SetupError: QGIS could not be started or the way was not gone to its end.
    """
    pictures = folder / "pictures"
    pictures.mkdir()
    (folder / "tmp").mkdir()
    fields = folder / area().name
    shutil.copytree(area(), fields)  # short paths, none of this machine, in the pictures
    log = folder / "log.txt"
    box, season = _ground(fields)
    command = ["qgis", "--nologo", "--noversioncheck", "--profiles-path", str(folder / "profiles")]
    command += ["--profile", "pictures", "--code", str(ROOT / "tools" / "screenshot_walk.py")]
    make_profile(folder / "profiles" / "profiles" / "pictures")
    with catalogue(fields, folder / "served", season) as address, log.open("wb") as written:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=written,
                env={
                    **environment(folder, screen, fields, pictures),
                    "S4_SCREENSHOT_CATALOGUE": f"{address} {box} {' '.join(season)}",
                },
                timeout=TIMEOUT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SetupError(f"QGIS: {error}", log.read_text(errors="replace")[-4000:]) from error
    if not (pictures / "end").exists():
        reason = f"QGIS left with {done.returncode} before the end of the way"
        raise SetupError(reason, log.read_text(errors="replace")[-6000:])
    return sorted(pictures.glob("*.png"))


def _ground(fields: Path) -> tuple[str, tuple[str, str]]:
    """The box of an area's images in its coordinate system, and its season."""
    first = sorted((fields / "optical").glob("*.tif"))[0]
    told = subprocess.run(
        [sys.executable, "-c", _BOX, str(first)], capture_output=True, text=True, check=True
    )
    first_day, last_day = json.loads((fields / "area.json").read_text("utf-8"))["season"]
    return told.stdout.strip(), (first_day, last_day)


_BOX = (
    "import sys; from s4_core import io; g = io.describe(sys.argv[1]).grid;"
    "print(io.crs_name(g.crs_wkt), *g.bounds)"
)


@contextmanager
def catalogue(fields: Path, work: Path, season: tuple[str, str]) -> Iterator[str]:
    """A catalogue of the area's images on this machine, from which the pictures' ones come."""
    command = [sys.executable, "-m", "tests.fetch.serving", str(fields), str(work), *season]
    server = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield server.stdout.readline().strip() if server.stdout else ""
    finally:
        server.communicate()


@contextmanager
def tutorial_folder() -> Iterator[Path]:
    """An empty folder with a name that readers may see; it goes in the end.

    Raises:
        SetupError: it is there already.
    """
    folder = Path(tempfile.gettempdir(), "S4 tutorial")
    try:
        folder.mkdir()
    except OSError as error:
        raise SetupError(f"{folder}: {error.strerror}", "Remove it.") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def make_profile(profile: Path) -> None:
    """A profile in which this clone is a plugin that is switched on."""
    (profile / "QGIS").mkdir(parents=True)
    (profile / "QGIS" / "QGIS3.ini").write_text(SETTINGS, encoding="utf-8")
    link(profile / "python" / "plugins" / NAME, ROOT)


def environment(home: Path, screen: str, fields: Path, pictures: Path) -> dict[str, str]:
    """The environment of QGIS: a home of its own, and what the walk wants to know."""
    return {
        **{key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"},
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_RUNTIME_DIR": str(home),
        "TMPDIR": str(home / "tmp"),  # QGIS marks layers in the temporary folder
        "DISPLAY": screen,
        "LC_ALL": "C.UTF-8",
        "S4_ENGINE_PYTHON": sys.executable,
        "S4_SCREENSHOT_AREA": str(fields),
        "S4_SCREENSHOT_FOLDER": str(pictures),
    }


@contextmanager
def display() -> Iterator[str]:
    """An X server without a screen; yields its display.

    Raises:
        SetupError: there is none.
    """
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-dpi", "96", "-nolisten", "tcp"]
    command += ["-screen", "0", f"{WIDTH}x{HEIGHT}x24"]
    try:
        server = subprocess.Popen(
            command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError as error:
        raise SetupError(f"Xvfb cannot be started: {error}", "On Debian: `make qgis`.") from error
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        if not number:
            raise SetupError("Xvfb ended at once", "Run it by hand to see why.")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


def shrink(picture: Path, into: Path) -> str:
    """Write a picture into a folder, as small as it can be; returns what was written.

    Raises:
        SetupError: it is still too large.
    """
    into.mkdir(parents=True, exist_ok=True)
    target = into / picture.name
    with Image.open(picture) as full:
        plain = full.convert("RGB")
        plain.save(target, optimize=True)
        if target.stat().st_size > LARGEST_BYTES:
            plain.quantize(256).save(target, optimize=True)
    size = target.stat().st_size
    if size > LARGEST_BYTES:
        raise SetupError(f"{target} has {size} bytes", "Take a smaller picture.")
    return f"{target} ({size // 1000} kB)"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`make env`: QGIS 3.40 where it is missing, then .venv on top of QGIS's own Python.

    python3 -m tools.environment         all of it; at once when nothing is missing
    python3 -m tools.environment qgis    only QGIS (Debian, as root)

GDAL, numpy and qgis in .venv are QGIS's own; everything else is pinned by requirements.lock.
Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from tools import debian
from tools.qgis import QgisPython, ask, find
from tools.steps import SetupError, run, say

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
STAMP = "s4-environment.json"

# Pinned like the rest, but QGIS's own is taken where QGIS has it: replacing them under QGIS's
# numpy gains nothing, and Debian's matplotlib does not share `mpl_toolkits` with a second one.
QGIS_MAY_HAVE = {
    *("scipy", "matplotlib", "contourpy", "cycler", "fonttools", "kiwisolver", "pillow"),
    *("pyparsing", "python-dateutil", "six", "pyyaml", "jinja2", "markupsafe"),
}
NETWORK = "Read what pip said above; when it is the network, run `make env` again."


def main(arguments: list[str]) -> int:
    """Set up, or say what is in the way. Returns the exit code."""
    named = os.environ.get("QGIS_PYTHON", "")
    try:
        if arguments == ["qgis"]:
            install_on_debian(needed=True)
        elif not is_ready(VENV, inputs_key(), named):
            set_up(named)
    except SetupError as error:
        print(f"\nmake env: {error}\n{error.remedy}", file=sys.stderr)
        return 1
    return 0


def set_up(named: str) -> None:
    """Install what is missing, in order; every step is safe to repeat."""
    if not named:
        install_on_debian(needed=False)
    qgis, reasons = find(named)
    if qgis is None:
        raise SetupError("no QGIS 3.40 or newer was found\n  " + "\n  ".join(reasons), how_to())
    say(f"QGIS {qgis.version} with GDAL {qgis.gdal} and numpy {qgis.numpy} ({qgis.executable})")
    make_venv(VENV, qgis)
    install_pins(VENV, qgis)
    check(VENV, qgis)
    write_stamp(VENV, inputs_key(), qgis)
    say("the environment is ready: .venv")


def install_on_debian(needed: bool) -> None:
    """Install the Debian packages that are missing, where apt and root are there.

    Args:
        needed: whether it is an error when this cannot be done here.
    """
    if not debian.has_apt():
        if needed:
            raise SetupError("apt is not on this machine", how_to())
        return
    missing = debian.missing_packages()
    if not missing:
        return
    if not debian.is_root():
        if needed:
            raise SetupError(f"only root can install {' '.join(missing)}", how_to())
        say(f"not installed, and only root can install them: {' '.join(missing)}")
        return
    debian.install(missing)


def how_to() -> str:
    """What to do where QGIS is missing and cannot be installed here."""
    lines = [
        "What to do, one of:",
        "  - an installed QGIS that was not found: `make env QGIS_PYTHON=/path/to/its/python3`",
        "    (the interpreter in which `import qgis.core` works);",
    ]
    if debian.has_apt():
        lines += ["  - on Debian, have root run `make qgis` once, then `make env` again;"]
    lines += [
        "  - install QGIS 3.40 or newer from your system's packages or from the QGIS project."
    ]
    return "\n".join(lines)


def make_venv(venv: Path, qgis: QgisPython) -> None:
    """Make the virtual environment, unless a usable one of the same Python is there."""
    remedy = "On Debian this needs the package python3-venv; then run `make env` again."
    if (venv / "bin" / "python").exists() and is_of(venv, qgis):
        return
    say(f"making .venv from {qgis.executable}")
    # --clear: whatever is there was made from another Python and cannot be mended.
    run([qgis.executable, "-m", "venv", "--clear", "--system-site-packages", str(venv)], remedy)


def is_of(venv: Path, qgis: QgisPython) -> bool:
    """Whether the virtual environment runs and sees the same QGIS, GDAL and numpy."""
    try:
        seen = ask(str(venv / "bin" / "python"))
    except SetupError:
        return False
    return seen.files == qgis.files


def install_pins(venv: Path, qgis: QgisPython) -> None:
    """Install what requirements.lock pins and the project itself, never touching numpy."""
    python = str(venv / "bin" / "python")
    wanted = pins_for(LOCK.read_text(encoding="utf-8"), qgis)
    rules = venv / "s4-pins.txt"
    rules.write_text("\n".join(wanted) + "\n", encoding="utf-8")
    numpy = venv / "s4-numpy.txt"
    numpy.write_text(f"numpy=={qgis.numpy}\n", encoding="utf-8")
    say(f"installing {len(wanted)} pinned packages into .venv (torch is the large one)")
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check"]
    if not sys.stdout.isatty():
        pip += ["--quiet", "--progress-bar", "off"]
    environment = {**os.environ, "PYTHONNOUSERSITE": "1"}
    run([*pip, "-r", str(rules), "-c", str(numpy)], NETWORK, environment)
    say("installing the `s4` command (editable)")
    own = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    run([*pip, *own], NETWORK, environment)


def pins_for(lock: str, qgis: QgisPython) -> list[str]:
    """The lines of the lock to install, without those that QGIS's Python brings itself."""
    wanted = []
    for line in lock.splitlines():
        name = re.match(r"[A-Za-z0-9._-]+", line)
        if not name:
            continue
        plain = name[0].lower().replace("_", "-").replace(".", "-")
        if plain not in QGIS_MAY_HAVE or plain not in qgis.distributions:
            wanted.append(line)
    return wanted


CHECK = """
import importlib.util, json
import numpy
import matplotlib, scipy, sklearn, torch, yaml
from osgeo import gdal_array
torchvision = importlib.util.find_spec("torchvision")
print(json.dumps([numpy.version.__file__, torch.__version__, bool(torchvision),
                  torch.cuda.is_available()]))
"""


def check(venv: Path, qgis: QgisPython) -> None:
    """Import what the engine needs, and see that numpy is still QGIS's.

    Raises:
        SetupError: naming what does not import, or which package must go.
    """
    remedy = "Remove .venv and run `make env` again."
    answer = subprocess.run(
        [str(venv / "bin" / "python"), "-c", CHECK],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONNOUSERSITE": "1"},
    )
    if answer.returncode != 0:
        raise SetupError(f".venv is not usable:\n{answer.stderr.strip()}", remedy)
    numpy, torch, torchvision, cuda = json.loads(answer.stdout.strip().splitlines()[-1])
    if numpy not in qgis.files:
        raise SetupError(f"numpy in .venv is {numpy}, not the one that QGIS's GDAL needs", remedy)
    if torchvision:
        raise SetupError("torchvision is installed; beside it torchmetrics fails", remedy)
    say(f"torch {torch}, " + ("a GPU is seen" if cuda else "no GPU is seen: the CPU is used"))


def inputs_key() -> str:
    """A hash of all that decides what .venv holds: the pins, the project, the set-up, its place."""
    digest = hashlib.sha256(str(ROOT).encode())
    code = [ROOT / "tools" / f"{name}.py" for name in ("debian", "environment", "qgis", "steps")]
    for path in [LOCK, ROOT / "pyproject.toml", *code]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def write_stamp(venv: Path, key: str, qgis: QgisPython) -> None:
    """Note what the environment was made from; `is_ready` compares."""
    stamp = {
        "key": key,
        "qgis_python": qgis.executable,
        "files": {path: os.stat(path).st_mtime_ns for path in qgis.files},
    }
    (venv / STAMP).write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")


def is_ready(venv: Path, key: str, named: str) -> bool:
    """Whether .venv was finished from these very inputs and QGIS's files are unchanged."""
    try:
        stamp = json.loads((venv / STAMP).read_text(encoding="utf-8"))
        unchanged = all(os.stat(p).st_mtime_ns == t for p, t in stamp["files"].items())
    except (OSError, ValueError):
        return False
    same_qgis = not named or os.path.realpath(named) == os.path.realpath(stamp["qgis_python"])
    runs = os.access(venv / "bin" / "python", os.X_OK)
    return bool(stamp["key"] == key and unchanged and same_qgis and runs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What Debian has to install: QGIS 3.40 from the release or from its backports, and a display.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tools.steps import SetupError, run, say

QGIS_WANTED = (3, 40)
QGIS_PACKAGES = ("python3-qgis", "qgis-providers", "qgis")
# QGIS brings GDAL, numpy, scipy and matplotlib; they are named because the engine needs them too.
OTHER_PACKAGES = (
    "python3-venv",
    "python3-gdal",
    "python3-numpy",
    "python3-scipy",
    "python3-matplotlib",
    "python3-yaml",
    "xvfb",
    "xauth",
)
SOURCES = Path("/etc/apt/sources.list.d")


def has_apt() -> bool:
    """Whether this system installs its packages with apt."""
    return shutil.which("apt-get") is not None and shutil.which("dpkg-query") is not None


def is_root() -> bool:
    """Whether packages can be installed without asking for more rights."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def missing_packages() -> tuple[str, ...]:
    """The packages that are wanted and not installed, or too old in QGIS's case."""
    wanted = QGIS_PACKAGES + OTHER_PACKAGES
    query = ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status} ${Version}\n"]
    answer = subprocess.run([*query, *wanted], capture_output=True, text=True, check=False)
    installed = {}
    for line in answer.stdout.splitlines():
        name, status, version = (*line.split(" "), "", "")[:3]
        if status == "installed":
            installed[name] = version
    return tuple(
        name
        for name in wanted
        if name not in installed
        or (name in QGIS_PACKAGES and release(installed[name]) < QGIS_WANTED)
    )


def release(version: str) -> tuple[int, int]:
    """`3.40.6+dfsg-1~bpo12+1` -> (3, 40); (0, 0) where there is no number."""
    found = re.match(r"(?:\d+:)?(\d+)\.(\d+)", version)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def install(packages: tuple[str, ...]) -> None:
    """Install packages with apt, QGIS from the backports where the release is too old.

    Raises:
        SetupError: apt failed, or neither release nor backports have QGIS 3.40.
    """
    say(f"installing with apt: {' '.join(packages)} (the first time: 0.5 GB, some minutes)")
    update()
    preferences: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        if set(packages) & set(QGIS_PACKAGES) and candidate("python3-qgis") < QGIS_WANTED:
            backports = add_backports()
            # Only QGIS itself comes from the backports; its libraries stay the release's.
            pin = Path(folder, "preferences")
            pin.write_text(
                f"Package: src:qgis\nPin: release n={backports}\nPin-Priority: 990\n",
                encoding="utf-8",
            )
            preferences = ["-o", f"Dir::Etc::Preferences={pin}"]
        apt("install", "--yes", "--no-install-recommends", *preferences, *packages)


def update(options: tuple[str, ...] = ()) -> None:
    """Refresh apt's lists; a source that cannot be reached need not be one that is wanted."""
    try:
        apt(*options, "update")
    except SetupError as error:
        say(f"apt-get update had errors, going on with the lists that there are ({error})")


def apt(*arguments: str) -> None:
    """Run apt-get without a question and without a dialog."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    run(
        ["apt-get", "-o", "Dpkg::Use-Pty=0", "-o", "Acquire::Retries=3", *arguments],
        "Read what apt-get said above; when it is the network, try again.",
        environment=environment,
    )


def candidate(package: str) -> tuple[int, int]:
    """The version that apt would install."""
    policy = subprocess.run(
        ["apt-cache", "policy", package],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    found = re.search(r"Candidate: (\S+)", policy.stdout)
    return release(found[1]) if found else (0, 0)


def add_backports(codename: str = "", folder: Path = SOURCES, options: tuple[str, ...] = ()) -> str:
    """Add the backports of this Debian release to apt's sources, unless they are there.

    Mirror, key and other options are those of the entry from which this machine takes Debian.

    Args:
        codename: the release, e.g. `bookworm`; "" = this machine's.
        folder: where the new entry goes.
        options: further options for apt-get.

    Returns:
        The name of the backports, e.g. `bookworm-backports`.

    Raises:
        SetupError: apt does not take this Debian release from anywhere.
    """
    codename = codename or this_release()
    backports = f"{codename}-backports"
    targets = index_targets(options)
    if any(name == backports for _, _, name, _ in targets):
        return backports
    entries = [
        entry
        for entry, label, name, component in targets
        if (label, name, component) == ("Debian", codename, "main")
    ]
    if not entries:
        raise SetupError(
            f"apt has no source of Debian {codename or 'of an unknown release'}",
            "Install QGIS 3.40 or newer, then run `make env QGIS_PYTHON=/path/to/its/python3`.",
        )
    path, _, number = entries[0].rpartition(":")
    text = Path(path).read_text(encoding="utf-8")
    if path.endswith(".sources"):
        target, content = (
            folder / "s4-backports.sources",
            backports_stanza(text, int(number), backports),
        )
    else:
        target, content = folder / "s4-backports.list", backports_line(text, int(number), backports)
    say(f"adding {backports} to apt's sources: {target}")
    target.write_text(content, encoding="utf-8")
    update(options)
    return backports


def this_release() -> str:
    """The codename of this Debian release, from os-release; "" where there is none."""
    try:
        text = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return ""
    found = re.search(r'^VERSION_CODENAME="?([\w.-]+)', text, re.MULTILINE)
    return found[1] if found else ""


def index_targets(options: tuple[str, ...] = ()) -> list[tuple[str, str, str, str]]:
    """The package lists that apt has: (file:entry, label, codename, component) each."""
    shown = "$(SOURCESENTRY)\t$(LABEL)\t$(CODENAME)\t$(COMPONENT)"
    answer = subprocess.run(
        ["apt-get", *options, "indextargets", "--format", shown, "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=False,
    )
    rows = [line.split("\t") for line in answer.stdout.splitlines()]
    return [(row[0], row[1], row[2], row[3]) for row in rows if len(row) == 4]


def backports_stanza(text: str, number: int, backports: str) -> str:
    """The `number`-th (1 = first) deb822 stanza, turned to the backports; its other fields stay."""
    stanzas = [
        stanza
        for stanza in re.split(r"\n[ \t]*\n", text)
        if re.search(r"^[^#\s]", stanza, re.MULTILINE)
    ]
    ours = {"types": "deb", "suites": backports, "components": "main", "enabled": "yes"}
    kept, skipping = [], False
    for line in stanzas[number - 1].splitlines():
        if line.startswith("#"):
            continue
        if not line[:1].isspace():  # a continuation line belongs to the field above it
            skipping = line.partition(":")[0].lower() in ours
        if not skipping:
            kept.append(line)
    fields = [f"{name.title()}: {value}" for name, value in ours.items()]
    return "\n".join([*fields, *kept]) + "\n"


def backports_line(text: str, number: int, backports: str) -> str:
    """The `number`-th (1 = first) line of a one-line source, turned to the backports."""
    line = text.splitlines()[number - 1]
    found = re.match(r"\s*deb\s+(\[[^]]*\]\s+)?(\S+)\s", line)
    if not found:
        raise SetupError(
            f"this line of apt's sources is not understood: {line}",
            f"Add {backports} to apt's sources yourself, then run `make env` again.",
        )
    return f"deb {found[1] or ''}{found[2]} {backports} main\n"

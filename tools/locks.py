"""The pins, and the plugin's hash-checked locks made from them.

    python -m tools.locks pins     pyproject.toml -> requirements.lock (newest versions that fit)
    python -m tools.locks locks    requirements.lock -> requirements/<platform>*.txt

requirements.lock is the one source of pins. It holds neither numpy nor GDAL: they are QGIS's.
pip answers both questions with `--dry-run --report`: nothing is installed, and nothing but
metadata is downloaded where the registry offers it. `--isolated` keeps this machine's own wheel
folders and mirrors out, so that the hashes are the registry's.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
QGIS_HAS = {"numpy", "gdal"}  # never pinned, never installed
NUMPY_FLOOR = "numpy==1.24.2"  # Debian 12's, the oldest QGIS that is served: the pins fit it

Marker = dict[str, str]
Found = dict[str, dict[str, Any]]  # canonical name -> an entry of pip's report


@dataclass(frozen=True)
class Platform:
    """What pip is told to look for, and how the markers of requirements are read there."""

    tags: tuple[str, ...]
    python: str
    markers: tuple[str, str, str, str]  # os_name, platform_system, sys_platform, platform_machine


PLATFORMS = {
    "linux-x86_64-cp311": Platform(
        (*(f"manylinux_2_{glibc}_x86_64" for glibc in range(28, 4, -1)), "manylinux2014_x86_64"),
        "3.11",
        ("posix", "Linux", "linux", "x86_64"),
    ),
    "windows-amd64-cp312": Platform(("win_amd64",), "3.12", ("nt", "Windows", "win32", "AMD64")),
    "macos-arm64-cp312": Platform(
        tuple(f"macosx_{n}_0_{arch}" for n in (14, 13, 12, 11) for arch in ("arm64", "universal2")),
        "3.12",
        ("posix", "Darwin", "darwin", "arm64"),
    ),
}


def main(arguments: list[str]) -> int:
    """Write the pins or the locks. Returns the exit code."""
    if arguments == ["pins"]:
        LOCK.write_text(pins_text(), encoding="utf-8")
    elif arguments == ["locks"]:
        for name, platform in PLATFORMS.items():
            write_locks(name, platform)
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


def pins_text() -> str:
    """requirements.lock: all that run time and development need, on every platform.

    pip resolves for Debian 12's Python. Walking its answer as if on macOS leaves out what only
    torch's CUDA build brings on Linux; walking it as if on Windows adds what only Windows needs.
    """
    wanted = project_requirements(("dev",))
    answer = pip_report([*map(str, wanted), NUMPY_FLOOR], ["--ignore-installed"])
    pins: dict[str, str] = {}
    for name in ("macos-arm64-cp312", "windows-amd64-cp312"):
        platform = PLATFORMS[name]
        for key, bare in merged(walk(wanted, answer, platform)).items():
            if key in answer:
                pins[key] = pin(answer[key])
            elif key not in pins:  # its marker does not hold on Linux
                only = pip_report([str(bare)], ["--ignore-installed", "--no-deps"])
                pins[key] = f'{pin(only[key])} ; sys_platform == "{platform.markers[2]}"'
    return "\n".join([*HEADER, *sorted(pins.values(), key=str.lower)]) + "\n"


HEADER = (
    "# Every version that the engine and its development use, written by `make pins`.",
    "# numpy and GDAL are QGIS's own and never installed. torch has no build suffix: a CUDA",
    "# machine takes its build. `make env` installs these; `make locks` adds the hashes for the",
    "# plugin.",
)


def write_locks(name: str, platform: Platform) -> None:
    """Write `requirements/<name>.txt`, and `<name>-torch.txt` with torch's default build.

    torch stands apart, since its wheel index is the user's choice (CPU or CUDA build).
    """
    pins = read_pins()
    found = closure(project_requirements(), pins, platform)
    torch = brought_by_torch(found, platform) - set(pins) | {"torch"}
    unpinned = set(found) - set(pins) - torch
    if unpinned:
        raise SystemExit(f"{name}: no pin for {sorted(unpinned)}; run `make pins` first")
    folder = ROOT / "requirements"
    folder.mkdir(exist_ok=True)
    for path, keys, what in (
        (folder / f"{name}.txt", set(found) - torch, "All that the engine needs beside torch"),
        (folder / f"{name}-torch.txt", torch, "torch's default build and what only it needs"),
    ):
        head = [f"# {what}, on {name}; written by `make locks`.", "# pip install --require-hashes"]
        lines = [f"{pin(found[key])} \\\n    --hash=sha256:{sha256(found[key])}" for key in keys]
        path.write_text("\n".join([*head, *sorted(lines)]) + "\n", encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {len(lines)} packages")


def closure(wanted: list[Requirement], pins: dict[str, str], platform: Platform) -> Found:
    """Look up what is wanted and what that needs, level by level; pinned or as required."""
    options = ["--ignore-installed", "--no-deps", "--only-binary=:all:", "--implementation=cp"]
    options += [f"--python-version={platform.python}", "--target=unused"]
    options += [f"--platform={tag}" for tag in platform.tags]
    options += [f"--abi={abi}" for abi in ("cp" + platform.python.replace(".", ""), "abi3", "none")]
    found: Found = {}
    level = merged(wanted)
    while level:
        lines = [pins.get(key, str(requirement)) for key, requirement in level.items()]
        found.update(pip_report(lines, options))
        reached = merged(walk(wanted, found, platform))
        level = {key: r for key, r in reached.items() if key not in found}
    for key, requirement in reached.items():
        if found[key]["metadata"]["version"] not in requirement.specifier:
            raise SystemExit(f"{pin(found[key])} does not fit what is required: {requirement}")
    return found


def merged(requirements: Iterable[Requirement]) -> dict[str, Requirement]:
    """One requirement a package, with the version limits of all and no marker."""
    result: dict[str, Requirement] = {}
    for requirement in requirements:
        key = canonicalize_name(requirement.name)
        result.setdefault(key, Requirement(requirement.name)).specifier &= requirement.specifier
    return result


def walk(wanted: Iterable[Requirement], found: Found, platform: Platform) -> Iterator[Requirement]:
    """Every requirement reached from `wanted` on a platform, by the metadata found so far."""
    seen = set()
    todo = [(requirement, "") for requirement in wanted]
    while todo:
        requirement, extra = todo.pop(0)
        key = canonicalize_name(requirement.name)
        if key in QGIS_HAS or not holds(requirement, extra, platform):
            continue
        yield requirement
        for its_extra in ("", *sorted(requirement.extras)):
            if (key, its_extra) in seen:
                continue
            seen.add((key, its_extra))
            needs = found.get(key, {}).get("metadata", {}).get("requires_dist", [])
            todo += [(Requirement(text), its_extra) for text in needs]


def holds(requirement: Requirement, extra: str, platform: Platform) -> bool:
    """Whether a requirement's marker holds on a platform, for one extra of its parent."""
    if requirement.marker is None:
        return not extra  # asked for by the plain package already
    names = ("os_name", "platform_system", "sys_platform", "platform_machine")
    environment: Marker = dict(zip(names, platform.markers))
    environment.update(
        extra=extra,
        python_version=platform.python,
        python_full_version=f"{platform.python}.0",
        implementation_name="cpython",
        platform_python_implementation="CPython",
    )
    return requirement.marker.evaluate(environment)


def brought_by_torch(found: Found, platform: Platform) -> set[str]:
    """What is reached from torch on a platform: on Linux the CUDA libraries are among it."""
    return {canonicalize_name(r.name) for r in walk([Requirement("torch")], found, platform)}


def project_requirements(extras: tuple[str, ...] = ()) -> list[Requirement]:
    """The dependencies that pyproject.toml names, with those of its extras."""
    import tomllib  # noqa: PLC0415 - Python 3.11, which the development environment has

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    texts = list(project["dependencies"])
    for extra in extras:
        texts += project["optional-dependencies"][extra]
    return [Requirement(text) for text in texts]


def read_pins() -> dict[str, str]:
    """requirements.lock as canonical name -> `name==version`."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    pins = [line.partition(";")[0].strip() for line in lines if line and line[0] != "#"]
    return {canonicalize_name(pin.partition("==")[0]): pin for pin in pins}


def pip_report(requirements: list[str], options: list[str]) -> Found:
    """What pip would install, by canonical name."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [sys.executable, "-m", "pip", "--isolated", "install", "--quiet", "--dry-run"]
        # The target does not exist and never will: a dry run only.
        subprocess.run(
            [*command, "--report", str(report), *options, *requirements], check=True, cwd=folder
        )
        installs = json.loads(report.read_text(encoding="utf-8"))["install"]
    return {canonicalize_name(item["metadata"]["name"]): item for item in installs}


def pin(item: dict[str, Any]) -> str:
    """`name==version` of an entry of pip's report."""
    return f"{item['metadata']['name']}=={item['metadata']['version']}"


def sha256(item: dict[str, Any]) -> str:
    """The hash that the registry gives for the wheel of an entry of pip's report."""
    return str(item["download_info"]["archive_info"]["hashes"]["sha256"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

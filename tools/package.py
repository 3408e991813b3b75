"""`make package`: the plugin as one zip that QGIS installs, and the upload gate on what is in it.

    python -m tools.package [folder]    -> dist/s4_crop_mapper-<version>.zip

Only files that git tracks go in, by suffix, so that nothing ships by accident. The same commit
gives the same zip: names are sorted, and every file carries the time of the commit.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from tools import gate
from tools.steps import SetupError

ROOT = Path(__file__).resolve().parent.parent
NAME = "s4_crop_mapper"
FOLDERS = ("s4_core", "s4_qgis", "resources")
SUFFIXES = {
    *(".py", ".yaml", ".json", ".txt", ".md", ".html", ".svg", ".png", ".qm"),
    *(".safetensors", ".npz", ".tif", ".gpkg"),
}
LEFT_OUT = {".ts"}  # translators' sources; QGIS reads what is made from them
RENAMED = {"tools/plugin_readme.md": "README.md"}
TOP_FILES = ("__init__.py", "metadata.txt", "LICENSE")
LOCKS = re.compile(r"requirements/(?:[^/]+-cp\d+(?:-torch)?\.txt|sizes\.json)")


def main(arguments: list[str]) -> int:
    """Write the zip and run the gate on it. Returns the exit code."""
    folder = Path(arguments[0]) if arguments else ROOT / "dist"
    try:
        files = packaged(tracked(ROOT))
        target = folder / f"{NAME}-{version(ROOT)}.zip"
        warn_of_changes(ROOT)
        write_zip(target, {name: ROOT / path for name, path in files.items()}, commit_time(ROOT))
    except SetupError as error:
        print(f"make package: {error}\n{error.remedy}", file=sys.stderr)
        return 1
    print(f"{target}: {len(files)} files, {target.stat().st_size / 1e6:.1f} MB")
    with tempfile.TemporaryDirectory() as empty:
        problems = gate.problems(target, Path(empty))
    for problem in problems:
        print(problem, file=sys.stderr)
    print("upload gate: " + (f"{len(problems)} problems" if problems else "passed"))
    return 1 if problems else 0


def tracked(root: Path) -> list[str]:
    """The files that git tracks and that are there, as relative paths with forward slashes.

    Raises:
        SetupError: the folder is no clone.
    """
    names = git(root, "ls-files", "-z").split("\0")
    return [name for name in names if name and (root / name).is_file()]


def packaged(names: Iterable[str]) -> dict[str, str]:
    """What ships: name below the plugin's folder -> path in the repository.

    Raises:
        SetupError: a file of a shipped folder is of a kind that nobody has thought of.
    """
    files = {}
    for name in names:
        path = PurePosixPath(name)
        if name in TOP_FILES:
            files[name] = name
        elif name in RENAMED:
            files[RENAMED[name]] = name
        elif LOCKS.fullmatch(name):
            files[f"resources/{name}"] = name
        elif path.parts[0] in FOLDERS and path.suffix not in LEFT_OUT:
            if path.suffix not in SUFFIXES:
                raise SetupError(
                    f"{name} is of a kind that the plugin does not ship",
                    f"Name its suffix in {Path(__file__).name}, or untrack the file.",
                )
            files[name] = name
    return files


def version(root: Path) -> str:
    """The version that metadata.txt states."""
    found = re.search(r"^version=(\S+)", (root / "metadata.txt").read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise SetupError("metadata.txt has no version", "Add a line `version=...`.")
    return found[1]


def warn_of_changes(root: Path) -> None:
    """Say which files differ from the commit that the zip's times name."""
    changed = git(root, "status", "--porcelain", "--", *FOLDERS, *TOP_FILES, "requirements")
    for line in changed.splitlines():
        left_out = " (untracked: not packaged)" if line.startswith("??") else " (not committed)"
        print(f"note: {line[3:]}{left_out}")


def commit_time(root: Path) -> int:
    """Seconds since 1970 of the last commit; SOURCE_DATE_EPOCH, if set, goes before it."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or git(root, "log", "-1", "--format=%ct"))


def write_zip(target: Path, files: Mapping[str, Path], seconds: int) -> None:
    """Write files below the plugin's folder, every one as of the same second (UTC)."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    when = time.gmtime(max(seconds, 315532800))[:6]  # zip knows no time before 1980
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{NAME}/{name}", when)
            entry.create_system = 3  # Unix, also where it is written on Windows
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name].read_bytes())
    partial.replace(target)


def git(root: Path, *arguments: str) -> str:
    """What git answers.

    Raises:
        SetupError: git is not there, or the folder is no clone.
    """
    remedy = "Package from a clone, with git installed."
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise SetupError(f"git cannot be run: {error}", remedy) from error
    if done.returncode != 0:
        raise SetupError(done.stderr.strip(), remedy)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

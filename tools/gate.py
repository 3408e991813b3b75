"""The official plugin repository's upload gate, run here on a packaged zip.

    python -m tools.gate dist/s4_crop_mapper-0.1.0.zip

Its rules: size, one top folder, no byte code and no hidden files, complete metadata, and no
finding of bandit or detect-secrets. flake8 at 120 columns only advises there; here it counts.
"""

from __future__ import annotations

import ast
import configparser
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

MOST_BYTES = 25_000_000
NEEDED_FILES = ("__init__.py", "metadata.txt", "LICENSE")
NEEDED_KEYS = (
    *("name", "description", "version", "qgisMinimumVersion", "author", "email", "about"),
    *("tracker", "repository", "homepage", "tags", "icon", "changelog", "category"),
    *("qgisMaximumVersion", "hasProcessingProvider"),
)
ADDRESSES = ("tracker", "repository", "homepage")
FORBIDDEN_PARTS = ("__pycache__", "__MACOSX", "tests", "..")
PROGRAMS = (".pyc", ".pyd", ".so", ".dll", ".dylib", ".exe", ".bat", ".sh", ".whl", ".zip", ".pkl")
# ruff's formatter writes `a[i + 1 :]`, as PEP 8 has it; flake8 disagrees by default.
FLAKE8 = ("flake8", "--max-line-length", "120", "--extend-ignore", "E203", ".")
BANDIT = ("bandit", "--recursive", "--quiet", "--format", "json", ".")
SECRETS = ("detect_secrets", "scan", "--all-files", "--no-verify", ".")


def main(arguments: list[str]) -> int:
    """Check one zip. Returns the exit code."""
    with tempfile.TemporaryDirectory() as empty:
        found = problems(Path(arguments[0]), Path(empty))
    print("\n".join(found) or "upload gate: passed")
    return 1 if found else 0


def problems(archive: Path, empty: Path) -> list[str]:
    """All that the gate has against a zip.

    Args:
        empty: an empty folder, into which the zip is extracted.
    """
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
        found = structure_problems(names, archive.stat().st_size)
        if found:
            return found  # nothing is extracted from a zip that is not in order
        opened.extractall(empty)
    plugin = empty / top_folder(names)
    return [
        *metadata_problems(plugin),
        *bandit_problems(plugin),
        *secrets_problems(plugin),
        *flake8_problems(plugin),
    ]


def structure_problems(names: Sequence[str], size: int) -> list[str]:
    """What is wrong with a zip's size and names."""
    found = []
    if size > MOST_BYTES:
        found.append(f"the zip has {size} bytes, {MOST_BYTES} are allowed")
    if len(set(names)) != len(names):
        found.append("names occur twice")
    tops = {name.partition("/")[0] for name in names}
    if len(tops) != 1 or not top_folder(names).isidentifier():
        found.append(f"wanted is one top folder, a Python identifier; found {sorted(tops)}")
    for name in names:
        path = PurePosixPath(name)
        hidden = any(part.startswith(".") for part in path.parts)
        if "\\" in name or path.is_absolute() or hidden or set(path.parts) & set(FORBIDDEN_PARTS):
            found.append(f"{name}: not allowed in a plugin")
        elif path.suffix.lower() in PROGRAMS:
            found.append(f"{name}: programs and archives are not allowed")
    top = top_folder(names)
    found += [f"{file} is missing" for file in NEEDED_FILES if f"{top}/{file}" not in names]
    return found


def top_folder(names: Sequence[str]) -> str:
    """The folder in which everything lies."""
    return names[0].partition("/")[0] if names else ""


def metadata_problems(plugin: Path) -> list[str]:
    """What is missing or wrong in metadata.txt."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read(plugin / "metadata.txt", encoding="utf-8")
        given = dict(parser["general"])
    except (configparser.Error, KeyError) as error:
        return [f"metadata.txt cannot be read: {error}"]
    found = [f"metadata.txt: {key} is missing" for key in NEEDED_KEYS if not given.get(key)]
    for key in ADDRESSES:
        if not given.get(key, "https://").startswith("https://"):
            found.append(f"metadata.txt: {key} is not an address")
    for key in ("version", "qgisMinimumVersion", "qgisMaximumVersion"):
        if not re.fullmatch(r"\d+(\.\d+){1,2}", given.get(key, "0.0")):
            found.append(f"metadata.txt: {key} is not a version: {given[key]}")
    if "<" in given.get("description", ""):
        found.append("metadata.txt: description holds HTML")
    if not (plugin / given.get("icon", "")).is_file():
        found.append("metadata.txt: the icon does not exist")
    engine = engine_version(plugin)
    if given.get("version") != engine:
        found.append(f"metadata.txt has version {given.get('version')}, s4_core {engine}")
    return found


def engine_version(plugin: Path) -> str | None:
    """`__version__` of s4_core, read without importing it."""
    try:
        tree = ast.parse((plugin / "s4_core" / "__init__.py").read_text("utf-8"))
    except (OSError, SyntaxError):
        return None
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__version__":
            return str(ast.literal_eval(node.value))
    return None


def bandit_problems(plugin: Path) -> list[str]:
    """Findings of bandit, of whatever severity."""
    told = json.loads(scan(BANDIT, plugin))
    found = [
        f"{hit['filename']}:{hit['line_number']}: {hit['test_id']} {hit['issue_text']}"
        for hit in told["results"]
    ]
    return found + [f"{error['filename']}: {error['reason']}" for error in told["errors"]]


def secrets_problems(plugin: Path) -> list[str]:
    """Findings of detect-secrets."""
    results = json.loads(scan(SECRETS, plugin))["results"]
    return [
        f"{name}:{hit['line_number']}: {hit['type']}"
        for name, hits in results.items()
        for hit in hits
    ]


def flake8_problems(plugin: Path) -> Iterable[str]:
    """Findings of flake8."""
    return scan(FLAKE8, plugin).splitlines()


def scan(module: Sequence[str], folder: Path) -> str:
    """What a scanner prints about a folder.

    Raises:
        RuntimeError: it failed; 0 and 1 are its answers without and with findings.
    """
    done = subprocess.run(
        [sys.executable, "-m", *module], capture_output=True, text=True, check=False, cwd=folder
    )
    if done.returncode not in (0, 1) or (done.returncode == 1 and not done.stdout):
        raise RuntimeError(f"{module[0]} failed: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

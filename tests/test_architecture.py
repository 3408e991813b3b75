"""The import rules of the house (DESIGN section 2), and what every file has to keep to."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = [ROOT / name for name in ("s4_core", "s4_qgis", "training", "tools")]

FLOORS = {
    0: (
        "types",
        "errors",
        "protocol",
        "progress",
        "model_card",
        "json_values",
        "simulated",
        "phrases",
        "labelling",
        "launch",
    ),
    1: ("config", "io", "sits", "nn", "losses", "assess"),
    2: ("data", "simulate", "fetch"),
    3: ("train", "infer", "report"),
    4: ("benchmark", "reproduce"),
    5: ("jobs", "worker", "cli", "__main__"),
}
FLOOR_OF = {room: floor for floor, rooms in FLOORS.items() for room in rooms}
STANDARD_LIBRARY_ONLY = {"", *FLOORS[0]}  # "" is s4_core/__init__.py
WITHOUT_TORCH = STANDARD_LIBRARY_ONLY | {
    "config",
    "io",
    "sits",
    "assess",
    "data",
    "simulate",
    "fetch",
}
FOREIGN = {"qgis", "PyQt5", "PyQt6", "s4_qgis", "training", "tools", "tests"}
ALLOWED_IN_QGIS = {"qgis", "osgeo", "numpy", "s4_qgis", "s4_core"}  # GDAL and numpy: QGIS's own
EMPTY_NAMES = ("utils", "util", "helpers", "helper", "common", "manager")
LONGEST_FILE = 400


def sources(*folders: Path) -> list[Path]:
    """All Python files below the folders that exist."""
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def imports(path: Path, root: Path) -> Iterator[str]:
    """Dotted names that a file imports anywhere in it, relative ones resolved.

    `from s4_core import errors` counts as `s4_core.errors`.
    """
    package = path.relative_to(root).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *(node.module or "").split(".")]).strip(".")
            if module == "s4_core":
                yield from (f"s4_core.{alias.name}" for alias in node.names)
            else:
                yield module


def room_of(path: Path, root: Path) -> str:
    """The room of an engine file: its folder or module below s4_core; "" = the package itself."""
    first = path.relative_to(root / "s4_core").parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


def forbidden(room: str, name: str) -> str | None:
    """Why a room of the engine must not import a dotted name; None where it may."""
    top, _, rest = name.partition(".")
    if top == "s4_core":
        return forbidden_room(room, rest.partition(".")[0])
    rules = {
        "the engine knows neither QGIS nor what is around it": top in FOREIGN,
        "floor 0 uses the standard library only": room in STANDARD_LIBRARY_ONLY
        and top not in sys.stdlib_module_names,
        f"{room} does without torch": top == "torch" and room in WITHOUT_TORCH,
        "only io reads and writes through GDAL": top == "osgeo" and room != "io",
        "torchvision must not be installed": top == "torchvision",
    }
    return next((reason for reason, broken in rules.items() if broken), None)


def forbidden_room(room: str, other: str) -> str | None:
    """Why a room must not import another; None where it may."""
    if other not in FLOOR_OF:  # a name of s4_core/__init__.py, such as __version__
        return None
    own, its = FLOOR_OF.get(room, 0 if room == "" else -1), FLOOR_OF[other]
    if room == "":
        return "the package itself imports no room"
    if room == other or own > its or (own == its and own in (0, max(FLOORS))):
        return None
    return "siblings do not know each other" if own == its else "imports only look down"


def breaches(root: Path) -> list[str]:
    """Each forbidden import of the engine and the plugin below a root."""
    found = []
    for path in sources(root / "s4_core"):
        room = room_of(path, root)
        if room and room not in FLOOR_OF:
            found.append(f"{path.relative_to(root)}: the room {room} has no floor")
            continue
        for name in imports(path, root):
            reason = forbidden(room, name)
            if reason:
                found.append(f"{path.relative_to(root)} imports {name}: {reason}")
    for path in sources(root / "s4_qgis"):
        for name in imports(path, root):
            top, _, rest = name.partition(".")
            room = rest.partition(".")[0]
            known = top in ALLOWED_IN_QGIS or top in sys.stdlib_module_names
            if not known or (top == "s4_core" and FLOOR_OF.get(room, 0) > 0):
                found.append(f"{path.relative_to(root)} imports {name}: not in QGIS's process")
    return found


def test_no_forbidden_import() -> None:
    assert breaches(ROOT) == []


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("s4_core/io/a.py", "import torch\n", "io does without torch"),
        ("s4_core/io/a.py", "def f():\n    from torch import nn\n", "io does without torch"),
        ("s4_core/io/a.py", "from s4_core.sits import dates\n", "siblings do not know each other"),
        ("s4_core/io/a.py", "from ..data import area\n", "imports only look down"),
        ("s4_core/io/a.py", "from s4_core import train\n", "imports only look down"),
        ("s4_core/types/a.py", "import numpy as np\n", "floor 0 uses the standard library only"),
        ("s4_core/__init__.py", "from s4_core.types import Grid\n", "imports no room"),
        ("s4_core/nn/a.py", "from qgis.core import Qgis\n", "knows neither QGIS"),
        ("s4_core/jobs/a.py", "import s4_qgis.panel\n", "knows neither QGIS"),
        ("s4_core/data/a.py", "from osgeo import gdal\n", "only io reads"),
        ("s4_core/attic/a.py", "", "the room attic has no floor"),
        ("s4_qgis/a.py", "import torch\n", "not in QGIS's process"),
        ("s4_qgis/a.py", "from s4_core.io import scan\n", "not in QGIS's process"),
    ],
)
def test_a_forbidden_import_is_found(tmp_path: Path, path: str, text: str, reason: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    (found,) = breaches(tmp_path)
    assert reason in found


def test_what_is_allowed_is_not_found(tmp_path: Path) -> None:
    allowed = {
        "s4_core/types/a.py": "import json\nfrom s4_core.errors import S4Error\n",
        "s4_core/data/a.py": "import numpy\nfrom s4_core import io\nfrom s4_core.sits import x\n",
        "s4_core/cli/a.py": "import torch\nfrom s4_core.jobs import run\nfrom . import b\n",
        "s4_core/nn/a.py": "import torch\nfrom .b import c\nfrom s4_core import __version__\n",
        "s4_qgis/a.py": "import json\nfrom qgis.PyQt import QtCore\nfrom s4_core import protocol\n",
    }
    for path, text in allowed.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert breaches(tmp_path) == []


def floor_0_modules() -> list[str]:
    """Dotted names of the package itself and of all that stands on floor 0."""
    paths = [path for path in sources(ROOT / "s4_core") if path.name != "__main__.py"]
    ours = [path for path in paths if room_of(path, ROOT) in STANDARD_LIBRARY_ONLY]
    names = (".".join(path.relative_to(ROOT).with_suffix("").parts) for path in ours)
    return sorted(name.removesuffix(".__init__") for name in names)


@pytest.mark.parametrize("module", floor_0_modules())
def test_floor_0_imports_in_a_bare_interpreter(module: str) -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {module}"
    bare = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False
    )
    assert (bare.returncode, bare.stderr) == (0, "")


def test_the_command_line_starts_without_torch() -> None:
    code = "import sys, s4_core.cli; print('torch' in sys.modules)"
    start = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert start.stdout.strip() == "False"


@pytest.mark.parametrize("path", sources(*PACKAGES), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_keep_to_the_house_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert path.stem not in EMPTY_NAMES, "name the thing, not the drawer"
    assert len(text.splitlines()) <= LONGEST_FILE
    asserts = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    assert asserts == [], "asserts vanish under python -O: raise an error"
    swallowed = [node.lineno for node in ast.walk(tree) if swallows(node)]
    assert swallowed == [], "an exception is swallowed"


def swallows(node: ast.AST) -> bool:
    """Whether a node is `except:` or `except Exception:` with nothing in it."""
    if not isinstance(node, ast.ExceptHandler):
        return False
    broad = node.type is None or (isinstance(node.type, ast.Name) and "Exception" in node.type.id)
    return broad and all(isinstance(statement, ast.Pass) for statement in node.body)


def test_a_swallowed_exception_is_found() -> None:
    tree = ast.parse("try:\n    f()\nexcept Exception:\n    pass\n")
    assert [node.lineno for node in ast.walk(tree) if swallows(node)] == [3]

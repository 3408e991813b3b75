"""The hash-checked lists of packages that the engine's environment is made of.

One pair of files a platform: `<key>.txt`, all that the engine needs beside torch, and
`<key>-torch.txt`, torch's default build with what only it needs (see CONTRIBUTING).
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from s4_qgis.engine.process import PLUGIN_FOLDER

TESTED = ("linux-x86_64-cp311",)
"""Platforms on which an environment was built and used; the others are called untested."""

_SYSTEMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}
_HASH_LENGTH = 8  # in the folder's name: Windows limits the length of paths


@dataclass(frozen=True)
class Locks:
    """The lists for one platform.

    Args:
        key: "linux-x86_64-cp311", ... packages, torch: the files.
        download_bytes: of all packages beside torch; torch_bytes: of torch's default build with
            what it needs; 0 where unknown.
    """

    key: str
    packages: Path
    torch: Path
    download_bytes: int = 0
    torch_bytes: int = 0

    @property
    def torch_requirement(self) -> str:
        """torch as pinned, for example "torch==2.13.0"."""
        found = re.search(r"^torch==[^\s;\\]+", self.torch.read_text("utf-8"), re.MULTILINE)
        return found[0] if found else "torch"

    def count(self) -> int:
        """Number of packages beside torch's."""
        return len(names_in(self.packages.read_text("utf-8")))

    def torch_count(self) -> int:
        """Number of packages of torch's default build."""
        return len(names_in(self.torch.read_text("utf-8")))

    def digest(self) -> str:
        """Short hash of both lists; names the environment."""
        content = self.packages.read_bytes() + self.torch.read_bytes()
        return hashlib.sha256(content).hexdigest()[:_HASH_LENGTH]


def platform_key(platform: str, machine: str, python: str) -> str:
    """The name of a platform's lists.

    Args:
        platform: `sys.platform`. machine: `platform.machine()`. python: its version.
    """
    major, minor = python.split(".")[:2]
    system = _SYSTEMS.get(platform, platform)
    return f"{system}-{machine if system == 'linux' else machine.lower()}-cp{major}{minor}"


def locks_folder() -> Path:
    """Where the lists lie: in the packaged plugin, else in the repository."""
    packaged = PLUGIN_FOLDER / "resources" / "requirements"
    return packaged if packaged.is_dir() else PLUGIN_FOLDER / "requirements"


def locks_for(key: str, bundle: str = "") -> Locks | None:
    """The lists for a platform; None where there are none.

    Args:
        bundle: an offline folder of packages; lists that lie in it are preferred.
    """
    for folder in (Path(bundle) if bundle else None, locks_folder()):
        if folder is None:
            continue
        packages, torch = folder / f"{key}.txt", folder / f"{key}-torch.txt"
        if packages.is_file() and torch.is_file():
            sizes = _sizes(folder, key)
            return Locks(key, packages, torch, sizes.get("packages", 0), sizes.get("torch", 0))
    return None


def known_keys() -> list[str]:
    """Platforms for which the plugin brings lists."""
    files = locks_folder().glob("*-cp*.txt")
    return sorted(file.stem for file in files if not file.stem.endswith("-torch"))


def names_in(lock: str) -> list[str]:
    """The packages that a list names."""
    return re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)


def _sizes(folder: Path, key: str) -> dict[str, int]:
    """Bytes to download, as `make locks` found them; empty where it never ran."""
    try:
        sizes = json.loads((folder / "sizes.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: int(value) for name, value in sizes.get(key, {}).items()}

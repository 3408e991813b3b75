"""An offline folder whose packages are tiny: they only have the names that the engine needs."""

from __future__ import annotations

import hashlib
import zipfile
from base64 import urlsafe_b64encode
from pathlib import Path

# `cuda` as a class: what the engine's check asks of torch
TORCH = """
__version__ = "2.13.0+tiny"
class cuda:
    @staticmethod
    def is_available(): return False
"""
PARTS = {
    "safetensors.py": '__version__ = "1"\n',
    "sklearn.py": '__version__ = "2"\n',
    "tqdm.py": '__version__ = "3"\n',
    "yaml.py": '__version__ = "4"\n',
    "matplotlib.py": '__version__ = "5"\n',
}


def write_bundle(folder: Path, key: str, with_lists: bool = True) -> Path:
    """Write the wheels, and the two lists of packages for a platform."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = write_wheel(folder, "engineparts", "1.0", PARTS)
    torch = write_wheel(folder, "torch", "2.13.0", {"torch.py": TORCH})
    if with_lists:
        (folder / f"{key}.txt").write_text(f"# parts\n{locked('engineparts', '1.0', parts)}")
        (folder / f"{key}-torch.txt").write_text(locked("torch", "2.13.0", torch))
    return folder


def locked(name: str, version: str, wheel: Path) -> str:
    """A line of a list."""
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"{name}=={version} \\\n    --hash=sha256:{digest}\n"


def write_wheel(folder: Path, name: str, version: str, files: dict[str, str]) -> Path:
    """A wheel that pip installs."""
    about = f"{name}-{version}.dist-info"
    contents = {
        **files,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
    }
    record = [f"{file},{_digest(text)},{len(text)}" for file, text in contents.items()]
    contents[f"{about}/RECORD"] = "\n".join([*record, f"{about}/RECORD,,"]) + "\n"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for file, text in contents.items():
            wheel.writestr(file, text)
    return path


def _digest(text: str) -> str:
    digest = urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
    return f"sha256={digest.decode()}"

"""How much the plugin's locks make pip download: requirements/*.txt -> requirements/sizes.json.

    python -m tools.sizes

The engine page tells the user beforehand. pip names the files (a dry run, nothing is installed);
their servers are asked for the length of each, and nothing is downloaded.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from tools.locks import PLATFORMS, ROOT, Platform

FOLDER = ROOT / "requirements"


def main() -> int:
    """Write the sizes of every platform's two locks. Returns the exit code."""
    sizes = {
        name: {
            "packages": total_bytes(FOLDER / f"{name}.txt", platform),
            "torch": total_bytes(FOLDER / f"{name}-torch.txt", platform),
        }
        for name, platform in PLATFORMS.items()
    }
    text = json.dumps(sizes, indent=1, sort_keys=True)
    (FOLDER / "sizes.json").write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


def total_bytes(lock: Path, platform: Platform) -> int:
    """Bytes that pip downloads for a lock on a platform."""
    return sum(length_of(url) for url in urls_of(lock, platform))


def urls_of(lock: Path, platform: Platform) -> list[str]:
    """Where pip would fetch the files of a lock from."""
    options = ["--ignore-installed", "--no-deps", "--only-binary=:all:", "--implementation=cp"]
    options += [f"--python-version={platform.python}", "--target=unused", "--require-hashes"]
    options += [f"--platform={tag}" for tag in platform.tags]
    options += [f"--abi={abi}" for abi in ("cp" + platform.python.replace(".", ""), "abi3", "none")]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [sys.executable, "-m", "pip", "--isolated", "install", "--quiet", "--dry-run"]
        subprocess.run(
            [*command, "--report", str(report), *options, "-r", str(lock)], check=True, cwd=folder
        )
        installs = json.loads(report.read_text(encoding="utf-8"))["install"]
    return [item["download_info"]["url"] for item in installs]


def length_of(url: str) -> int:
    """Length of a file in bytes, as its server tells it."""
    request = urllib.request.Request(url, method="HEAD")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return int(answer.headers["Content-Length"])


if __name__ == "__main__":
    sys.exit(main())

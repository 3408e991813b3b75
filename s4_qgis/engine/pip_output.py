"""What pip prints while it installs, read for progress and for what went wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass

from s4_core.errors import S4Error
from s4_qgis.engine.conversation import worker_error
from s4_qgis.i18n import tr

_FETCHING = 0.75  # share of a pip call that goes into fetching packages; the rest installs them
_SHOWN_LINES = 6


@dataclass
class PipProgress:
    """How far a pip call has come, from its lines. Coarse: packages differ in size.

    Args:
        packages: number of packages that the call will handle, about.
    """

    packages: int
    _seen: int = 0
    _share: float = 0.0
    fraction: float = 0.0
    stage: str = ""

    def hear(self, line: str) -> bool:
        """Take a line; True where it says something about progress."""
        text = line.strip()
        if text.startswith("Progress "):
            return self._hear_bytes(text)
        if text.startswith(("Collecting ", "Processing ")):
            self._seen, self._share = self._seen + 1, 0.0
            self.stage = tr("Looking up {package}").format(package=_package(text))
        elif text.startswith("Requirement already satisfied") and "(from -r" in text:
            self._seen += 1  # one of the list; others are what a package merely asks for
        elif text.startswith(("Downloading ", "Using cached ")):
            self.stage = tr("Downloading {package}").format(package=_file(text))
        elif text.startswith("Installing collected packages"):
            self.stage = tr("Unpacking")
            self._seen, self._share = self.packages + 1, 0.0  # all are fetched
        elif text.startswith("Successfully installed"):
            self.fraction = 1.0
            return True
        else:
            return False
        self._advance()
        return True

    def _hear_bytes(self, text: str) -> bool:
        """`Progress 123 of 456`, printed by newer versions of pip for the file being fetched."""
        found = re.fullmatch(r"Progress (\d+) of (\d+)", text)
        if found is None or int(found[2]) == 0:
            return False
        self._share = int(found[1]) / int(found[2])
        self._advance()
        return True

    def _advance(self) -> None:
        handled = max(self._seen - 1, 0) + self._share
        # it never runs backwards: pip may look at a package twice
        self.fraction = max(self.fraction, min(_FETCHING * handled / self.packages, _FETCHING))


def _package(line: str) -> str:
    """`Collecting torch==2.13.0` or `Processing /wheels/torch-2.13.0-cp311.whl` -> `torch`."""
    name = line.split(maxsplit=1)[1].rpartition("/")[2]
    return re.split(r"[=<>!~;\s]|-\d", name)[0]


def _file(line: str) -> str:
    """`Downloading https://.../torch-2.13.0-cp311-none-any.whl (888 MB)` -> `torch (888 MB)`."""
    words = line.removeprefix("Using cached ").removeprefix("Downloading ")
    path, _, size = words.partition(" ")
    name = path.rpartition("/")[2].split("-")[0]
    return f"{name} {size}".strip()


def failure(output: str, code: int) -> S4Error:
    """Why a step of the installation failed, with a remedy (code "install")."""
    tail = "\n".join([line for line in output.splitlines() if line.strip()][-_SHOWN_LINES:])
    for pattern, said, remedy in _known_failures():
        if re.search(pattern, output, re.IGNORECASE):
            return worker_error(f"{said}\n{tail}", remedy, "install")
    said = tr("The installation stopped with exit code {code}.").format(code=code)
    remedy = tr("Read the lines above, then resume; or use one of the other two ways.")
    return worker_error(f"{said}\n{tail}", remedy, "install")


def _known_failures() -> tuple[tuple[str, str, str], ...]:
    """What pip's output holds (a pattern), what that means, and what to do."""
    return (
        (
            r"No space left|Errno 28|not enough space|WinError 112",
            tr("The disk is full."),
            tr("Free space, then resume: what was installed is kept."),
        ),
        (
            r"DO NOT MATCH THE HASHES",
            tr("A package is not the one that was checked: its hash differs."),
            tr(
                "Try again; if it stays so, a proxy or mirror may alter packages: use an offline "
                "folder."
            ),
        ),
        (
            r"CERTIFICATE_VERIFY_FAILED|SSLError",
            tr("The server's certificate is not trusted."),
            tr(
                "Behind a company's proxy, set pip's option cert to its certificate; or use an "
                "offline folder."
            ),
        ),
        (
            r"Failed to establish|ConnectionError|Read timed out|NewConnectionError|ProxyError|"
            r"Temporary failure in name resolution|Connection (reset|refused|broken)",
            tr("The network or the package index cannot be reached."),
            tr("Check the connection and the proxy, then resume; or use an offline folder."),
        ),
        (
            r"Could not find a version|No matching distribution|is not a supported wheel",
            tr("A package is missing, or there is none for this computer."),
            tr(
                "Check the torch index or the offline folder; or name an interpreter that has "
                "PyTorch."
            ),
        ),
        (
            r"WinError 206|path too long|enable-long-paths|Long Path",
            tr("A path is too long for Windows."),
            tr("Have long paths enabled in Windows, restart, then resume."),
        ),
        (
            r"Permission denied|Access is denied|WinError (5|32)\b",
            tr("A file cannot be written."),
            tr(
                "Close other QGIS windows, look whether a virus scanner holds the file, then "
                "resume."
            ),
        ),
    )

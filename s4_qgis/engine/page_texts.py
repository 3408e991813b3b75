"""What the engine page says, as plain functions of the engine's state."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from s4_qgis.engine.environment import EngineState, read_manifest
from s4_qgis.engine.locks import TESTED, locks_folder
from s4_qgis.engine.plan import Plan, needed_bytes
from s4_qgis.engine.sizes import readable
from s4_qgis.i18n import tr

ICONS = {
    "ready": "state_done",
    "absent": "state_todo",
    "incomplete": "state_ready",
    "broken": "state_failed",
}


@dataclass(frozen=True)
class Summary:
    """What an installation would do, as plain values that a task can return.

    Args:
        folder: where it goes. platform: key of the list of packages.
        download_bytes: 0 where unknown. needed_bytes: free space asked for, 0 where unknown.
        numpy, python: QGIS's, which stay as they are. tested: the platform was tried out.
    """

    folder: str
    platform: str
    download_bytes: int
    needed_bytes: int
    numpy: str
    python: str
    tested: bool


def summary_of(plan: Plan) -> Summary:
    """The summary of a plan."""
    return Summary(
        folder=str(plan.folder),
        platform=plan.locks.key,
        download_bytes=plan.download_bytes,
        needed_bytes=needed_bytes(plan),
        numpy=plan.base.numpy,
        python=plan.base.python,
        tested=plan.locks.key in TESTED,
    )


def headline(state: EngineState) -> str:
    """The state in a few words."""
    return {
        "ready": tr("The engine is installed"),
        "absent": tr("The engine is not installed yet"),
        "incomplete": tr("The installation has not finished"),
        "broken": tr("The engine cannot be used"),
    }[state.kind]


def detail(state: EngineState) -> str:
    """Where the engine comes from, or why it cannot be used and what to do."""
    if state.kind == "absent":
        return ""  # the headline and the choices below say it all
    if state.kind != "ready":
        return f"{state.reason}\n{state.remedy}"
    if state.source == "variable":
        return tr("The variable S4_ENGINE_PYTHON names it: {path}").format(path=state.python)
    if state.source == "user":
        return tr("Your own interpreter: {path}").format(path=state.python)
    folder = Path(state.python).parent.parent
    manifest = read_manifest(folder)
    found = manifest.get("found", {})
    gpu = found.get("gpu") or tr("no GPU is seen, the processor is used")
    said = tr("PyTorch {torch}; {gpu}. {size} in {folder}")
    return said.format(
        torch=found.get("torch", "?"),
        gpu=gpu,
        size=readable(float(manifest.get("bytes", 0))),
        folder=folder,
    )


def explanation() -> str:
    """What the engine is, once, above the choices."""
    return tr(
        "Networks run in a process of their own, with PyTorch; nothing is uploaded. QGIS's own "
        "Python, GDAL and numpy stay as they are."
    )


def install_text(summary: Summary, torch_index: str) -> str:
    """What an installation from the network would fetch, and where it goes."""
    lines = [tr("Goes into {folder}").format(folder=summary.folder)]
    if summary.download_bytes:
        said = tr("Downloads {fetched}; needs {needed} of free space while installing.")
        fetched, needed = readable(summary.download_bytes), readable(summary.needed_bytes)
        lines.insert(0, said.format(fetched=fetched, needed=needed))
    elif torch_index:
        lines.insert(0, tr("How much is downloaded depends on the build of PyTorch there."))
    if not summary.tested:
        said = tr("The installation on {platform} was not tested.")
        lines.append(said.format(platform=summary.platform))
    return "\n".join(lines)


def install_label(managed: EngineState) -> str:
    """What the button for an installation from the network says."""
    return {
        "ready": tr("Install anew"),
        "absent": tr("Install"),
        "incomplete": tr("Resume"),
        "broken": tr("Install anew"),
    }[managed.kind]


def bundle_text(platform: str) -> str:
    """How an offline folder is filled."""
    said = tr(
        "A folder of packages, filled on a computer that has the network, the same system and the "
        "same Python, with the two lists from {folder}:"
    )
    return f"{said.format(folder=locks_folder())}\n{bundle_command(platform)}"


def bundle_command(platform: str) -> str:
    """What fills an offline folder."""
    lists = f"-r {platform}.txt -r {platform}-torch.txt"
    return f"python -m pip download --no-deps --require-hashes {lists} -d FOLDER"

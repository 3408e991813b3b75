"""What comes with the plugin: checkpoints to start from."""

from __future__ import annotations

from pathlib import Path

from s4_core.errors import CheckpointError
from s4_qgis.i18n import tr

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "checkpoints"


def shipped_checkpoints() -> list[Path]:
    """The checkpoints in the plugin's folder, the one to start from first."""
    return sorted(FOLDER.glob("*.safetensors"))


def shipped_checkpoint() -> Path:
    """The checkpoint to start from where the user names none.

    Raises:
        CheckpointError: the plugin's folder holds none.
    """
    found = shipped_checkpoints()
    if not found:
        raise CheckpointError(
            tr("There is no model in {folder}.").format(folder=FOLDER),
            tr("Install the plugin again, or choose a pretrained model."),
        )
    return found[0]

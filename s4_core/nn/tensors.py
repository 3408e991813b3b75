"""Tensors on disk with text beside them, in safetensors: reading one never executes code."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from s4_core.errors import CheckpointError, OutputError


def write_tensors(path: Path, tensors: Mapping[str, Tensor], metadata: dict[str, str]) -> None:
    """Write aside in the same folder, then rename: a killed job leaves the old file or none.

    Raises:
        OutputError: the folder is missing or cannot be written, or the disk is full.
    """
    flat = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    aside: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        os.close(handle)
        aside = Path(name)
        save_file(flat, aside, metadata=metadata)
        _as_umask_allows(aside)
        os.replace(aside, path)
    except (OSError, SafetensorError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OutputError(
            f"{path} cannot be written: {reason}.",
            "Choose a folder that exists, is writable and has free space.",
        ) from error
    finally:
        if aside is not None:
            aside.unlink(missing_ok=True)


def _as_umask_allows(path: Path) -> None:
    """mkstemp makes files that only their owner reads; a model is an ordinary file."""
    umask = os.umask(0)
    os.umask(umask)
    path.chmod(0o666 & ~umask)


def read_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """All tensors of a file, on the CPU, and its metadata.

    Raises:
        CheckpointError: no such file, truncated, or not safetensors.
    """
    try:
        with safe_open(path, framework="pt") as file:
            names: list[str] = list(file.keys())
            return {name: file.get_tensor(name) for name in names}, file.metadata() or {}
    except (OSError, SafetensorError) as error:
        raise CheckpointError(
            f"{path} cannot be read as safetensors: {error}.", "Check the path, or get it again."
        ) from error

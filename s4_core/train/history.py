"""The curve file of a training: one JSON object a line, one line an epoch.

It lies beside the checkpoint while the training runs, so that a curve can be drawn at any time;
it is text that only grows, therefore a killed run leaves at most one broken last line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Union

from s4_core.io import atomic, write_text
from s4_core.json_values import plain_value

Entry = Mapping[str, Union[float, int, None]]


def history_path(out: Path) -> Path:
    """The curve file of a checkpoint: `<stem>.history.jsonl` beside it."""
    return out.with_name(f"{out.stem}.history.jsonl")


def append_entry(path: Path, entry: Entry) -> None:
    """Add one epoch to a curve file; a number that is not finite becomes null.

    Raises:
        OutputError: the file cannot be written.
    """
    with atomic.write_troubles(path), path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(plain_value(dict(entry)), allow_nan=False) + "\n")


def read_history(path: Path) -> list[dict[str, float]]:
    """The epochs of a curve file; a broken last line (a kill while writing) is left out."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    entries = []
    for line in lines:
        try:
            entries.append(json.loads(line))
        except json.JSONDecodeError:
            break
    return entries


def keep_epochs(path: Path, epochs: int) -> None:
    """Cut a curve file down to its first `epochs` epochs, those that a saved state knows of.

    A curve without epochs is no file: a training that fails in its first epoch leaves none.

    Raises:
        OutputError: the file cannot be written.
    """
    kept = [entry for entry in read_history(path) if entry["epoch"] <= epochs]
    write_text(path, "".join(json.dumps(entry) + "\n" for entry in kept))
    if not kept:
        path.unlink()

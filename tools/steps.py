"""Saying what is being done, and running the commands that do it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

STARTED = time.monotonic()


class SetupError(Exception):
    """The set-up cannot go on: what is wrong, and what to do about it."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def say(text: str) -> None:
    """Print one line with the seconds since the start."""
    print(f"env [{time.monotonic() - STARTED:4.0f} s] {text}", flush=True)


def run(command: Sequence[str], remedy: str, environment: Mapping[str, str] | None = None) -> None:
    """Run a command that may last.

    On a terminal its own progress is shown; elsewhere its output appears only when it fails.

    Raises:
        SetupError: the command is not there or returned something else than 0.
    """
    shown = sys.stdout.isatty()
    try:
        done = subprocess.run(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=None if shown else subprocess.PIPE,
            stderr=None if shown else subprocess.STDOUT,
            text=True,
            errors="replace",
            env=dict(os.environ if environment is None else environment),
            check=False,
        )
    except OSError as error:
        raise SetupError(f"{command[0]} cannot be run: {error}", remedy) from error
    if done.returncode != 0:
        if done.stdout:
            print(done.stdout[-6000:], file=sys.stderr)
        raise SetupError(f"exit code {done.returncode}: {' '.join(command)}", remedy)

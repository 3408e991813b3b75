"""The command line: `python -m s4_core`, also installed as `s4`."""

from s4_core.cli.command import main

__all__ = ["main"]

"""`s4 cache`: its options, and what it prints."""

from __future__ import annotations

import argparse
from typing import Any

from s4_core.cli.options import add_output_options
from s4_core.phrases import file_size

Commands = Any  # argparse names the type of add_subparsers() only privately


def add_cache(commands: Commands) -> None:
    """The command and its options."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "cache",
        help="tell what is kept of earlier runs, or forget it",
        description="Features of small areas are kept, so that learning again and mapping again"
        " are quick. They lie in the user's folder for caches, or where the variable S4_CACHE"
        " says; what was used longest ago goes first.",
    )
    parser.add_argument("--clear", action="store_true", help="forget everything")
    add_output_options(parser)


def describe_cache(result: dict[str, Any]) -> str:
    """The folder and what it takes."""
    freed = f", {file_size(result['freed_bytes'])} were freed" if result["freed_bytes"] else ""
    taken, limit = file_size(result["bytes"]), file_size(result["limit_bytes"])
    return f"{result['folder']}: {taken} of at most {limit}{freed}"

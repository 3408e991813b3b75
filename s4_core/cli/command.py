"""Run one command: parse, do the job, print its result, choose the exit code."""

from __future__ import annotations

import argparse
import json
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

from s4_core import jobs
from s4_core.cli.parser import build_parser
from s4_core.cli.requests import request
from s4_core.cli.tables import describe
from s4_core.cli.terminal import Terminal, interruptible, say_error
from s4_core.errors import Cancelled, S4Error
from s4_core.launch import follows, tune_malloc

DONE, FAILED, USAGE, STOPPED = 0, 1, 2, 130
"""Exit codes."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `s4` with these arguments (None: the process's) and return its exit code."""
    parser = build_parser()
    try:
        options = parser.parse_args(_joined(sys.argv[1:] if argv is None else argv))
    except SystemExit as stop:  # argparse has printed help or the usage error
        return int(stop.code or 0)
    if options.command is None:
        parser.print_help(sys.stderr)
        return USAGE
    if options.command == "worker":
        from s4_core.worker import main as serve  # noqa: PLC0415 - it takes over stdin and stdout

        return serve()
    return _run(options)


def _joined(arguments: Sequence[str]) -> list[str]:
    """`--extent -5,50,-4,51` as one argument: argparse takes the numbers for an option."""
    joined: list[str] = []
    for argument in arguments:
        if joined and joined[-1] in ("--extent", "--aoi"):
            joined[-1] += f"={argument}"
        else:
            joined.append(argument)
    return joined


def _run(options: argparse.Namespace) -> int:
    job = request(options)
    if jobs.uses_torch(job):
        tune_malloc()
    terminal = Terminal(quiet=options.quiet)
    try:
        with interruptible(terminal):
            result = jobs.run(job, terminal)
    except (Cancelled, KeyboardInterrupt):
        terminal.close()
        return _cancelled(options)
    except Exception as exception:  # the boundary: whatever went wrong must reach the user
        terminal.close()
        return _failed(options, exception)
    terminal.close()
    if not follows(os.environ):  # the leader of a training speaks for all
        _print(options, result)
    return DONE


def _print(options: argparse.Namespace, result: dict[str, Any]) -> None:
    text = describe(options.command, result)
    if options.json:
        print(json.dumps(result, allow_nan=False))
        if not options.quiet:
            print(text, file=sys.stderr)
    else:
        print(text)


def _failed(options: argparse.Namespace, exception: Exception) -> int:
    error = jobs.as_error(exception)
    if error is not exception and error.code == "internal":
        traceback.print_exception(type(exception), exception, exception.__traceback__)
    _say(options, error)
    return FAILED


def _cancelled(options: argparse.Namespace) -> int:
    _say(options, Cancelled())
    return STOPPED


def _say(options: argparse.Namespace, error: S4Error) -> None:
    if options.json and not follows(os.environ):
        body = {"code": error.code, "message": error.message, "remedy": error.remedy}
        print(json.dumps({"error": body}))
    say_error(error)

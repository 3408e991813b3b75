"""Options that several commands share, each defined once."""

from __future__ import annotations

import argparse
import json
from typing import Any

from s4_core.errors import ConfigurationError
from s4_core.types import Season


def season(text: str) -> str:
    """A season as the request carries it; a usage error where it is none."""
    try:
        return str(Season.parse(text))
    except ConfigurationError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def assignment(text: str) -> tuple[str, Any]:
    """`key=value`; the value is read as JSON, else as text."""
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise argparse.ArgumentTypeError(f"'{text}' is not key=value")
    try:
        return (key.strip(), json.loads(value))
    except json.JSONDecodeError:
        return (key.strip(), value)


def share(text: str) -> float:
    """A number from 0 to 1."""
    try:
        value = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number") from error
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def add_area_options(parser: argparse.ArgumentParser) -> None:
    """What a user may state about an area; each overrides `area.json`."""
    group = parser.add_argument_group("about the area (each overrides area.json)")
    group.add_argument(
        "--season",
        metavar="START:END",
        type=season,
        help="days to map, for example 2018-10-15:2019-10-31",
    )
    group.add_argument(
        "--until", metavar="DATE", help="use no image after this day (in-season maps)"
    )
    group.add_argument(
        "--mask",
        metavar="MASK",
        help="cloud mask: a scene classification band (SCL), a mask raster with {date} in its"
        " path (0 = unusable), or 'none' for nodata only",
    )
    group.add_argument(
        "--scale", metavar="NUMBER", type=float, help="reflectance per digital number (S2: 0.0001)"
    )
    group.add_argument(
        "--radar-unit", choices=("dB", "linear"), help="unit of the radar backscatter"
    )


def add_configuration_options(group: argparse._ArgumentGroup, example: str) -> None:
    """Single settings over the configuration; `example` stands in the help."""
    group.add_argument(
        "--set",
        dest="overrides",
        metavar="KEY=VALUE",
        action="append",
        type=assignment,
        default=[],
        help=f"one setting, for example {example}; may be repeated",
    )
    group.add_argument(
        "--seed", metavar="N", type=int, help="seed of every random draw (default: 0)"
    )


def add_runtime_options(parser: argparse.ArgumentParser) -> None:
    """Device, precision, threads, backend and cache."""
    group = parser.add_argument_group("where it runs")
    group.add_argument(
        "--device", choices=("auto", "cpu", "cuda"), help="default: a GPU if torch sees one"
    )
    group.add_argument(
        "--precision",
        choices=("auto", "fp32", "bf16"),
        help="default: bf16 for training where the hardware has it, else fp32",
    )
    group.add_argument("--threads", metavar="N", type=int, help="CPU threads (default: all)")
    group.add_argument(
        "--backend",
        choices=("auto", "torch", "openvino"),
        help="what computes a network that no longer learns (default: the fastest that agrees)",
    )
    group.add_argument(
        "--no-cache",
        dest="cache",
        action="store_false",
        default=None,
        help="neither use nor keep features of earlier runs (see `s4 cache`)",
    )


def add_output_options(parser: argparse.ArgumentParser) -> None:
    """How a command talks."""
    group = parser.add_argument_group("what it prints")
    group.add_argument(
        "--json", action="store_true", help="one JSON object on stdout, all other text on stderr"
    )
    group.add_argument("--quiet", action="store_true", help="no progress, only warnings and errors")

"""`s4 reproduce`: its options, and what it prints."""

from __future__ import annotations

import argparse
from typing import Any

from s4_core.cli.options import add_output_options, add_runtime_options
from s4_core.types.reproducing import REPRODUCTION_SCALES, REPRODUCTIONS

Commands = Any  # argparse names the type of add_subparsers() only privately

_EPILOG = """\
examples:
  s4 reproduce table3 --scale tiny
  s4 reproduce table3 table4 --scale small --seeds 3 --out out/reproduce
  s4 reproduce all --scale paper --pastis-r PASTIS-R --africa africa --m2s2 m2s2-SITS

Every finished cell stays in --out: the same command goes on where it was stopped. Without data
folders the scales tiny and small simulate data sets in the published formats, and every table
says so. Where to get the real ones: docs/reproduction.md.
"""


def add_reproduce(commands: Commands) -> None:
    """The command and its options."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "reproduce",
        help="train and compare the systems of the S4 paper: its tables and figures",
        description="Train every system of the S4 paper through the same data, schedule and"
        " metric, and write its tables and figures with the paper's numbers beside ours.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "what",
        nargs="+",
        choices=(*REPRODUCTIONS, "all"),
        metavar="WHAT",
        help=f"{', '.join(REPRODUCTIONS)}, or all",
    )
    _add_data(parser.add_argument_group("data sets (default: simulated)"))
    _add_size(parser.add_argument_group("how much"))
    add_runtime_options(parser)
    add_output_options(parser)


def _add_data(group: argparse._ArgumentGroup) -> None:
    for name, what in (
        ("pastis-r", "PASTIS-R as published"),
        ("africa", "Africa Crop Type Mapping as published: South Sudan or Ghana"),
        ("m2s2", "m2s2-SITS: folders france and south_sudan"),
    ):
        group.add_argument(f"--{name}", metavar="DIR", help=what)
    group.add_argument(
        "--data-sets",
        nargs="+",
        choices=("pastis-r", "africa"),
        default=[],
        help="columns to run (default: both)",
    )


def _add_size(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--scale",
        choices=REPRODUCTION_SCALES,
        default="tiny",
        help="tiny: minutes; small: hours; paper: the real data sets (default: %(default)s)",
    )
    group.add_argument("--seeds", metavar="N", type=int, help="seeds of every row")
    group.add_argument(
        "--methods", nargs="+", metavar="NAME", default=[], help="rows to run (default: all)"
    )
    group.add_argument(
        "--folds",
        type=int,
        choices=(1, 5),
        default=1,
        help="5: each fold of PASTIS-R is once the test set (default: %(default)s)",
    )
    group.add_argument(
        "--no-new-cells",
        dest="new_cells",
        action="store_false",
        help="train nothing: write tables and figures of what earlier runs have found",
    )
    group.add_argument(
        "--out", metavar="DIR", default="out/reproduce", help="default: %(default)s/SCALE"
    )


def describe_reproduction(result: dict[str, Any]) -> str:
    """What the command prints when it is done."""
    lines = [f"cells     {result['cells']}, {result['cells_run_now']} of them run now"]
    if result["cells_missing"]:
        lines.append(f"missing   {result['cells_missing']}: the tables are partial")
    if result["simulated"]:
        lines.append("SIMULATED DATA: these numbers say nothing of any real place.")
    return "\n".join([*lines, *(f"written   {path}" for path in result["files"])])

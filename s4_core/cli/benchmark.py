"""`s4 benchmark`: the comparisons, each a command of its own."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from s4_core.cli.options import (
    add_area_options,
    add_configuration_options,
    add_output_options,
    add_runtime_options,
)
from s4_core.protocol import FewParcelsJob

SHIPPED = Path(__file__).resolve().parents[2] / "resources" / "checkpoints" / "s4-field.safetensors"
"""The checkpoint that comes with the product."""

_METHODS = """\
methods:
  rf          random forest on the gap-filled series
  logistic    logistic regression on the gap-filled series
  rocket      random convolution kernels over the series, ridge classifier
  s4          the checkpoint, quick mode (`finetune --mode head`)
  s4-random   the same network untrained, same readout
  s4-scratch  the same network trained on the parcels alone (minutes a cell)
  s4-area     the checkpoint fitted further to the area's own unlabelled images (minutes an
              area; what it learns is kept in the folder `<result>.work` for the next comparison)

examples:
  s4 benchmark few-parcels --area a2019 --area b2020 --out results.json
  s4 benchmark few-parcels --area a2019 --labels my_fields.gpkg --field crop --k 1 --splits 20
     --methods rf s4 --out results.json
"""

Commands = Any  # argparse names the type of add_subparsers() only privately


def add_benchmark(commands: Commands) -> None:
    """The command with its parts."""
    parser = commands.add_parser(
        "benchmark",
        help="compare S4 with what you would otherwise use, on your own parcels",
        description="Compare S4 with what you would otherwise use.",
    )
    parts = parser.add_subparsers(
        dest="benchmark", metavar="COMPARISON", title="comparisons", required=True
    )
    _add_few_parcels(parts)


def _add_few_parcels(parts: Commands) -> None:
    parser = parts.add_parser(
        "few-parcels",
        help="one or two parcels a class teach, all others judge",
        description="One or two parcels a class teach, all others judge: many draws, the same for"
        " every method.",
        epilog=_METHODS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    defaults = FewParcelsJob((), "", "")
    parser.set_defaults(command="few_parcels")
    files = parser.add_argument_group("input and output")
    files.add_argument(
        "--area",
        dest="areas",
        metavar="AREA",
        action="append",
        required=True,
        help="folder of an area with labelled parcels; may be repeated",
    )
    files.add_argument(
        "--labels", metavar="FILE", help="parcels of all areas (default: each area.json's)"
    )
    files.add_argument("--field", metavar="NAME", help="class field (default: area.json's)")
    files.add_argument("--layer", metavar="NAME", help="layer of FILE (default: the first)")
    files.add_argument(
        "--init",
        metavar="MODEL",
        default=str(SHIPPED),
        help="checkpoint to judge (default: the one that comes with S4)",
    )
    files.add_argument("--out", metavar="FILE", required=True, help="result to write, JSON")
    files.add_argument(
        "--resume", action="store_true", help="take over what a stopped run has finished"
    )
    method = parser.add_argument_group("method")
    method.add_argument(
        "--modality",
        dest="modalities",
        choices=("optical", "radar"),
        nargs="+",
        default=defaults.modalities,
        help="which images to use, one after the other (default: both)",
    )
    method.add_argument(
        "--k",
        metavar="N",
        type=int,
        nargs="+",
        default=defaults.k,
        help="training parcels a class (default: 1 2)",
    )
    method.add_argument(
        "--splits",
        metavar="N",
        type=int,
        default=defaults.splits,
        help="draws of training parcels; equal ones count once (default: %(default)s)",
    )
    method.add_argument(
        "--methods",
        metavar="NAME",
        nargs="+",
        default=defaults.methods,
        help=f"what to compare (default: {' '.join(defaults.methods)})",
    )
    method.add_argument(
        "--scratch-steps",
        metavar="N",
        type=int,
        default=defaults.scratch_steps,
        help="batches that s4-scratch trains, at most (default: %(default)s)",
    )
    method.add_argument(
        "--area-steps",
        metavar="N",
        type=int,
        default=defaults.area_steps,
        help="steps that s4-area fits to the area, at most (default: %(default)s)",
    )
    add_configuration_options(method, "finetune.inner_buffer_m=5")
    add_area_options(parser)
    add_runtime_options(parser)
    add_output_options(parser)

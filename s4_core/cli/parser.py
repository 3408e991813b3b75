"""The commands and their options, in the order of a project: look, learn, map, judge, show."""

from __future__ import annotations

import argparse
from typing import Any

from s4_core import __version__
from s4_core.cli.benchmark import add_benchmark
from s4_core.cli.cache import add_cache
from s4_core.cli.fetch import add_fetch, add_import
from s4_core.cli.options import (
    add_area_options,
    add_configuration_options,
    add_output_options,
    add_runtime_options,
    share,
)
from s4_core.cli.reproduce import add_reproduce

_DESCRIPTION = """\
Crop maps from Sentinel-1 and Sentinel-2 time series and a handful of labelled parcels.

A project in four steps:
  s4 fetch ... --out AREA             get images, where you have none yet
  s4 info AREA                        what is there: dates, bands, clouds
  s4 finetune ... --out MODEL         teach a pretrained model your classes
  s4 segment  ... --out MAP.tif       map the area, by optical or by radar images alone
  s4 evaluate --map MAP.tif ...       how good is it
"""

_EPILOG = """\
An AREA is a folder with optical/ and radar/ images, one file per date, and an optional area.json.
`s4 COMMAND --help` shows the options of a command with examples.
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 cancelled.
"""

_MODALITY: dict[str, Any] = {
    "choices": ("optical", "radar", "both"),
    "help": "which images to use ('both' makes a model that needs both)",
}

Commands = Any  # argparse names the type of add_subparsers() only privately


def build_parser() -> argparse.ArgumentParser:
    """The parser of `s4`."""
    parser = argparse.ArgumentParser(
        prog="s4",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"s4 {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    _add_info(commands)
    add_fetch(commands)
    add_import(commands)
    _add_pretrain(commands)
    _add_finetune(commands)
    _add_segment(commands)
    _add_evaluate(commands)
    _add_report(commands)
    add_benchmark(commands)
    add_reproduce(commands)
    add_cache(commands)
    commands.add_parser(
        "worker",
        help="serve one job for the QGIS plugin (JSON lines on stdin and stdout)",
        description="Read one job as a JSON line on stdin, write progress and its result as JSON"
        " lines on stdout. Meant for programs.",
    )
    return parser


def _command(commands: Commands, name: str, brief: str, examples: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=brief,
        description=brief[0].upper() + brief[1:] + ".",
        epilog="examples:\n" + "\n".join(f"  {line}" for line in examples.splitlines()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return parser


def _add_info(commands: Commands) -> None:
    parser = _command(
        commands,
        "info",
        "list an area's images with their dates, bands and clouds",
        "s4 info fields/brabant_2019\ns4 info fields/brabant_2019 --json | jq .warnings",
    )
    parser.add_argument("area", metavar="AREA", help="folder of the area")
    add_area_options(parser)
    add_output_options(parser)


def _add_pretrain(commands: Commands) -> None:
    parser = _command(
        commands,
        "pretrain",
        "learn features from unlabelled optical and radar images of the same places",
        "s4 pretrain --area a2019 --area b2020 --out base.safetensors\n"
        "s4 pretrain --area a2019 --out base.safetensors --init shipped.safetensors"
        " --set pretrain.epochs=5\n"
        "s4 pretrain --area a2019 --out paper.safetensors --preset paper --stats target_area",
    )
    files = parser.add_argument_group("input and output")
    files.add_argument(
        "--area",
        dest="areas",
        metavar="AREA",
        action="append",
        required=True,
        help="folder of an area with both modalities; may be repeated",
    )
    files.add_argument(
        "--out", metavar="MODEL", required=True, help="model to write (.safetensors)"
    )
    files.add_argument("--init", metavar="MODEL", help="start from this model and its settings")
    files.add_argument(
        "--stats",
        metavar="SOURCE",
        help="take the bands' mean and spread from this area, JSON file or model"
        " (default: from the areas)",
    )
    files.add_argument("--resume", action="store_true", help="go on after the last finished epoch")
    method = parser.add_argument_group("method")
    method.add_argument(
        "--preset",
        choices=("field", "paper"),
        default="field",
        help="'field': the product; 'paper': reproduces the S4 paper (default: %(default)s)",
    )
    method.add_argument("--config", metavar="FILE", help="YAML file with settings over the preset")
    add_configuration_options(method, "pretrain.epochs=5")
    add_area_options(parser)
    add_runtime_options(parser)
    add_output_options(parser)


def _add_finetune(commands: Commands) -> None:
    parser = _command(
        commands,
        "finetune",
        "teach a pretrained model your classes from labelled parcels",
        "s4 finetune --area a2019 --labels parcels.gpkg --field crop --modality optical"
        " --init base.safetensors --out crops.safetensors\n"
        "s4 finetune --area a2019 --modality radar --init base.safetensors"
        " --out crops.safetensors --mode full",
    )
    files = parser.add_argument_group("input and output")
    files.add_argument("--area", metavar="AREA", required=True, help="folder of the area")
    files.add_argument(
        "--labels", metavar="FILE", help="parcels, any vector format (default: area.json's)"
    )
    files.add_argument("--field", metavar="NAME", help="class field (default: area.json's)")
    files.add_argument("--layer", metavar="NAME", help="layer of FILE (default: the first)")
    files.add_argument("--legend", metavar="FILE", help="JSON with class names, codes and colours")
    files.add_argument("--init", metavar="MODEL", required=True, help="pretrained model")
    files.add_argument(
        "--out", metavar="MODEL", required=True, help="model to write (.safetensors)"
    )
    files.add_argument("--resume", action="store_true", help="go on after the last finished epoch")
    method = parser.add_argument_group("method")
    method.add_argument("--modality", required=True, **_MODALITY)
    method.add_argument(
        "--mode",
        choices=("head", "decoder", "full"),
        help="what learns: a linear head (seconds), the decoder, or everything (the paper's);"
        " default: the model's settings",
    )
    method.add_argument(
        "--parcels-per-class",
        metavar="N",
        type=int,
        help="train on so many parcels a class, drawn by the seed (default: all)",
    )
    method.add_argument(
        "--compare",
        action="store_true",
        help="judge a random forest on the raw series by the same held-out parcels",
    )
    add_configuration_options(method, "finetune.inner_buffer_m=5")
    add_area_options(parser)
    add_runtime_options(parser)
    add_output_options(parser)


def _add_segment(commands: Commands) -> None:
    parser = _command(
        commands,
        "segment",
        "map an area with a fine-tuned model",
        "s4 segment --area a2019 --model crops.safetensors --modality optical --out map.tif\n"
        "s4 segment --area a2020 --model crops.safetensors --modality radar --out july.tif"
        " --season 2019-10-15:2020-10-31 --until 2020-07-01\n"
        "s4 segment --area region --model crops.safetensors --modality optical --out map.tif"
        " --dask tcp://scheduler:8786",
    )
    files = parser.add_argument_group("input and output")
    files.add_argument("--area", metavar="AREA", required=True, help="folder of the area")
    files.add_argument("--model", metavar="MODEL", required=True, help="fine-tuned model")
    files.add_argument(
        "--out", metavar="MAP.tif", required=True, help="class map to write; .qml and .sld beside"
    )
    files.add_argument(
        "--confidence",
        metavar="FILE",
        help="confidence raster to write (default: confidence.tif beside the map)",
    )
    files.add_argument("--resume", action="store_true", help="keep the tiles of a killed run")
    method = parser.add_argument_group("method")
    method.add_argument(
        "--modality", required=True, **{**_MODALITY, "help": "what the model was fine-tuned for"}
    )
    method.add_argument(
        "--extent", metavar="X1,Y1,X2,Y2", help="map only this box, in the area's CRS"
    )
    method.add_argument(
        "--within", metavar="FILE", help="map only inside these polygons or this mask raster"
    )
    method.add_argument(
        "--parcels", metavar="FILE", help="give each of these polygons its majority class"
    )
    method.add_argument(
        "--min-confidence",
        metavar="P",
        type=share,
        help="pixels below this probability become 'uncertain'",
    )
    method.add_argument("--tile", metavar="PX", type=int, help="side of a tile (default: chosen)")
    method.add_argument("--halo", metavar="PX", type=int, help="margin read around a tile")
    scale = parser.add_argument_group("large areas")
    scale.add_argument(
        "--plan",
        dest="plan_only",
        action="store_true",
        help="only tell what the map costs in time, memory and disk",
    )
    scale.add_argument(
        "--workers",
        metavar="N",
        type=int,
        help="share the tiles among N processes on this machine (--threads: of each)",
    )
    scale.add_argument(
        "--dask",
        metavar="ADDRESS",
        help="share the tiles among the workers of this Dask scheduler, for example"
        " tcp://host:8786; images, model and map must lie in folders that all see",
    )
    add_area_options(parser)
    add_runtime_options(parser)
    add_output_options(parser)


def _add_evaluate(commands: Commands) -> None:
    parser = _command(
        commands,
        "evaluate",
        "compare a map with reference parcels, points or a reference raster",
        "s4 evaluate --map map.tif --reference parcels.gpkg --field crop"
        " --exclude-parcels crops.training_parcels.gpkg\n"
        "s4 evaluate --map map.tif --reference sample.gpkg --field crop --sampling random --json",
    )
    files = parser.add_argument_group("input and output")
    files.add_argument("--map", metavar="MAP.tif", required=True, help="class map")
    files.add_argument(
        "--reference",
        metavar="FILE",
        required=True,
        help="parcels, points (each is the pixel that holds it), or a raster of class codes",
    )
    files.add_argument("--field", metavar="NAME", help="class field of the parcels or points")
    files.add_argument("--layer", metavar="NAME", help="layer of FILE (default: the first)")
    files.add_argument(
        "--exclude-parcels", metavar="FILE", help="parcels that trained the model; left out"
    )
    files.add_argument(
        "--confidence",
        metavar="FILE",
        help="confidence raster (default: confidence.tif beside the map, if there)",
    )
    files.add_argument("--out", metavar="FILE", help="metrics to write, JSON")
    method = parser.add_argument_group("method")
    method.add_argument(
        "--sampling",
        choices=("random", "stratified"),
        help="the reference is a probability sample of the map (stratified: by mapped class):"
        " gives area-adjusted accuracy and areas with 95%% intervals",
    )
    add_output_options(parser)


def _add_report(commands: Commands) -> None:
    parser = _command(
        commands,
        "report",
        "draw one HTML page of a run: maps, curves, accuracy, areas",
        "s4 report --run out/demo --out out/demo/report.html",
    )
    parser.add_argument(
        "--run",
        metavar="FOLDER",
        required=True,
        help="folder with a map and its metrics, or with optical/ and radar/ folders of them",
    )
    parser.add_argument("--out", metavar="FILE", required=True, help="page to write (.html)")
    parser.add_argument("--title", metavar="TEXT", help="title of the page")
    add_output_options(parser)

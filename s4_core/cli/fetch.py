"""`s4 fetch`: its options, and what it prints."""

from __future__ import annotations

import argparse
from typing import Any

from s4_core.cli.options import add_output_options, season

Commands = Any  # argparse names the type of add_subparsers() only privately

_EPILOG = """\
examples:
  s4 fetch --aoi parcels.gpkg --season 2024-10-01:2025-09-30 --plan
  s4 fetch --aoi parcels.gpkg --season 2024-10-01:2025-09-30 --out area
  s4 fetch --aoi 4.05,50.74,4.07,50.75 --season 2019-04-01:2019-09-30 --modality radar \\
           --orbit ascending --out area
  s4 fetch --aoi field.gpkg --season 2024-04-01:2024-09-30 --source https://stac.example.org \\
           --collection sentinel-2-l2a --modality optical --out area

sources: earth-search (optical), planetary-computer (optical, radar), copernicus (optical, needs
keys), the address of any STAC API or static catalogue, or a JSON file with an entry of your own.
Credentials come from the environment: S4_FETCH_TOKEN, or AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY; a proxy from HTTPS_PROXY. An interrupted fetch goes on where it was.
"""


def add_fetch(commands: Commands) -> None:
    """The command and its options."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "fetch",
        help="get Sentinel images of an area and a season into an area's folder",
        description="Search a STAC catalogue, tell what there is, and fetch the part inside the"
        " area: one file a date, reflectance and dB in one meaning, with area.json.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_where(parser.add_argument_group("what to get"))
    _add_how(parser.add_argument_group("how"))
    add_output_options(parser)


def _add_where(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--aoi",
        metavar="FILE|BOX",
        required=True,
        help="parcels or a raster whose box is meant, or xmin,ymin,xmax,ymax",
    )
    group.add_argument(
        "--aoi-crs", metavar="CRS", help="of the four numbers (default: longitude, latitude)"
    )
    group.add_argument("--layer", metavar="NAME", help="layer of FILE (default: the first)")
    group.add_argument(
        "--season", metavar="START:END", type=season, required=True, help="first and last day"
    )
    group.add_argument(
        "--modality",
        nargs="+",
        choices=("optical", "radar"),
        default=["optical", "radar"],
        help="which images (default: both)",
    )
    group.add_argument(
        "--bands",
        nargs="+",
        metavar="BAND",
        default=[],
        help="B02 .. B12, VV, VH, or red, nir, swir16 ... (default: all that S4 uses)",
    )
    group.add_argument(
        "--max-cloud", metavar="PERCENT", type=float, help="leave out scenes with more cloud"
    )
    group.add_argument(
        "--orbit",
        choices=("ascending", "descending", "both"),
        help="of the radar (default: the one with more dates)",
    )
    group.add_argument(
        "--backscatter",
        choices=("gamma0", "sigma0"),
        help="of the radar (default: as the source has it)",
    )
    group.add_argument(
        "--radar-pixel",
        dest="radar_pixel_m",
        metavar="METRES",
        type=float,
        help="average radar to pixels of this size, for example 20 (default: the source's)",
    )


def _add_how(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--out", metavar="DIR", default="", help="folder of the area to fill")
    group.add_argument(
        "--source",
        metavar="NAME|URL|FILE",
        action="append",
        default=[],
        help="where from; may be repeated, the first that offers a modality gives it",
    )
    group.add_argument(
        "--collection",
        dest="collections",
        metavar="NAME",
        action="append",
        default=[],
        help="collection to search instead of the source's own; may be repeated",
    )
    group.add_argument(
        "--parallel", metavar="N", type=int, default=4, help="images at once (default: 4)"
    )
    group.add_argument(
        "--plan",
        dest="plan_only",
        action="store_true",
        help="show dates, cloud and size, download nothing",
    )
    group.add_argument(
        "--yes", dest="confirmed", action="store_true", help="go on although it is huge"
    )

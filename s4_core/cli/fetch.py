"""`s4 fetch` and `s4 import`: how images come into an area's folder."""

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

_IMPORT_EPILOG = """\
examples:
  s4 import ~/Downloads/*.SAFE.zip --aoi parcels.gpkg --out area
  s4 import openeo_result.nc --out area --unit linear
  s4 import images/ --plan

recognised: Sentinel-2 .SAFE (Level-2A, Sen2Like; folder or zip), Theia (MAJA), netCDF with a time
dimension, and rasters with band names and dates: one file a band, a date or a stack of dates.
"""

_BOX = "parcels or a raster whose box is meant, or xmin,ymin,xmax,ymax"


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


def add_import(commands: Commands) -> None:
    """The command for images that were downloaded, and its options."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "import",
        help="bring downloaded images (SAFE, Theia, openEO, GeoTIFFs) into an area's folder",
        description="Look through products and folders, tell what was recognised and what not, and"
        " write the part inside the area: one file a date, with area.json.",
        epilog=_IMPORT_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = parser.add_argument_group("what to bring in")
    what.add_argument("paths", metavar="PATH", nargs="+", help="products, rasters, or folders")
    what.add_argument("--aoi", metavar="FILE|BOX", default="", help=f"{_BOX} (default: everything)")
    _add_place(what)
    what.add_argument(
        "--season", metavar="START:END", type=season, help="days (default: all that are there)"
    )
    _add_bands(what)
    what.add_argument(
        "--unit", choices=("dB", "linear"), help="of radar whose files do not tell it"
    )
    how = parser.add_argument_group("how")
    _add_output(how, parallel=2)
    add_output_options(parser)
    parser.set_defaults(command="import_images")


def _add_where(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--aoi", metavar="FILE|BOX", required=True, help=_BOX)
    _add_place(group)
    group.add_argument(
        "--season", metavar="START:END", type=season, required=True, help="first and last day"
    )
    group.add_argument(
        "--margin",
        dest="margin_days",
        metavar="DAYS",
        type=int,
        default=30,
        help="images of so many days before and after are got too: they help where the season's"
        " ends are under cloud (default: %(default)s)",
    )
    group.add_argument(
        "--modality",
        nargs="+",
        choices=("optical", "radar"),
        default=["optical", "radar"],
        help="which images (default: both)",
    )
    group.add_argument(
        "--max-cloud", metavar="PERCENT", type=float, help="leave out scenes with more cloud"
    )
    _add_bands(group)


def _add_place(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--aoi-crs", metavar="CRS", help="of the four numbers (default: longitude, latitude)"
    )
    group.add_argument("--layer", metavar="NAME", help="layer of FILE (default: the first)")


def _add_bands(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--bands",
        nargs="+",
        metavar="BAND",
        default=[],
        help="B02 .. B12, VV, VH, or red, nir, swir16 ... (default: all that S4 uses)",
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
        "--cloud-mask",
        choices=("s2cloudless",),
        help="for optical images without a scene classification; s2cloudless must be installed",
    )
    group.add_argument(
        "--radar-pixel",
        dest="radar_pixel_m",
        metavar="METRES",
        type=float,
        help="average radar to pixels of this size, for example 20 (default: the source's)",
    )


def _add_output(group: argparse._ArgumentGroup, parallel: int) -> None:
    group.add_argument("--out", metavar="DIR", default="", help="folder of the area to fill")
    group.add_argument(
        "--parallel",
        metavar="N",
        type=int,
        default=parallel,
        help="images at once (default: %(default)s)",
    )
    group.add_argument(
        "--plan",
        dest="plan_only",
        action="store_true",
        help="show what there is and its size, write nothing",
    )
    group.add_argument(
        "--yes", dest="confirmed", action="store_true", help="go on although it is huge"
    )


def _add_how(group: argparse._ArgumentGroup) -> None:
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
    _add_output(group, parallel=4)

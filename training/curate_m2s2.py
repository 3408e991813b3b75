"""Build an unlabelled pretraining set, like m2s2-SITS, from areas of your own.

python -m training.curate_m2s2 --area A --area B --before 2018-09-01 --out m2s2/france
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from s4_core import data, io
from s4_core.data.published import NpyFolder
from s4_core.data.published.curating import Curation, curate
from s4_core.errors import S4Error
from s4_core.protocol import AreaRequest


def main() -> None:
    """Open the areas, draw the places, write the set."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--area", dest="areas", action="append", required=True, metavar="AREA")
    parser.add_argument("--season", metavar="START:END", help="use only images of these days")
    before = "first day of the labelled season: all images are a year older"
    parser.add_argument(
        "--before", type=date.fromisoformat, required=True, metavar="DATE", help=before
    )
    parser.add_argument("--within", type=Path, metavar="FILE", help="polygons to stay inside")
    parser.add_argument("--away-from", type=Path, metavar="DIR",
                        help="labelled set with metadata.geojson in the areas' CRS")  # fmt: skip
    parser.add_argument("--patch", type=int, default=128, metavar="PX")
    parser.add_argument("--per-area", type=int, default=100, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    asked = parser.parse_args()
    try:
        written = _curated(asked)
    except S4Error as error:
        raise SystemExit(f"error: {error.message}\n  do: {error.remedy}") from error
    print(f"{written} patches in {asked.out}")


def _curated(asked: argparse.Namespace) -> int:
    areas = [data.open_area(AreaRequest(path, season=asked.season)) for path in asked.areas]
    curation = Curation(
        asked.patch,
        asked.per_area,
        asked.before,
        io.read_parcels(asked.within) if asked.within else None,
        NpyFolder.opened(asked.away_from, ()).boxes if asked.away_from else (),
        asked.seed,
    )
    return curate(asked.out, areas, curation)


if __name__ == "__main__":
    main()

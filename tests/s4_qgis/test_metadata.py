"""metadata.txt and pb_tool.cfg: complete, and true."""

from __future__ import annotations

import configparser
import xml.etree.ElementTree as ET
from pathlib import Path

import s4_core

REPOSITORY = Path(__file__).resolve().parents[2]


def metadata() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(REPOSITORY / "metadata.txt", encoding="utf-8")
    return parser["general"]


def test_metadata_is_complete() -> None:
    given = metadata()
    for key in ("name", "description", "about", "author", "email", "tags", "changelog"):
        assert given[key].strip()
    for key in ("homepage", "repository", "tracker"):
        assert given[key].startswith("https://")
    assert given["version"] == s4_core.__version__
    assert (given["qgisMinimumVersion"], given["qgisMaximumVersion"]) == ("3.34", "4.99")
    assert given["hasProcessingProvider"] == "yes"
    assert given["category"] == "Raster"
    assert given["experimental"] == "False"
    assert (REPOSITORY / given["icon"]).is_file()
    assert "PyTorch" in given["about"]
    assert given["changelog"].startswith(s4_core.__version__)


def test_pb_tool_names_what_exists() -> None:
    parser = configparser.ConfigParser()
    parser.read(REPOSITORY / "pb_tool.cfg", encoding="utf-8")
    assert parser["plugin"]["name"].isidentifier()
    files = parser["files"]
    named = " ".join(files[key] for key in ("python_files", "extras", "extra_dirs")).split()
    for name in ("__init__.py", "metadata.txt", "LICENSE", "s4_qgis", "s4_core", "resources"):
        assert name in named
    for name in named:
        assert (REPOSITORY / name).exists()


def test_icons_are_small_and_well_formed() -> None:
    icons = sorted((REPOSITORY / "resources" / "icons").glob("*.svg"))
    assert len(icons) >= 12
    for icon in icons:
        assert "viewBox" in ET.parse(icon).getroot().attrib
        assert icon.stat().st_size < 4000

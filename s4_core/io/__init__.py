"""Rasters, vectors and legends through GDAL/OGR. The only room that imports osgeo."""

from s4_core.io import atomic
from s4_core.io.arrays import write_array
from s4_core.io.atomic import aside, write_json, write_table, write_text
from s4_core.io.catalogue import Scan, describe, is_raster, scan, scan_files
from s4_core.io.confidence import CONFIDENCE_NAME, confidence_beside
from s4_core.io.crs import pixel_area_ha
from s4_core.io.datasets import close_rasters
from s4_core.io.grids import target_grid, to_pixels
from s4_core.io.legends import legend_of_map, read_legend, stored_classes, write_legend
from s4_core.io.locking import alone
from s4_core.io.map_writer import MapWriter
from s4_core.io.parcel_reading import read_parcels
from s4_core.io.parcel_writing import write_parcels
from s4_core.io.parcels import Parcel, ParcelLayer
from s4_core.io.rasterizing import Overlap, overlapping, pixels_of, rasterize
from s4_core.io.reading import read, read_array, to_grid
from s4_core.io.styles import write_style

__all__ = [
    "CONFIDENCE_NAME",
    "MapWriter",
    "Overlap",
    "Parcel",
    "ParcelLayer",
    "Scan",
    "alone",
    "aside",
    "atomic",
    "close_rasters",
    "confidence_beside",
    "describe",
    "is_raster",
    "legend_of_map",
    "overlapping",
    "pixel_area_ha",
    "pixels_of",
    "rasterize",
    "read",
    "read_array",
    "read_legend",
    "read_parcels",
    "scan",
    "scan_files",
    "stored_classes",
    "target_grid",
    "to_grid",
    "to_pixels",
    "write_array",
    "write_json",
    "write_legend",
    "write_parcels",
    "write_style",
    "write_table",
    "write_text",
]

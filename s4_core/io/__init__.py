"""Rasters, vectors and legends through GDAL/OGR. The only room that imports osgeo."""

from s4_core.io import atomic
from s4_core.io.array_files import PART, Arrays, read_arrays, write_arrays
from s4_core.io.arrays import write_array
from s4_core.io.atomic import aside, write_json, write_table, write_text
from s4_core.io.catalogue import Scan, describe, is_raster, scan, scan_files
from s4_core.io.confidence import CONFIDENCE_NAME, confidence_beside
from s4_core.io.containers import Layer, layers_in, members, read_bytes
from s4_core.io.content import FileDigests, files_behind
from s4_core.io.crs import crs_name, pixel_area_ha
from s4_core.io.datasets import cache_bytes, close_rasters, forget_raster
from s4_core.io.extents import (
    box_in,
    boxes_of,
    covered_share,
    crs_of_code,
    extent_of,
    grid_over,
    is_nested,
)
from s4_core.io.grids import (
    pixels_per_pixel,
    source_window,
    target_grid,
    to_pixels,
    whole_pixel_shift,
)
from s4_core.io.hierarchical import Hdf5File, write_hdf5
from s4_core.io.image_writer import ImageForm, ImageWriter, image_bytes
from s4_core.io.legends import legend_of_map, read_legend, stored_classes, write_legend
from s4_core.io.locking import alone
from s4_core.io.map_writer import MapWriter
from s4_core.io.parcel_reading import read_parcels
from s4_core.io.parcel_writing import write_parcels
from s4_core.io.parcels import Parcel, ParcelLayer
from s4_core.io.rasterizing import Overlap, overlapping, pixels_of, rasterize
from s4_core.io.reading import read, read_array, to_grid
from s4_core.io.remote import (
    RemoteFailure,
    describe_remote,
    forget_remote,
    gdal_options,
    headers_of,
    remote_failures,
    remote_path,
    stored_bytes,
    without_secrets,
)
from s4_core.io.styles import write_style

__all__ = [
    "CONFIDENCE_NAME",
    "PART",
    "Arrays",
    "FileDigests",
    "Hdf5File",
    "ImageForm",
    "ImageWriter",
    "Layer",
    "MapWriter",
    "Overlap",
    "Parcel",
    "ParcelLayer",
    "RemoteFailure",
    "Scan",
    "alone",
    "aside",
    "atomic",
    "box_in",
    "boxes_of",
    "cache_bytes",
    "close_rasters",
    "confidence_beside",
    "covered_share",
    "crs_name",
    "crs_of_code",
    "describe",
    "describe_remote",
    "extent_of",
    "files_behind",
    "forget_raster",
    "forget_remote",
    "gdal_options",
    "grid_over",
    "headers_of",
    "image_bytes",
    "is_nested",
    "is_raster",
    "layers_in",
    "legend_of_map",
    "members",
    "overlapping",
    "pixel_area_ha",
    "pixels_of",
    "pixels_per_pixel",
    "rasterize",
    "read",
    "read_array",
    "read_arrays",
    "read_bytes",
    "read_legend",
    "read_parcels",
    "remote_failures",
    "remote_path",
    "scan",
    "scan_files",
    "source_window",
    "stored_bytes",
    "stored_classes",
    "target_grid",
    "to_grid",
    "to_pixels",
    "whole_pixel_shift",
    "without_secrets",
    "write_array",
    "write_arrays",
    "write_hdf5",
    "write_json",
    "write_legend",
    "write_parcels",
    "write_style",
    "write_table",
    "write_text",
]

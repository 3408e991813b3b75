"""Downloads as users have them, in the structure of the real ones; the numbers are made up."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal
from scipy.io import netcdf_file

from s4_core.types import OPTICAL_BANDS, Grid
from tests.fetch.scenes import SIDE, grid, numbers

Array = np.ndarray[Any, Any]

FINE = ("B02", "B03", "B04", "B08")

METADATA = """<?xml version="1.0" encoding="UTF-8"?>
<n1:Level-2A_User_Product>
 <n1:General_Info><Product_Info>
  <PRODUCT_START_TIME>{day}T105031.024Z</PRODUCT_START_TIME>
  <PROCESSING_BASELINE>{baseline}</PROCESSING_BASELINE>
 </Product_Info><Product_Image_Characteristics>
  <QUANTIFICATION_VALUES_LIST>
   <BOA_QUANTIFICATION_VALUE unit="none">10000</BOA_QUANTIFICATION_VALUE>
  </QUANTIFICATION_VALUES_LIST>{offsets}
 </Product_Image_Characteristics></n1:General_Info>
 <n1:Quality_Indicators_Info>
  <Cloud_Coverage_Assessment>7.25</Cloud_Coverage_Assessment>
 </n1:Quality_Indicators_Info>
</n1:Level-2A_User_Product>
"""


def coarse() -> Grid:
    return grid(20.0, SIDE // 2)


def write(path: Path, values: Array, on: Grid, driver: str, nodata: float | None = None) -> None:
    stack = values if values.ndim == 3 else values[None]
    kind = {"uint16": gdal.GDT_UInt16, "uint8": gdal.GDT_Byte, "int16": gdal.GDT_Int16}
    memory = gdal.GetDriverByName("MEM").Create(
        "", on.width, on.height, len(stack), kind.get(stack.dtype.name, gdal.GDT_Float32)
    )
    memory.SetProjection(on.crs_wkt)
    memory.SetGeoTransform(on.transform)
    for index, band in enumerate(stack, start=1):
        memory.GetRasterBand(index).WriteArray(band)
        if nodata is not None:
            memory.GetRasterBand(index).SetNoDataValue(nodata)
    path.parent.mkdir(parents=True, exist_ok=True)
    lossless = ["QUALITY=100", "REVERSIBLE=YES"] if driver == "JP2OpenJPEG" else []
    gdal.GetDriverByName(driver).CreateCopy(str(path), memory, options=lossless)


def band_values(seed: int) -> dict[str, tuple[Array, Grid]]:
    bands = {}
    for index, band in enumerate(OPTICAL_BANDS):
        on = grid() if band in FINE else coarse()
        bands[band] = (numbers(100 * seed + index, on.shape), on)
    bands["SCL"] = (np.full(coarse().shape, 4, np.uint8), coarse())
    return bands


def on_fine(values: Array) -> Array:
    return values if values.shape[0] == SIDE else values.repeat(2, 0).repeat(2, 1)


def write_safe(folder: Path, day: str, baseline: str = "05.09", seed: int = 1) -> Path:
    """A Level-2A product; returns the .SAFE folder."""
    code = baseline.replace(".", "")
    safe = folder / f"S2B_MSIL2A_{day}T105031_N{code}_R051_T31UES_{day}T132110.SAFE"
    tile = safe / "GRANULE" / f"L2A_T31UES_A036000_{day}T105031"
    for band, (values, on) in band_values(seed).items():
        sizes = (10, 20) if band in FINE else (20, 60)
        for size in sizes:
            name = f"T31UES_{day}T105031_{band}_{size}m.jp2"
            if size == sizes[0]:
                write(tile / "IMG_DATA" / f"R{size}m" / name, values, on, "JP2OpenJPEG")
            else:  # coarser copies that nobody should read
                spoiled = np.zeros_like(values)
                write(tile / "IMG_DATA" / f"R{size}m" / name, spoiled, on, "JP2OpenJPEG")
    mask = tile / "QI_DATA" / "MSK_CLDPRB_20m.jp2"
    write(mask, np.zeros(coarse().shape, np.uint8), coarse(), "JP2OpenJPEG")
    offset = '<BOA_ADD_OFFSET band_id="{}">-1000</BOA_ADD_OFFSET>'
    offsets = "".join(offset.format(i) for i in range(13)) if float(baseline) >= 4 else ""
    day_text = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    text = METADATA.format(day=day_text, baseline=baseline, offsets=offsets)
    (safe / "MTD_MSIL2A.xml").write_text(text)
    return safe


def zipped(product: Path) -> Path:
    """The product as a zip archive; the folder is gone."""
    archive = product.with_name(f"{product.name}.zip")
    with zipfile.ZipFile(archive, "w") as opened:
        for path in sorted(product.rglob("*")):
            if path.is_file():
                opened.write(path, f"{product.name}/{path.relative_to(product)}")
                path.unlink()
    for path in sorted(product.rglob("*"), reverse=True):
        path.rmdir()
    product.rmdir()
    return archive


def write_maja(folder: Path, day: str, seed: int = 1) -> Path:
    """A Theia product: FRE and SRE reflectance, and the cloud mask in bits."""
    name = f"SENTINEL2A_{day}-105624-123_L2A_T31UES_C_V3-1"
    product = folder / name
    for band, (values, on) in band_values(seed).items():
        if band == "SCL":
            continue
        short = band.replace("B0", "B")
        signed = values.astype(np.int16)
        signed[0, 0] = -10_000
        write(product / f"{name}_FRE_{short}.tif", signed, on, "GTiff")
        write(product / f"{name}_SRE_{short}.tif", np.zeros_like(signed), on, "GTiff")
    bits = np.zeros(grid().shape, np.uint8)
    bits[0, :4] = (0b11, 0b100001, 0b10000, 0b101)
    write(product / "MASKS" / f"{name}_CLM_R1.tif", bits, grid(), "GTiff")
    write(product / "MASKS" / f"{name}_CLM_R2.tif", bits[::2, ::2], coarse(), "GTiff")
    return product


def write_openeo(path: Path, days: list[str], seed: int = 1) -> dict[str, Array]:
    """A netCDF as openEO gives it: a variable a band, a dimension of time. `(T, H, W)` each."""
    on = grid()
    x0, dx, _, y0, _, dy = on.transform
    since = np.datetime64("1990-01-01")
    places = {
        "t": [(np.datetime64(day) - since).astype(int) for day in days],
        "y": y0 + dy * (np.arange(on.height) + 0.5),
        "x": x0 + dx * (np.arange(on.width) + 0.5),
    }
    named = {"y": "projection_y_coordinate", "x": "projection_x_coordinate", "t": "t"}
    stacks = {}
    with netcdf_file(str(path), "w") as file:
        file.Conventions = "CF-1.9"
        for name, values in places.items():
            file.createDimension(name, len(values))
            variable = file.createVariable(name, "d", (name,))
            variable[:] = values
            variable.standard_name = named[name]
            variable.units = "days since 1990-01-01" if name == "t" else "m"
        crs = file.createVariable("crs", "i", ())
        crs.crs_wkt = crs.spatial_ref = on.crs_wkt
        for index, band in enumerate(("B02", "B04", "B08", "SCL")):
            draw = [numbers(100 * seed + 10 * index + t, on.shape) for t in range(len(days))]
            stack = np.full_like(draw, 4) if band == "SCL" else np.stack(draw)
            stacks[band] = stack.astype(np.int16)
            variable = file.createVariable(band, "h", ("t", "y", "x"))
            variable[:] = stacks[band]
            variable.grid_mapping = "crs"
    return stacks


def write_sen2like(folder: Path, day: str, level: str = "L2F", seed: int = 1) -> Path:
    """A product of Sen2Like: COGs beside each other, a validity mask, no scene classification."""
    safe = folder / f"S2A_MSI{level}_{day}T105441_N9999_R051_T31UES_{day}T112309.SAFE"
    stem = f"{level}_T31UES_{day}T105441_S2A_R051"
    tile = safe / "GRANULE" / f"{level}_T31UES_A000000_{day}T105441_S2A_R051"
    for band, (values, on) in band_values(seed).items():
        if band == "SCL":
            continue
        size = round(on.pixel_size[0])
        if level == "L2F" and size == 20:  # fused onto 10 m; the native ones lie beside them
            native = tile / "IMG_DATA" / "NATIVE" / f"{stem}_{band}_20m.TIF"
            write(native, np.zeros_like(values), on, "GTiff")
            write(tile / "IMG_DATA" / f"{stem}_{band}_10m.TIF", on_fine(values), grid(), "GTiff")
        else:
            write(tile / "IMG_DATA" / f"{stem}_{band}_{size}m.TIF", values, on, "GTiff")
    write(tile / "QI_DATA" / f"{stem}_MSK.TIF", np.ones(grid().shape, np.uint8), grid(), "GTiff")
    day_text = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    text = METADATA.format(day=day_text, baseline="99.99", offsets="")
    (safe / f"MTD_MSI{level}.xml").write_text(text)
    return safe


def write_landsat_like(folder: Path, day: str) -> Path:
    """A Landsat scene that Sen2Like made: named as its Sentinel-2 ones, another sensor."""
    safe = folder / f"LS9_OLIL2F_{day}T103424_N0403_R198_T31UES_{day}T084427.SAFE"
    tile = safe / "GRANULE" / f"L2F_T31UES_A000000_{day}T103424_LS9_R198"
    name = f"L2F_T31UES_{day}T103424_LS9_R198_B04_10m.TIF"
    write(tile / "IMG_DATA" / name, numbers(1, grid().shape), grid(), "GTiff")
    return safe

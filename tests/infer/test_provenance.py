"""The fingerprint changes with whatever the pixels depend on; device and precision for maps."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from s4_core import data
from s4_core.errors import CheckpointError
from s4_core.infer import device_for
from s4_core.infer.provenance import digest_of, fingerprint
from s4_core.types import RuntimeSettings
from tests.infer.small_area import Mapper, write_area


def test_the_fingerprint_follows_files_and_options(map_area: Mapper, tmp_path: Path) -> None:
    folder = write_area(tmp_path / "fields", 16, 16)
    within = tmp_path / "within.gpkg"
    within.write_text("one")
    job = map_area.job(area={"path": str(folder)}, within=str(within))
    area = data.open_area(job.area)
    seen = [fingerprint(area, job, "digest", [128, 4])]
    assert fingerprint(data.open_area(job.area), job, "digest", [128, 4]) == seen[0]
    seen.append(fingerprint(area, job, "another", [128, 4]))
    seen.append(fingerprint(area, job, "digest", [64, 4]))
    seen.append(fingerprint(area, replace(job, min_confidence=0.5), "digest", [128, 4]))
    seen.append(fingerprint(area, replace(job, extent="0,0,1,1"), "digest", [128, 4]))
    optical = replace(area.optical, scale=2e-4)
    seen.append(fingerprint(replace(area, optical=optical), job, "digest", [128, 4]))
    within.write_text("other")
    seen.append(fingerprint(area, job, "digest", [128, 4]))
    os.utime(area.acquisitions[0].raster.path, (1, 1))
    seen.append(fingerprint(area, job, "digest", [128, 4]))
    masks = replace(area, optical=replace(area.optical, mask=str(tmp_path / "mask_{date}.tif")))
    seen.append(fingerprint(masks, job, "digest", [128, 4]))
    (tmp_path / f"mask_{area.acquisitions[0].date:%Y%m%d}.tif").write_text("mask")
    seen.append(fingerprint(masks, job, "digest", [128, 4]))
    assert len(set(seen)) == len(seen)


def test_the_digest_of_a_model(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"abc")
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest_of(str(path)) == known
    with pytest.raises(CheckpointError, match="cannot be read"):
        digest_of(str(tmp_path / "none"))


def test_maps_on_the_cpu_are_fp32_unless_asked_otherwise() -> None:
    assert device_for(RuntimeSettings(device="cpu")).precision == "fp32"
    assert device_for(RuntimeSettings(device="cpu", precision="bf16")).precision == "bf16"

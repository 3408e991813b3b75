"""Outputs that cannot be made are found out before the work, and nothing stays behind."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.cli.test_bad_input import SMALL_SET, finetune, refused, segment


def files(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def blocked(tmp_path):
    """A folder where a file should go."""
    folder = tmp_path / "blocked"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("name", ["map.tif", "confidence.tif", "areas.csv", "map.qml"])
def test_a_folder_in_the_way_of_a_map(s4, project, tmp_path, name):
    out = tmp_path / "out"
    (out / name).mkdir(parents=True)
    said = s4(*segment(project.area, project.model, out), "--json")
    refused(said, "output", name, "it is a folder")
    assert files(out) == [name]


def test_a_folder_in_the_way_of_a_model(s4, project, blocked):
    said = s4(
        *(
            "finetune",
            "--area",
            project.area,
            "--init",
            project.pretrained,
            "--modality",
            "optical",
        ),
        *("--out", blocked, "--json"),
    )
    refused(said, "output", "it is a folder")
    assert "features" not in said.err  # before the work
    said = s4("pretrain", "--area", project.area, "--out", blocked, "--json", *SMALL_SET)
    refused(said, "output", "it is a folder")
    assert files(blocked.parent) == ["blocked"]


def test_a_folder_in_the_way_of_metrics_and_pages(s4, folder, blocked):
    said = s4(
        *("evaluate", "--map", folder / "crop_map.tif", "--reference", folder / "parcels.gpkg"),
        *("--field", "crop", "--out", blocked, "--json"),
    )
    refused(said, "output", "it is a folder")
    (folder / "page.html").mkdir()
    said = s4("report", "--run", folder, "--out", folder / "page.html", "--json")
    refused(said, "output", "it is a folder")


def test_folders_where_files_are_expected(s4, project, blocked, folder, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    said = s4(*segment(project.area, project.model, out), "--within", blocked, "--json")
    refused(said, "labels", "blocked is a folder")
    said = s4(*finetune(project.area, blocked, out), "--json")
    refused(said, "checkpoint", "blocked")
    reference = ("--reference", folder / "parcels.gpkg", "--field", "crop", "--json")
    refused(s4("evaluate", "--map", blocked, *reference), "raster", "blocked is a folder")
    assert files(out) == []


def test_statistics_that_are_not_there(s4, project, tmp_path):
    said = s4(
        *("pretrain", "--area", project.area, "--out", tmp_path / "m.safetensors"),
        *("--stats", tmp_path / "none.json", "--json", *SMALL_SET),
    )
    refused(said, "configuration", "none.json", "no such folder or file")
    assert json.loads(said.out)["error"]["remedy"].startswith("Give an area's folder")


def test_names_that_no_file_can_have(s4, project, tmp_path):
    long = "x" * 300
    said = s4(*segment(project.area, project.model, tmp_path), "--out", f"{long}.tif", "--json")
    refused(said, "output", "File name too long")
    said = s4(*finetune(project.area, project.pretrained, tmp_path), "--out", long, "--json")
    refused(said, "output", "File name too long")
    refused(s4("info", long, "--json"), "input", "File name too long")
    assert files(tmp_path) == []


def test_a_map_never_replaces_what_it_is_made_from(s4, project, tmp_path):
    image = sorted((project.area / "optical").glob("*.tif"))[0]
    parcels = project.area / "parcels.gpkg"
    mask = shutil.copy(image, tmp_path / "mask.tif")
    before = {path: path.read_bytes() for path in (image, parcels, tmp_path / "mask.tif")}
    for options in (
        ["--out", image],
        ["--out", mask, "--within", mask],
        ["--confidence", image],
    ):
        said = s4(*segment(project.area, project.model, tmp_path), *options, "--json")
        refused(said, "output", "the run reads it")
    (tmp_path / "parcels.csv").write_text("WKT,crop\n")
    said = s4(
        *segment(project.area, project.model, tmp_path),
        *("--parcels", tmp_path / "parcels.csv", "--json"),
    )
    refused(said, "output", "parcels.csv cannot be written: the run reads it")
    assert {path: path.read_bytes() for path in before} == before


def test_a_model_never_replaces_what_it_learns_from(s4, project, tmp_path):
    model = shutil.copy(project.pretrained, tmp_path / "m.safetensors")
    refused(s4(*finetune(project.area, model, tmp_path), "--json"), "output", "the run reads it")
    labels = shutil.copy(project.area / "parcels.gpkg", tmp_path / "again.training_parcels.gpkg")
    said = s4(
        *finetune(project.area, project.pretrained, tmp_path),
        *("--labels", labels, "--field", "crop", "--out", tmp_path / "again.safetensors"),
        "--json",
    )
    refused(said, "output", "again.training_parcels.gpkg cannot be written: the run reads it")
    said = s4(
        *("pretrain", "--area", project.area, "--init", model, "--out", model),
        *("--json", *SMALL_SET),
    )
    refused(said, "output", "the run reads it")


def test_metrics_never_replace_what_they_judge(s4, folder):
    parcels = folder / "parcels.gpkg"
    said = s4(
        *("evaluate", "--map", folder / "crop_map.tif", "--reference", parcels),
        *("--field", "crop", "--out", folder / "." / "parcels.gpkg", "--json"),
    )
    refused(said, "output", "the run reads it")

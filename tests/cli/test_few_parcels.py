"""`s4 benchmark few-parcels` from the first option to the result, as a user meets it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from s4_core import benchmark, jobs
from s4_core.benchmark import few_parcels
from s4_core.cli.parser import build_parser
from s4_core.cli.requests import request
from s4_core.errors import Cancelled, ConfigurationError, LabelError, OutputError, S4Error
from s4_core.progress import Silent
from s4_core.protocol import (
    AreaRequest,
    FewParcelsJob,
    FinetuneJob,
    request_from_json,
    request_to_json,
)
from tests.test_worker import converse
from tests.tiny_project import ONE_CORE, write_parcels

QUICK = ("logistic", "s4")


@pytest.fixture
def job(project, tmp_path):
    return FewParcelsJob(
        (AreaRequest(path=str(project.area)),),
        str(project.pretrained),
        str(tmp_path / "results.json"),
        k=(1,),
        splits=3,
        methods=QUICK,
        runtime=ONE_CORE,
    )


def without_times(path):
    """A result but for the seconds."""
    result = json.loads(Path(path).read_text(encoding="utf-8"))
    for cell in result["cells"]:
        del cell["seconds"], cell["prepared_s"]
    return result


def copied(project, folder, **changes):
    """A copy of the project's area with another area.json."""
    shutil.copytree(project.area, folder)
    stated = json.loads((folder / "area.json").read_text())
    (folder / "area.json").write_text(json.dumps({**stated, **changes}))
    return str(folder)


def test_options_become_the_request():
    text = (
        "benchmark few-parcels --area a --area b --modality radar --k 1 3 --splits 4 --methods rf"
        " s4 --init m --out r.json --labels p.gpkg --field crop --seed 7 --area-steps 9"
        " --scratch-steps 8 --season 2018-10-15:2019-10-31 --threads 2 --resume"
    )
    season = "2018-10-15:2019-10-31"
    wanted = FewParcelsJob(
        (AreaRequest(path="a", season=season), AreaRequest(path="b", season=season)),
        "m",
        "r.json",
        modalities=("radar",),
        k=(1, 3),
        splits=4,
        methods=("rf", "s4"),
        labels="p.gpkg",
        field="crop",
        scratch_steps=8,
        area_steps=9,
        seed=7,
        resume=True,
    )
    found = request(build_parser().parse_args(text.split()))
    assert replace(found, runtime=wanted.runtime) == wanted
    assert found.runtime.threads == 2
    assert request_from_json(request_to_json(found)) == found


def test_the_checkpoint_by_default_is_there():
    found = request(
        build_parser().parse_args(["benchmark", "few-parcels", "--area", "a", "--out", "r"])
    )
    assert Path(found.init).is_file()


def test_the_result_and_its_table(s4, project, tmp_path):
    out = tmp_path / "results.json"
    said = s4(
        "benchmark", "few-parcels", "--area", project.area, "--init", project.pretrained,
        "--k", 1, 2, "--splits", 3, "--methods", *QUICK, "--threads", 1, "--json", "--out", out,
    )  # fmt: skip
    assert said.code == 0, said.err
    result = json.loads(said.out)
    assert {k: v for k, v in result.items() if k in json.loads(out.read_text())} == json.loads(
        out.read_text()
    ) | {"warnings": result["warnings"]}
    assert [(c["modality"], c["k"], c["method"]) for c in result["cells"]] == [
        (modality, k, method)
        for modality in ("optical", "radar")
        for method in QUICK
        for k in (1, 2)
    ]
    means = {
        name: np.mean([np.mean(c["miou"]) for c in result["cells"] if c["method"] == name])
        for name in QUICK
    }
    assert result["best_rival"] == "logistic"
    assert result["methods"]["s4"]["mean"] == pytest.approx(means["s4"])
    assert result["difference"]["mean"] == pytest.approx(means["s4"] - means["logistic"])
    assert result["difference"]["low"] <= result["difference"]["high"]
    assert "s4 minus logistic, pixels" in said.err
    assert (tmp_path / "results.png").read_bytes().startswith(b"\x89PNG")
    assert not (tmp_path / "results.work").exists()


def test_training_parcels_are_told_and_never_judge(job):
    result = jobs.run(replace(job, modalities=("optical",)))
    (draws,) = result["draws"]
    assert draws["asked"] == len(draws["training_parcels"]) + draws["duplicates_dropped"] == 3
    for ids in draws["training_parcels"]:
        # parcels 1 to 4 are beet, 5 to 8 wheat
        assert sorted(int(name) > 4 for name in ids) == [False, True]


def test_two_runs_give_the_same_file_but_for_the_seconds(job, tmp_path):
    methods = ("rf", "logistic", "rocket", "s4", "s4-random")
    outs = [tmp_path / f"{number}.json" for number in (1, 2)]
    for out in outs:
        jobs.run(replace(job, out=str(out), methods=methods, modalities=("radar",), splits=2))
    assert without_times(outs[0]) == without_times(outs[1])


class StoppingAfter(Silent):
    """Asks to stop once a stage was left so many times."""

    def __init__(self, stages):
        self.left, self.last = stages, None

    def progress(self, fraction, stage, eta_s, metrics):
        if self.last not in (None, stage):
            self.left -= 1
        self.last = stage

    def cancelled(self):
        return self.left < 0


def test_a_stopped_run_goes_on_with_its_finished_cells(job, tmp_path, monkeypatch):
    whole = tmp_path / "whole.json"
    jobs.run(replace(job, out=str(whole)))
    with pytest.raises(Cancelled):
        jobs.run(job, StoppingAfter(2))
    work = tmp_path / "results.work"
    finished = len(list(work.glob("cell-*.json")))
    assert finished in (1, 2, 3)
    assert not Path(job.out).exists()
    prepared = []
    real = few_parcels.judged_cell
    monkeypatch.setattr(
        few_parcels, "judged_cell", lambda *a, **k: prepared.append(1) or real(*a, **k)
    )
    jobs.run(replace(job, resume=True))
    assert len(prepared) == 4 - finished
    assert without_times(job.out) == without_times(whole)
    assert not work.exists()


def test_a_result_that_cannot_be_written_loses_no_cell(job, tmp_path, monkeypatch):
    def refuse(result, path):
        raise OutputError(f"{path} cannot be written: no space.", "Make room.")

    monkeypatch.setattr(benchmark, "draw", refuse)
    with pytest.raises(OutputError):
        jobs.run(job)
    monkeypatch.undo()
    judged = []
    monkeypatch.setattr(few_parcels, "judged_cell", lambda *a, **k: judged.append(a))
    assert set(jobs.run(replace(job, resume=True))["methods"]) == set(QUICK)
    assert judged == []
    assert not (tmp_path / "results.work").exists()


def test_another_setting_takes_over_nothing(job, tmp_path):
    with pytest.raises(Cancelled):
        jobs.run(job, StoppingAfter(2))
    other = replace(job, resume=True, seed=5)
    found = jobs.run(other)
    fresh = jobs.run(replace(other, resume=False, out=str(tmp_path / "fresh.json")))
    assert without_times(found["out"]) == without_times(fresh["out"])


def test_the_worker_serves_it(job):
    messages, err, code = converse(request_to_json(replace(job, modalities=("optical",))))
    assert code == 0, err
    assert messages[0]["device"] == "cpu"
    fractions = [m["fraction"] for m in messages if m["type"] == "progress"]
    assert fractions == sorted(fractions)
    assert messages[-1]["result"]["best_rival"] == "logistic"


def test_a_modality_that_the_area_lacks_is_skipped_and_said(job, project, tmp_path):
    folder = tmp_path / "optical_only"
    copied(project, folder)
    shutil.rmtree(folder / "radar")
    result = jobs.run(replace(job, areas=(AreaRequest(path=str(folder)),)))
    assert {cell["modality"] for cell in result["cells"]} == {"optical"}
    assert result["skipped"] == [
        {"area": "tiny", "modality": "radar", "reason": "tiny has no radar images."}
    ]


def test_pretraining_on_an_area_needs_both_modalities(job, project, tmp_path):
    folder = tmp_path / "optical_only"
    copied(project, folder)
    shutil.rmtree(folder / "radar")
    areas = (AreaRequest(path=str(folder)),)
    result = jobs.run(
        replace(job, areas=areas, modalities=("optical",), methods=(*QUICK, "s4-area"))
    )
    (skipped,) = result["skipped"]
    assert skipped["method"] == "s4-area"
    assert "s4-area" not in result["methods"]


def test_networks_of_an_area_are_shared_and_kept(job, tmp_path):
    methods = ("logistic", "s4-area")
    result = jobs.run(replace(job, methods=methods, area_steps=1))
    kept = list((tmp_path / "results.work").iterdir())
    assert [path.suffix for path in kept if path.name.startswith("adapted")].count(
        ".safetensors"
    ) == 1
    assert result["about"]["s4-area"]["pretraining_steps"] == 1
    before = {path: path.stat().st_mtime_ns for path in kept}
    jobs.run(replace(job, methods=methods, area_steps=1))
    assert {path: path.stat().st_mtime_ns for path in kept} == before


def test_a_network_that_learned_from_parcels_is_told(job, tmp_path):
    model = str(tmp_path / "taught.safetensors")
    asked = FinetuneJob(
        job.areas[0], job.init, model, "radar", mode="decoder", overrides={"finetune.epochs": 1},
        runtime=ONE_CORE,
    )  # fmt: skip
    jobs.run(asked)
    quick = replace(job, modalities=("radar",), methods=("logistic",), splits=1)
    assert any(
        "labelled parcels" in text for text in jobs.run(replace(quick, init=model))["warnings"]
    )
    assert not any("labelled parcels" in text for text in jobs.run(quick)["warnings"])


def test_simulated_and_real_areas_are_never_mixed(job, project, tmp_path):
    other = copied(project, tmp_path / "other", name="other", simulated=True)
    with pytest.raises(ConfigurationError) as caught:
        jobs.run(replace(job, areas=(*job.areas, AreaRequest(path=other))))
    assert "other" in caught.value.message
    assert "tiny" in caught.value.message


def test_a_simulated_area_is_said(s4, job, project, tmp_path):
    other = copied(project, tmp_path / "other", simulated=True)
    said = s4(
        "benchmark", "few-parcels", "--area", other, "--init", project.pretrained, "--k", 1,
        "--splits", 1, "--methods", "logistic", "--modality", "radar", "--out", job.out,
    )  # fmt: skip
    assert said.code == 0, said.err
    assert "SIMULATED DATA" in said.out
    assert json.loads(Path(job.out).read_text())["simulated"] is True


def test_an_area_given_twice_is_told(job):
    with pytest.raises(ConfigurationError) as caught:
        jobs.run(replace(job, areas=job.areas * 2))
    assert "tiny" in caught.value.message


def test_no_class_with_enough_parcels_is_told(job):
    with pytest.raises(LabelError) as caught:
        jobs.run(replace(job, k=(4,)))
    assert "more than 4" in caught.value.message


def test_a_k_that_no_area_allows_is_left_out_and_said(job):
    result = jobs.run(replace(job, k=(1, 4), modalities=("optical",)))
    assert {cell["k"] for cell in result["cells"]} == {1}
    assert [entry["k"] for entry in result["skipped"]] == [4]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"methods": ("rf", "svm")}, "svm"),
        ({"methods": ()}, "No method"),
        ({"modalities": ("thermal",)}, "thermal"),
        ({"modalities": ()}, "modalit"),
        ({"k": (0,)}, "k is 0"),
        ({"k": ()}, "k is empty"),
        ({"splits": 0}, "splits is 0"),
        ({"area_steps": 0}, "steps"),
        ({"areas": ()}, "area"),
        ({"out": "plot.png"}, "both"),
    ],
)
def test_impossible_choices_are_told(job, changes, said):
    with pytest.raises(S4Error) as caught:
        jobs.run(replace(job, **changes))
    assert said in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--area", "nowhere"], "nowhere"),
        (["--area", "{area}", "--init", "nowhere.safetensors"], "nowhere.safetensors"),
        (["--area", "{area}", "--labels", "nowhere.gpkg"], "nowhere.gpkg"),
        (["--area", "{area}", "--field", "plant"], "plant"),
        (["--area", "{area}", "--season", "2030-01-01:2030-06-01"], "2030"),
        (["--area", "{area}", "--methods", "svm"], "svm"),
    ],
)
def test_bad_input_is_told(s4, project, tmp_path, arguments, words):
    given = [text.format(area=project.area) for text in arguments]
    if "--init" not in given:
        given += ["--init", str(project.pretrained)]
    said = s4("benchmark", "few-parcels", *given, "--out", tmp_path / "r.json")
    assert said.code == 1
    assert words in said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "r.json").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["few-parcels", "--out", "r.json"],
        ["few-parcels", "--area", "a", "--out", "r.json", "--modality", "thermal"],
        ["few-parcels", "--area", "a", "--out", "r.json", "--k", "one"],
    ],
)
def test_wrong_usage(s4, arguments):
    assert s4("benchmark", *arguments).code == 2


def test_the_result_never_replaces_what_it_reads(s4, project, tmp_path):
    labels = write_parcels(tmp_path / "mine.gpkg")
    said = s4(
        "benchmark", "few-parcels", "--area", project.area, "--init", project.pretrained,
        "--labels", labels, "--field", "crop", "--out", labels,
    )  # fmt: skip
    assert said.code == 1
    assert "would be lost" in said.err

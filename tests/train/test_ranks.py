"""Processes that train together: real ones, as torchrun starts them, on gloo."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from s4_core.cli import main
from s4_core.config import settings_to_yaml
from s4_core.errors import ConfigurationError
from s4_core.launch import follows, process_count
from s4_core.train.history import history_path, read_history
from s4_core.train.norm_across_ranks import batch_norm
from s4_core.train.ranks import ALONE, Ranks, current
from s4_core.train.run import state_path

REPOSITORY = Path(__file__).resolve().parents[2]
CURVES = ("loss", "contrastive", "reconstruction", "validation_loss")

# rounding alone: one process whose batches are in reversed order deviates as much after a few
# epochs, as Adam makes steps of +-lr of gradients near zero
FIRST_EPOCH, LATER_EPOCHS = 1e-3, 2e-2

_KILLED = """
import os, signal, sys
from s4_core.cli import main
from s4_core.train import ranks
from s4_core.train.run import Run

finish = Run.finish_epoch
total = ranks.Ranks.total
left = None

def finish_epoch(self, *given):
    global left
    finish(self, *given)
    if self.epoch == 2 and self.ranks.rank == 1:
        left = 3

def total_or_die(self, values):
    global left
    if left is not None:
        left -= 1
        if left < 0:  # in the middle of the third epoch's first step
            os.kill(os.getpid(), signal.SIGKILL)
    return total(self, values)

Run.finish_epoch, ranks.Ranks.total = finish_epoch, total_or_die
sys.exit(main(sys.argv[1:]))
"""

_FINETUNE_AND_GRADIENTS = """
import json, sys
from dataclasses import replace
from pathlib import Path
import torch
from s4_core import config, data, losses, nn, train
from s4_core.progress import Silent, Stage
from s4_core.train.batches import Batch
from s4_core.train.finetune import finetune
from s4_core.train.norm_across_ranks import across
from s4_core.train.objective import pretrain_loss
from s4_core.types import FinetuneSettings, Modality
from tests.train.toys import ToySource, open_toy, toy_labels
from tests.train.test_ranks import double_batch, double_network

area, init, settings, out = sys.argv[1:]
settings = config.settings_from_yaml(Path(settings).read_text())
with train.together(settings.runtime, Silent()) as (ranks, reporter):
    network, device = double_network(settings), nn.choose_device(settings.runtime)
    with across(ranks):
        batch = ranks.share(double_batch())
        loss = pretrain_loss(network, batch, settings.loss, device, ranks)
    loss.total.backward()
    ranks.sum_gradients(network.parameters())
    total = ranks.total(loss.values)
    finetune(
        open_toy(Path(area)), toy_labels(), init, settings, (Modality.RADAR,),
        Path(out), stage=Stage(reporter, "finetune"),
    )
    if ranks.leads:
        torch.save(
            {"loss": total, "state": network.state_dict(),
             "gradients": [p.grad for p in network.parameters() if p.grad is not None]},
            Path(out).with_suffix(".pt"),
        )
"""


def double_network(settings):
    """In float64, so that what is left of a difference is no rounding."""
    from s4_core import nn
    from tests.train.toys import CHANNELS

    channels = {m: len(names) for m, names in CHANNELS.items()}
    return nn.untrained(settings.network, channels, 1).double()


def double_batch():
    """Three patches of which one has lost most of its pixels: unequal parts of every mean."""
    from s4_core.train.batches import stack
    from tests.train.toys import ToySource

    rng = np.random.default_rng(0)
    source = ToySource()
    batch = stack([source.patch(rng) for _ in range(3)], torch.device("cpu"))
    for _, valid, _ in batch.inputs.values():
        valid[0, :, :12] = False
    for present in batch.present.values():
        present[1, 0] = False
    return replace(
        batch,
        inputs={m: (x.double(), v, d.double()) for m, (x, v, d) in batch.inputs.items()},
        targets={m: x.double() for m, x in batch.targets.items()},
    )


@pytest.fixture
def settings_file(tmp_path, tiny_settings):
    schedule = replace(tiny_settings.pretrain, epochs=3, batch=3, validation_patches=4, shift_px=4)
    settings = replace(
        tiny_settings,
        pretrain=replace(schedule, band_dropout=0.2),
        finetune=replace(tiny_settings.finetune, mode="full", epochs=2, patch_px=16, batch=3),
        runtime=replace(tiny_settings.runtime, threads=1),
    )
    path = tmp_path / "settings.yaml"
    path.write_text(settings_to_yaml(settings))
    return path


def torchrun(*command: object) -> subprocess.CompletedProcess[str]:
    """Two processes, as a user starts them."""
    launcher = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node", "2"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(
        [*launcher, "--standalone", *map(str, command)],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def curve(out):
    return [{k: v for k, v in e.items() if k != "seconds"} for e in read_history(history_path(out))]


def assert_same_curve(found, expected, names=CURVES):
    assert [e["epoch"] for e in found] == [e["epoch"] for e in expected]
    for one, other in zip(found, expected):
        tolerance = FIRST_EPOCH if one["epoch"] == 1 else LATER_EPOCHS
        for name in names:
            assert one[name] == pytest.approx(other[name], rel=tolerance), (one["epoch"], name)


def test_two_ranks_follow_the_curve_of_one_and_a_killed_one_goes_on(
    tmp_path, toy_folder, settings_file, capsys
):
    def arguments(name):
        given = ["pretrain", "--area", toy_folder, "--config", settings_file]
        return [*map(str, given), "--out", str(tmp_path / name / "model.safetensors")]

    assert main(arguments("one")) == 0
    capsys.readouterr()
    together = torchrun("-m", "s4_core", *arguments("two"), "--json")
    assert together.returncode == 0, together.stderr
    assert len(together.stdout.splitlines()) == 1, "one rank speaks"
    two = tmp_path / "two" / "model.safetensors"
    assert json.loads(together.stdout)["model"] == str(two)
    assert_same_curve(curve(two), curve(tmp_path / "one" / "model.safetensors"))
    assert sorted(p.name for p in two.parent.iterdir()) == ["model.history.jsonl", two.name]

    killer, killed = tmp_path / "killer.py", tmp_path / "killed" / "model.safetensors"
    killer.write_text(_KILLED)
    stopped = torchrun(killer, *arguments("killed"))
    assert stopped.returncode != 0
    assert "SIGKILL" in stopped.stderr or "exitcode: -9" in stopped.stderr.replace(" ", "")
    assert state_path(killed).exists()
    assert not killed.exists()
    assert [e["epoch"] for e in curve(killed)] == [1, 2]
    resumed = torchrun("-m", "s4_core", *arguments("killed"), "--resume")
    assert resumed.returncode == 0, resumed.stderr
    assert "Going on after epoch 2 of 3" in resumed.stderr
    assert curve(killed) == curve(two)


def test_gradients_and_fine_tuning_of_two_ranks(
    tmp_path, toy_folder, settings_file, untrained_model, silent
):
    from s4_core import nn
    from s4_core.config import settings_from_yaml
    from s4_core.train.finetune import finetune
    from s4_core.train.objective import pretrain_loss
    from s4_core.types import Modality
    from tests.train.toys import open_toy, toy_labels

    script, out = tmp_path / "script.py", tmp_path / "two" / "model.safetensors"
    script.write_text(_FINETUNE_AND_GRADIENTS)
    ran = torchrun(script, toy_folder, untrained_model, settings_file, out)
    assert ran.returncode == 0, ran.stderr
    found = torch.load(out.with_suffix(".pt"), weights_only=True)
    settings = settings_from_yaml(settings_file.read_text())
    network = double_network(settings)
    device = nn.choose_device(settings.runtime)
    loss = pretrain_loss(network, double_batch(), settings.loss, device)
    loss.total.backward()
    torch.testing.assert_close(found["loss"], loss.values, rtol=1e-9, atol=0)
    expected = [p.grad for p in network.parameters() if p.grad is not None]
    for one, other in zip(found["gradients"], expected):
        torch.testing.assert_close(one, other, rtol=1e-6, atol=1e-9)
    for name, tensor in network.state_dict().items():  # BatchNorm's running statistics too
        torch.testing.assert_close(found["state"][name], tensor, rtol=1e-6, atol=1e-9, msg=name)
    alone = tmp_path / "one" / "model.safetensors"
    given = (open_toy(toy_folder), toy_labels(), untrained_model, settings, (Modality.RADAR,))
    finetune(*given, alone, stage=silent)
    assert_same_curve(curve(out), curve(alone), ("loss", "validation_miou"))


def test_rows_are_shared_out_and_a_batch_too_small_is_refused():
    rows = [Ranks(rank, 3).rows(5) for rank in range(3)]
    assert [list(range(5))[part] for part in rows] == [[0, 1], [2, 3], [4]]
    with pytest.raises(ConfigurationError, match="A batch of 2 cannot be shared by 3"):
        Ranks(0, 3).rows(2)


def test_one_process_is_alone_and_its_batch_norm_is_torch_s(monkeypatch):
    assert current() is ALONE
    x = torch.randn(2, 3, 4, 5, 5, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(3, dtype=torch.float64, requires_grad=True)
    bias = torch.randn(3, dtype=torch.float64, requires_grad=True)
    upstream = torch.randn_like(x)
    results = []
    monkeypatch.setattr(Ranks, "gathered", lambda self, values: [values])
    for norm in (torch.nn.functional.batch_norm, lambda *given: batch_norm(ALONE, *given)):
        mean, var = torch.zeros(3, dtype=torch.float64), torch.ones(3, dtype=torch.float64)
        out = norm(x, mean, var, weight, bias, True, 0.1, 1e-5)
        grads = torch.autograd.grad((out * upstream).sum(), (x, weight, bias))
        results.append((out, mean, var, *grads))
    for one, other in zip(*results):
        torch.testing.assert_close(one, other)


def test_who_was_started_by_torchrun():
    assert process_count({"WORLD_SIZE": "4"}) == 1, "a scheduler's variable, not torchrun's"
    started = {"TORCHELASTIC_RUN_ID": "none", "WORLD_SIZE": "4", "RANK": "2"}
    assert process_count(started) == 4
    assert follows(started)
    assert not follows({**started, "RANK": "0"})
    assert not follows({})


def test_other_jobs_and_head_mode_are_refused_under_torchrun(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("TORCHELASTIC_RUN_ID", "none")
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("RANK", "0")
    assert main(["info", str(tmp_path)]) == 1
    assert "2 processes were started together for info" in capsys.readouterr().err

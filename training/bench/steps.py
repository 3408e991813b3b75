"""Speed of training steps: plain PyTorch against the product's, and how long the network waits.

    python -m training.bench.steps AREA [--quick]

A step is forward, loss, backward and Adam on two patches of 32 x 32 px, 40 dates. Plain: eager
float32, contiguous, default malloc, the naive InfoNCE, the classes convolved for every date.
Product: as `s4 pretrain` and `s4 finetune --mode full` run here, and the same in float32.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import torch
from torch.nn import functional as F

from s4_core import data, losses, nn
from s4_core.protocol import AreaRequest
from s4_core.train.batches import Batch
from s4_core.train.objective import pretrain_loss, shared_pixels, shared_sites
from s4_core.train.patches import AreaPatches
from s4_core.train.pretrain import epoch_batches
from s4_core.types import Modality, PretrainSettings, RuntimeSettings, Settings
from training.bench.infonce import naive
from training.bench.machine import THREADS
from training.bench.rounds import ask, finish, rounds, serve, speedup, start

CLASSES, PATCH_PX, DATES, BATCH = 20, 32, 40, 2
STEPS = 16
SIDES = {"plain": False, "product": True, "product_fp32": True}


def main() -> None:
    """Serve one side of the comparison, or compare."""
    quick = "--quick" in sys.argv
    side = next((side for side in SIDES if side in sys.argv), None)
    if side is not None:
        serve(tasks(side, 8 if quick else DATES))
    elif "wait" in sys.argv:
        serve({"wait": lambda: waiting(sys.argv[2], 3 if quick else STEPS)})
    else:
        print(json.dumps(measure(sys.argv[1], quick)))


def measure(area: str, quick: bool) -> dict[str, Any]:
    """The section "training" of the results, with the times that it rests on."""
    flag = ["--quick"] if quick else []
    servers = {
        side: start("training.bench.steps", side, *flag, tuned=tuned)
        for side, tuned in SIDES.items()
    }
    named = {
        f"{step}_{side}": (server, step)
        for step in ("pretrain", "finetune")
        for side, server in servers.items()
    }
    rounds(named, 1)  # warm
    times = rounds(named, 2 if quick else 9)
    finish(list(servers.values()))
    loader = start("training.bench.steps", "wait", area, *flag, tuned=True)
    idle = ask(loader, "wait")["value"]
    finish([loader])
    found = {
        f"{step}_speedup": speedup(times[f"{step}_plain"], times[f"{step}_product"])
        for step in ("finetune", "pretrain")
    }
    return {"training": {**found, "loader_idle": idle}, "times": times}


def batch_of(dates: int) -> Batch:
    """Two random patches in both modalities, without gaps."""
    generator = torch.Generator().manual_seed(5)
    inputs = {}
    for modality, channels in ((Modality.OPTICAL, 10), (Modality.RADAR, 3)):
        x = torch.randn(BATCH, channels, dates, PATCH_PX, PATCH_PX, generator=generator)
        valid = torch.ones(BATCH, dates, PATCH_PX, PATCH_PX, dtype=torch.bool)
        inputs[modality] = (x, valid, torch.zeros(BATCH, dates))
    return Batch(
        inputs,
        {m: x for m, (x, _, _) in inputs.items()},
        {m: torch.ones(x.shape[:2], dtype=torch.bool) for m, (x, _, _) in inputs.items()},
        ((0, 0),) * BATCH,
    )


def tasks(side: str, dates: int) -> dict[str, Any]:
    """One step of each kind."""
    precision = "auto" if side == "product" else "fp32"
    device = nn.choose_device(RuntimeSettings("cpu", precision, THREADS))
    network = nn.untrained(Settings().network, {Modality.OPTICAL: 10, Modality.RADAR: 3}, 0)
    head = nn.MeanHead(network.feature_count("decoder"), CLASSES)
    if side != "plain":
        device.place(network)
        device.place(head)
    batch = batch_of(dates)
    classes = torch.randint(0, CLASSES, (BATCH, PATCH_PX, PATCH_PX))
    parameters = [*network.parameters(), *head.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=1e-4)
    settings = Settings().loss

    def learn(loss: torch.Tensor) -> None:
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    def pretrain() -> None:
        if side == "plain":
            learn(plain_loss(network, batch, settings))
        else:
            learn(pretrain_loss(network, batch, settings, device).total)

    def finetune() -> None:
        series = batch.inputs[Modality.OPTICAL]
        if side == "plain":
            logits = head.conv(network.features(*series, Modality.OPTICAL)).mean(dim=2)
        else:
            with device.autocast():
                features = network.features(*series, Modality.OPTICAL)
                logits = head([features], [series[1]])
        learn(F.cross_entropy(logits.float(), classes))

    return {"pretrain": pretrain, "finetune": finetune}


def plain_loss(network: nn.S4Network, batch: Batch, settings: Any) -> torch.Tensor:
    """Eq. 1 with the naive Eq. 2."""
    outputs = network.pretrain_outputs(batch.inputs)
    za, zb = outputs.embeddings.values()
    sites = shared_sites(network, batch).flatten(1)
    terms = [
        naive(a.flatten(1).T[s], b.flatten(1).T[s], settings.temperature)
        for a, b, s in zip(za, zb, sites)
    ]
    valid = shared_pixels(batch)
    parts = [
        losses.masked_l1(outputs.reconstructions[m], batch.targets[m], valid, batch.present[m])
        for m in outputs.reconstructions
    ]
    return torch.stack(terms).mean() + torch.stack(parts).mean()


def waiting(folder: str, steps: int) -> float:
    """Share of the time of an epoch, its first batch left out, that the network waits for data."""
    area = data.open_area(AreaRequest(folder))
    settings = Settings(pretrain=PretrainSettings(steps_per_epoch=steps))
    device = nn.choose_device(RuntimeSettings("cpu", "auto", THREADS))
    preparation = data.Preparation.of([area], settings)
    source = AreaPatches(area, preparation, settings.pretrain.drawn_px)
    channels = {m: known.channels for m, known in preparation.statistics.items()}
    counts = {m: len(names) for m, names in channels.items()}
    network = device.place(nn.untrained(settings.network, counts, 0))
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-4)
    with epoch_batches([source], channels, settings, device, 0) as batches:
        began = None
        for batch in batches:
            began = began or time.perf_counter()
            loss = pretrain_loss(network, batch, settings.loss, device)
            optimizer.zero_grad()
            loss.total.backward()
            optimizer.step()
        return batches.waited_s / (time.perf_counter() - (began or 0))


if __name__ == "__main__":
    main()

"""Speed of the network: plain PyTorch as users get it against the product's path.

    python -m training.bench.inference [--quick]

Plain: eager float32, contiguous, default malloc, the K classes convolved for every date and their
mean taken over time. Product: the backend that the probe chooses, features, then one folded 2D
convolution. The same weights and input; T = 43, C = 10, 128 x 128 px, 2 threads.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from s4_core import nn
from s4_core.model_card import HeadCard
from s4_core.types import Modality, RuntimeSettings
from training.bench.machine import THREADS
from training.bench.rounds import ROOT, ask, finish, rounds, serve, speedup, start

CHECKPOINT = ROOT / "resources" / "checkpoints" / "s4-field.safetensors"
CLASSES, DATES, SIDE_PX = 20, 43, 128
QUICK = (8, 32)
GEMM = 4096


def main() -> None:
    """Serve one side of the comparison, or compare."""
    quick = "--quick" in sys.argv
    sides = {"plain": plain, "fp32": product, "bf16": product}
    for side, serving in sides.items():
        if side in sys.argv:
            serve(serving(side, *(QUICK if quick else (DATES, SIDE_PX))))
            return
    print(json.dumps(measure(quick)))


def measure(quick: bool) -> dict[str, Any]:
    """The section "inference" of the results, with the times that it rests on."""
    flag = ["--quick"] if quick else []
    sides = ["plain", "fp32", *(["bf16"] if nn.device.bf16_unit() else [])]
    servers = {
        side: start("training.bench.inference", side, *flag, tuned=side != "plain")
        for side in sides
    }
    classes = {side: np.array(ask(server, "classes")["value"]) for side, server in servers.items()}
    tasks = {side: (server, "run") for side, server in servers.items()}
    times = rounds({**tasks, "gemm": (servers["fp32"], "gemm")}, 2 if quick else 9)
    flops, told = (ask(servers["fp32"], task)["value"] for task in ("flops", "backend"))
    finish(list(servers.values()))
    peak = 2 * GEMM**3 / min(times["gemm"])
    found: dict[str, Any] = {
        f"{what}_{side}": None for side in ("fp32", "bf16") for what in ("speedup", "agreement")
    }
    for side in sides[1:]:
        found[f"speedup_{side}"] = speedup(times["plain"], times[side])
        found[f"agreement_{side}"] = float((classes[side] == classes["plain"]).mean())
    found["gemm_share_fp32"] = gemm_share(times, flops)
    return {"inference": found, "times": times, "flops": flops, "gemm": peak, "backend": told}


def gemm_share(times: Mapping[str, Sequence[float]], flops: int) -> float:
    """FLOP/s of direct convolutions as a share of those of the product of matrices beside it."""
    return speedup(times["gemm"], times["fp32"]) * flops / (2 * GEMM**3)


def inputs(dates: int, side_px: int) -> tuple[Tensor, Tensor, Tensor]:
    """A standardised random series without gaps, smooth over neighbours as images are."""
    generator = torch.Generator().manual_seed(2)
    x = torch.randn(1, 10, dates, side_px, side_px, generator=generator)
    x = x + 2 * torch.nn.functional.avg_pool3d(x, 5, 1, 2) * 11
    return x, torch.ones(1, *x.shape[2:], dtype=torch.bool), torch.zeros(1, dates)


def model() -> tuple[nn.S4Network, nn.MeanHead, Any]:
    """The shipped network and a head of random weights."""
    network, card = nn.load_network(CHECKPOINT)
    with torch.random.fork_rng():
        torch.manual_seed(3)
        head = nn.MeanHead(network.feature_count("decoder"), CLASSES)
    return network.eval(), head.eval(), card


def plain(_side: str, dates: int, side_px: int) -> dict[str, Any]:
    """Tasks of the plain side."""
    torch.set_num_threads(THREADS)
    network, head, _ = model()
    x, valid, days = inputs(dates, side_px)

    def logits() -> Tensor:
        with torch.inference_mode():
            # (1, F, T, H, W) -> K classes a date -> their mean over T
            features = network.features(x, valid, days, Modality.OPTICAL)
            mean: Tensor = head.conv(features).mean(dim=2)
            return mean

    return {"run": lambda: logits() is None, "classes": lambda: logits()[0].argmax(0).tolist()}


def product(side: str, dates: int, side_px: int) -> dict[str, Any]:
    """Tasks of the product's side, in a precision."""
    device = nn.choose_device(RuntimeSettings("cpu", side, THREADS), exact=True)
    network, head, card = model()
    series = inputs(dates, side_px)
    headed = nn.Segmenter(network, head, _card_of_mean(card))
    told: list[str] = []
    headed.read_from(
        nn.FastNetwork(device.place(network), device, lambda _, text: told.append(text))
    )

    def logits() -> Tensor:
        with torch.inference_mode(), device.autocast():
            return headed.logits({Modality.OPTICAL: series})

    matrix = torch.randn(GEMM, GEMM)

    def flops() -> int:
        with torch.inference_mode(), FlopCounterMode(display=False) as counter:
            network.features(*series, Modality.OPTICAL)
        return int(counter.get_total_flops())

    return {
        "run": lambda: logits() is None,
        "classes": lambda: logits()[0].argmax(0).tolist(),
        "gemm": lambda: (matrix @ matrix) is None,
        "flops": flops,
        "backend": lambda: told[-1],
    }


def _card_of_mean(card: Any) -> Any:
    return replace(card, head=HeadCard("mean", (Modality.OPTICAL,)))


if __name__ == "__main__":
    main()

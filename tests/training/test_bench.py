"""The bench: its pieces on small sizes, and what its page says of numbers."""

from __future__ import annotations

import json

import pytest
import torch

from s4_core import nn
from s4_core.types import Modality, NetworkSettings, RuntimeSettings, Settings
from training.bench import inference, infonce, page, steps
from training.bench.rounds import ask, finish, rounds, speedup, start
from training.bench.run import SECTIONS

RESULTS = {
    "inference": {
        "speedup_fp32": 2.0,
        "agreement_fp32": 1.0,
        "speedup_bf16": None,
        "agreement_bf16": None,
        "gemm_share_fp32": 0.7,
    },
    "infonce": [
        {"n": 1024, "naive_s": 0.2, "streamed_s": 0.1, "naive_mb": 20.0, "streamed_mb": 2.0},
        {"n": 65536, "naive_s": None, "streamed_s": 9.0, "naive_mb": None, "streamed_mb": 80.0},
    ],
    "training": {"finetune_speedup": 2.0, "pretrain_speedup": 1.4, "loader_idle": 0.01},
    "interactive": {"cached_s": 2.0, "first_s": 31.0},
    "area": [{"pixels": 100, "dates": 40, "seconds": 2.0, "peak_mb": 500.0}],
}


def test_the_plain_and_the_streamed_loss_are_the_same():
    za, zb = (torch.randn(50, 8, dtype=torch.float64) for _ in "ab")
    assert float(infonce.naive(za, zb)) == pytest.approx(float(infonce.streamed(za, zb)))


def test_the_plain_and_the_products_pretraining_minimise_the_same():
    settings = NetworkSettings(widths=(4, 6, 8), decoder_widths=(6, 5, 4), projection_dim=8)
    network = nn.untrained(settings, {Modality.OPTICAL: 10, Modality.RADAR: 3}, 0).eval()
    batch = steps.batch_of(4)
    device = nn.choose_device(RuntimeSettings("cpu", "fp32"))
    with torch.no_grad():
        plain = steps.plain_loss(network, batch, Settings().loss)
        product = steps.pretrain_loss(network, batch, Settings().loss, device).total
    assert float(plain) == pytest.approx(float(product), rel=1e-4)


def test_the_plain_and_the_products_network_say_the_same():
    classes = {
        side: make(side, 8, 32)["classes"]()
        for side, make in {"plain": inference.plain, "fp32": inference.product}.items()
    }
    assert classes["plain"] == classes["fp32"]


def test_servers_answer_in_turn():
    server = start("training.bench.infonce", "serve", "streamed", "64", tuned=False)
    times = rounds({"a": (server, "run"), "b": (server, "run")}, 3)
    assert ask(server, "watched")["value"] > 0
    finish([server])
    assert {name: len(found) for name, found in times.items()} == {"a": 3, "b": 3}
    with pytest.raises((RuntimeError, OSError, ValueError)):
        ask(server, "run")


def test_a_speedup_is_the_worse_of_medians_and_minima():
    assert speedup([4.0, 8.0, 100.0], [1.0, 4.0, 5.0]) == 2.0
    assert speedup([3.0, 8.0, 9.0], [2.0, 2.0, 2.0]) == 1.5


def test_the_share_of_the_peak_compares_like_with_like():
    # twice the product's 2 * 4096^3 operations in 2.5 times its time
    times = {"gemm": [1.0, 2.0, 9.0], "fp32": [2.5, 5.0, 22.5]}
    assert inference.gemm_share(times, 4 * 4096**3) == pytest.approx(0.8)


def test_the_page_says_what_is_met_missed_and_absent(tmp_path):
    assert set(RESULTS) == set(SECTIONS)
    told = page.table(RESULTS)
    said = {line.split("`")[1]: line.rsplit("|", 2)[1].strip() for line in told.splitlines()[2:]}
    assert said["inference.speedup_fp32"] == "met"
    assert said["inference.gemm_share_fp32"] == "**missed**"
    assert said["training.pretrain_speedup"] == "**missed**"
    assert said["training.loader_idle"] == "met"
    assert said["interactive.first_s"] == "**missed**"
    assert "`inference.speedup_bf16`) | not on this machine" in told
    details = {
        "machine": {
            **dict.fromkeys(("processor", "system", "python"), "x"),
            **dict.fromkeys(("cores", "threads", "memory_gb"), 2),
            "bf16": None,
            "versions": {"torch": "1", "openvino": None},
            "load": [0.1],
            "load_after": [2.0],
        },
        "seconds": {"inference": 60.0, "maps": 60.0},
        "parts": {
            "inference": {
                "times": {"plain": [2.0]},
                "backend": "Computed by torch: so.",
                "flops": 2e11,
                "gemm": 3e11,
            },
            "training": {
                "times": {
                    f"{step}_{side}": [1.0]
                    for step in ("finetune", "pretrain")
                    for side in ("plain", "product_fp32")
                }
            },
            "maps": {"times": {"cached": [{"finetune": 1.5, "segment": 0.5}]}},
        },
    }
    for name, value in (("bench.json", RESULTS), ("details.json", details)):
        (tmp_path / name).write_text(json.dumps(value))
    text = page.page(RESULTS, details)
    assert "in one run of 2 minutes" in text
    assert "| 65536 |  | 9 |  | 80 |" in text
    page.draw_infonce(RESULTS["infonce"], tmp_path / "a.png")
    page.draw_area(RESULTS["area"], tmp_path / "b.png")
    assert (tmp_path / "a.png").stat().st_size > 1000

"""Streamed InfoNCE against the naive form: seconds and memory of one loss with its gradient.

    python -m training.bench.infonce [--quick]

D = 64, all sites valid, tau = 0.1, float32, 2 threads; each form and N in a process of its own.
Naive: the N x N similarities at once, two cross-entropies. null: does not fit into the memory.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import torch
from torch.nn import functional as F

from s4_core import losses
from training.bench.machine import THREADS
from training.bench.rounds import ask, finish, rounds, serve, start, watch_mb, watched_mb

DIMENSION, TAU = 64, 0.1
SIZES = tuple(1024 * 2**k for k in range(7))
QUICK = (256, 512)
MATRICES = 5
"""So many N x N float32 are alive at once in the naive form (measured at N = 16384)."""

ROUNDS = {1024: 9, 2048: 7, 4096: 5, 8192: 3}


def main() -> None:
    """Serve one form at one N, or compare."""
    if sys.argv[1:2] == ["serve"]:
        serve(_tasks(sys.argv[2], int(sys.argv[3])))
        return
    print(json.dumps(measure_all("--quick" in sys.argv)))


def measure_all(quick: bool) -> dict[str, Any]:
    """The section "infonce" of the results."""
    return {"infonce": [measure(n) for n in (QUICK if quick else SIZES)]}


def measure(n: int) -> dict[str, Any]:
    """One row of the table."""
    fits = MATRICES * 4 * n * n < os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    forms = ["naive", "streamed"] if fits else ["streamed"]
    servers = {
        form: start("training.bench.infonce", "serve", form, str(n), tuned=True) for form in forms
    }
    before = {form: ask(server, "watch")["value"] for form, server in servers.items()}
    times = rounds({form: (server, "run") for form, server in servers.items()}, ROUNDS.get(n, 2))
    row: dict[str, Any] = {"n": n, "naive_s": None, "streamed_s": None}
    row.update({"naive_mb": None, "streamed_mb": None})
    for form, server in servers.items():
        row[f"{form}_s"] = min(times[form])
        row[f"{form}_mb"] = ask(server, "watched")["value"] - before[form]
    finish(list(servers.values()))
    return row


def _tasks(form: str, n: int) -> dict[str, Any]:
    torch.set_num_threads(THREADS)
    generator = torch.Generator().manual_seed(n)
    za, zb = (torch.randn(n, DIMENSION, generator=generator, requires_grad=True) for _ in "ab")
    loss = {"naive": naive, "streamed": streamed}[form]

    def run() -> None:
        za.grad = zb.grad = None
        loss(za, zb).backward()

    return {"run": run, "watch": watch_mb, "watched": watched_mb}


def naive(za: torch.Tensor, zb: torch.Tensor, temperature: float = TAU) -> torch.Tensor:
    """Eq. 2 as it is written."""
    similarities = F.normalize(za, dim=1) @ F.normalize(zb, dim=1).T / temperature
    sites = torch.arange(len(za))
    return (F.cross_entropy(similarities, sites) + F.cross_entropy(similarities.T, sites)) / 2


def streamed(za: torch.Tensor, zb: torch.Tensor) -> torch.Tensor:
    """The product's."""
    return losses.info_nce(za, zb, torch.ones(len(za), dtype=torch.bool), TAU)


if __name__ == "__main__":
    main()

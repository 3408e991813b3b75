"""Which backend computes here: each runs a small series first, and has to agree with the network.

A backend that cannot run or that disagrees with the plain network in float32 is left out, and
the user is told why; the plain network itself is always there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from s4_core.nn.backends.by_openvino import OpenVinoBackend
from s4_core.nn.backends.by_torch import TorchBackend
from s4_core.nn.backends.cropping import Crops
from s4_core.nn.backends.folding import FoldedUNet, fold
from s4_core.nn.device import DeviceChoice
from s4_core.nn.network import S4Network
from s4_core.types import Modality

Runner = Callable[[Tensor], Tensor]
Say = Callable[[str, str], None]
"""Takes a level ("info" or "warning") and a sentence for the user."""

TOLERANCE = {"fp32": 1e-4, "bf16": 3e-2}
"""Largest relative difference of features (root of the mean square) by precision. bf16 numbers
have 8 bits, one rounding is off by up to 4e-3; a dozen layers add up to about 1e-2."""

SIDE_PX = 32
"""Of the series that is tried: a few hundredths of a tile."""

_REPEATS = 2

FAILURES = (ImportError, OSError, RuntimeError, TypeError, ValueError)
"""How a backend may fail: a missing or broken library, an operation that it does not know."""


class Backend(Protocol):
    """Computes folded networks."""

    @property
    def name(self) -> str:
        """For users: "torch", "openvino"."""

    def prepare(self, network: FoldedUNet[Tensor], crops: Crops, shape: torch.Size) -> Runner:
        """What computes features from planes (B, C, T, H, W) of this shape."""


MakeBackend = Callable[[DeviceChoice], Backend]


@dataclass(frozen=True)
class Tried:
    """A backend that ran and agreed.

    Args:
        seconds: the fastest run. difference: relative, from the plain network.
    """

    backend: Backend
    seconds: float
    difference: float


def makers(choice: DeviceChoice) -> dict[str, MakeBackend]:
    """Backends to try, by name: all that the device has, or the one that was asked for."""
    known: dict[str, MakeBackend] = {"torch": TorchBackend, "openvino": _openvino}
    if choice.device.type != "cpu":
        return {"torch": TorchBackend}
    return known if choice.backend == "auto" else {choice.backend: known[choice.backend]}


def _openvino(choice: DeviceChoice) -> Backend:
    return OpenVinoBackend(choice.precision, torch.get_num_threads())


def find_backend(
    network: S4Network,
    modality: Modality,
    dates: int,
    choice: DeviceChoice,
    *,
    candidates: dict[str, MakeBackend],
    say: Say,
) -> tuple[Backend | None, str]:
    """The fastest backend that agrees with the network, and a sentence about it.

    Args:
        network: on the device, in evaluation mode.
        dates: length of the series that will come.

    Returns:
        None for the plain network itself, where no backend is left.
    """
    planes, expected = _trial(network, modality, dates, choice)
    folded = {name: fold(network, modality, "decoder") for name in candidates}
    tried: list[Tried] = []
    missing: list[str] = []
    for name, make in candidates.items():
        try:
            tried.append(_try(make(choice), folded[name], planes, expected, choice.precision))
        except ModuleNotFoundError as error:
            missing.append(f"{name} is not installed ({error.name})")
        except FAILURES as error:
            say("warning", f"The backend {name} is left out: {_first_line(error)}")
    if missing and len(candidates) == 1:
        say("warning", f"{missing[0]}; the plain network computes.")
    if not tried:
        return None, "Computed by the plain network in torch."
    best = min(tried, key=lambda one: one.seconds)
    return best.backend, _sentence(best, tried, missing)


def _trial(
    network: S4Network, modality: Modality, dates: int, choice: DeviceChoice
) -> tuple[Tensor, Tensor]:
    """A small random series as planes, and its features by the plain network."""
    generator = torch.Generator().manual_seed(0)
    shape = (1, network.channels[modality], dates, SIDE_PX, SIDE_PX)
    x = torch.randn(shape, generator=generator).to(choice.device)
    valid = torch.ones(1, *shape[2:], dtype=torch.bool, device=choice.device)
    days = torch.linspace(1, 365, dates, device=choice.device)[None]
    with torch.inference_mode():
        planes = network.planes(x, valid, days, modality, "decoder")
        return planes, network.features(x, valid, days, modality, "decoder")


def _try(
    backend: Backend,
    folded: FoldedUNet[Tensor],
    planes: Tensor,
    expected: Tensor,
    precision: str,
) -> Tried:
    """Run a backend.

    Raises:
        ValueError: its features are not the network's.
    """
    run = backend.prepare(folded, Crops(), planes.shape)
    found = run(planes)[..., : expected.shape[2], :, :].float()
    if found.shape != expected.shape:
        raise ValueError(f"it gave {tuple(found.shape)}, expected {tuple(expected.shape)}")
    difference = float((found - expected).norm() / expected.norm())
    allowed = TOLERANCE[precision]
    # written so that a NaN is refused too
    if not difference <= allowed:
        raise ValueError(f"its features are off by {difference:.1e}, allowed are {allowed:.0e}")
    return Tried(backend, min(_seconds(run, planes) for _ in range(_REPEATS)), difference)


def _seconds(run: Runner, planes: Tensor) -> float:
    began = time.perf_counter()
    # reading a number back waits for a GPU
    float(run(planes).flatten()[0])
    return time.perf_counter() - began


def _sentence(best: Tried, tried: Sequence[Tried], missing: Sequence[str]) -> str:
    others = [
        f"{one.seconds / best.seconds:.1f} times as fast as {one.backend.name}"
        for one in tried
        if one is not best
    ]
    said = [f"features within {best.difference:.0e} of the plain network", *others, *missing]
    return f"Computed by {best.backend.name}: {', '.join(said)}."


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]

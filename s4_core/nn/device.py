"""Where a model runs, how precisely, and why, in words for users."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import torch
from torch import Tensor, nn

from s4_core.errors import ConfigurationError
from s4_core.types import RuntimeSettings

M = TypeVar("M", bound=nn.Module)

_MOST_THREADS = 1024
"""Torch asks the system for as many as are wanted, and dies where it cannot have them."""


@dataclass(frozen=True)
class DeviceChoice:
    """A device and a precision with the reason for both.

    Args:
        precision: "fp32" or "bf16" (autocast; weights, losses and heads stay float32).
        reason: a sentence for users.
        backend: what may compute a frozen network: "auto", "torch" or "openvino"
            (see `backends.FastNetwork`).
    """

    device: torch.device
    precision: str
    reason: str
    backend: str = "auto"

    def autocast(self) -> torch.autocast:
        """The context in which the network runs forward."""
        return torch.autocast(
            self.device.type, dtype=torch.bfloat16, enabled=self.precision == "bf16"
        )

    def move(self, tensor: Tensor) -> Tensor:
        """`tensor` on the device; to a GPU while this program goes on, from pinned memory."""
        if self.device.type != "cuda":
            return tensor.to(self.device)
        return tensor.pin_memory().to(self.device, non_blocking=True)

    def place(self, module: M) -> M:
        """`module` on the device, its weights in the layout that convolves fastest.

        Channels last: 3D convolutions follow the layout of their weights, and one training
        step was 1.2 times (fp32) to 1.4 times (bf16) faster than contiguous on AVX-512/AMX.
        A module with 2D convolutions keeps its layout: torch lays out all or nothing.
        """
        module.to(self.device)
        if any(weight.dim() == 4 for weight in module.parameters()):
            return module
        # torch's signature of `to` knows 4-D layouts only in one overload
        return module.to(memory_format=torch.channels_last_3d)  # type: ignore[call-overload, no-any-return]


def choose_device(settings: RuntimeSettings, *, exact: bool = False) -> DeviceChoice:
    """Choose device and precision; sets torch's CPU threads where the settings name a number.

    Precision "auto" is bf16 where the hardware multiplies it natively: a training step was then
    2.5 to 3 times faster on AMX, at the same loss.

    Args:
        exact: precision "auto" is fp32 on every CPU, so that a result depends on none.

    Raises:
        ConfigurationError: CUDA is asked for and torch sees no CUDA device, or an impossible
            number of threads.
    """
    if not 0 <= settings.threads <= _MOST_THREADS:
        raise ConfigurationError(
            f"{settings.threads} threads were asked for.",
            f"Give a number from 1 to {_MOST_THREADS}, or 0 for torch's own choice.",
        )
    if settings.threads > 0:
        torch.set_num_threads(settings.threads)
    has_cuda = torch.cuda.is_available()
    if settings.device == "cuda" and not has_cuda:
        raise ConfigurationError(
            "The device 'cuda' was asked for, but torch sees no CUDA device.",
            "Choose device auto or cpu, or install a CUDA build of torch.",
        )
    if has_cuda and settings.device != "cpu":
        return replace(_on_cuda(settings.precision), backend=settings.backend)
    seen = "the CPU was asked for" if settings.device == "cpu" else "torch sees no CUDA device"
    return replace(_on_cpu(settings.precision, seen, exact), backend=settings.backend)


def _on_cuda(asked: str) -> DeviceChoice:
    device = torch.device("cuda")
    unit = "tensor cores" if torch.cuda.is_bf16_supported(including_emulation=False) else ""
    precision, words = _precision(asked, unit)
    name = torch.cuda.get_device_name(device)
    return DeviceChoice(device, precision, f"GPU: {name}; {words}.")


def _on_cpu(asked: str, seen: str, exact: bool) -> DeviceChoice:
    if asked == "auto" and exact:
        precision, words = "fp32", "fp32, the same on every machine"
    else:
        precision, words = _precision(asked, bf16_unit())
    threads = torch.get_num_threads()
    counted = f"{threads} thread{'s' if threads != 1 else ''}"
    return DeviceChoice(torch.device("cpu"), precision, f"CPU: {seen}; {counted}; {words}.")


def _precision(asked: str, unit: str) -> tuple[str, str]:
    """Precision and its reason; `unit` computes bf16, "" where it would be emulated."""
    if asked == "auto":
        return ("bf16", f"bf16 by {unit}") if unit else ("fp32", "fp32, as bf16 would be emulated")
    slow = " (emulated, slow)" if asked == "bf16" and not unit else ""
    return asked, f"{asked} as asked{slow}"


def bf16_unit() -> str:
    """The CPU's unit for bf16, "AMX" or "AVX512-BF16"; "" where bf16 would be emulated."""
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return ""
    # private names of torch: a version without them means no fast bf16, not a crash
    for unit, probe in (
        ("AMX", "_is_amx_tile_supported"),
        ("AVX512-BF16", "_is_avx512_bf16_supported"),
    ):
        supported = getattr(torch.cpu, probe, None)
        if supported is not None and supported():
            return unit
    return ""

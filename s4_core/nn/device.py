"""Where a model runs, how precisely, and why, in words for users."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from s4_core.errors import ConfigurationError
from s4_core.types import RuntimeSettings


@dataclass(frozen=True)
class DeviceChoice:
    """A device and a precision with the reason for both.

    Args:
        precision: "fp32" or "bf16" (autocast; weights, losses and heads stay float32).
        reason: a sentence for users.
    """

    device: torch.device
    precision: str
    reason: str

    def autocast(self) -> torch.autocast:
        """The context in which the network runs forward."""
        return torch.autocast(
            self.device.type, dtype=torch.bfloat16, enabled=self.precision == "bf16"
        )


def choose_device(settings: RuntimeSettings) -> DeviceChoice:
    """Choose device and precision; sets torch's CPU threads where the settings name a number.

    Raises:
        ConfigurationError: CUDA is asked for and torch sees no CUDA device.
    """
    if settings.threads > 0:
        torch.set_num_threads(settings.threads)
    has_cuda = torch.cuda.is_available()
    if settings.device == "cuda" and not has_cuda:
        raise ConfigurationError(
            "The device 'cuda' was asked for, but torch sees no CUDA device.",
            "Choose device auto or cpu, or install a CUDA build of torch.",
        )
    if has_cuda and settings.device != "cpu":
        return _on_cuda(settings.precision)
    seen = "the CPU was asked for" if settings.device == "cpu" else "torch sees no CUDA device"
    return _on_cpu(settings.precision, seen)


def _on_cuda(asked: str) -> DeviceChoice:
    device = torch.device("cuda")
    native = torch.cuda.is_bf16_supported()
    precision = ("bf16" if native else "fp32") if asked == "auto" else asked
    name = torch.cuda.get_device_name(device)
    return DeviceChoice(device, precision, f"GPU: {name}; {_precision_text(precision, asked, '')}.")


def _on_cpu(asked: str, seen: str) -> DeviceChoice:
    unit = bf16_unit()
    precision = ("bf16" if unit else "fp32") if asked == "auto" else asked
    threads = torch.get_num_threads()
    words = f"{threads} thread{'s' if threads != 1 else ''}"
    text = _precision_text(precision, asked, unit)
    return DeviceChoice(torch.device("cpu"), precision, f"CPU: {seen}; {words}; {text}.")


def _precision_text(precision: str, asked: str, unit: str) -> str:
    if asked != "auto":
        return f"{precision} as asked"
    return f"bf16 by {unit}" if precision == "bf16" and unit else precision


def bf16_unit() -> str:
    """The CPU's unit for bf16, "AMX" or "AVX512-BF16"; "" where bf16 would be emulated."""
    if torch.cpu._is_amx_tile_supported():
        return "AMX"
    if torch.cpu._is_avx512_bf16_supported():
        return "AVX512-BF16"
    return ""

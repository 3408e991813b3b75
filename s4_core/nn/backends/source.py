"""Features of a frozen network by the fastest backend, only where they are wanted."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from s4_core.nn.backends.cropping import Crops, crops_for, stem_crops
from s4_core.nn.backends.folding import FoldedUNet, fold
from s4_core.nn.backends.probe import (
    FAILURES,
    Backend,
    MakeBackend,
    Runner,
    Say,
    find_backend,
    makers,
)
from s4_core.nn.device import DeviceChoice
from s4_core.nn.network import S4Network
from s4_core.nn.weights_digest import weights_digest
from s4_core.types import Modality, Window

_KEPT = 2
"""Runners that stay ready, one a modality; each holds the memory of its largest layers."""


@dataclass(frozen=True)
class Found:
    """What trying the backends gave.

    Args:
        backend: None for the plain network.
        said: levels and sentences for the user; the last one names what computes.
    """

    backend: Backend | None
    said: tuple[tuple[str, str], ...]


_TRIED: dict[tuple[object, ...], Found] = {}
"""What this process found for a network: trying takes a second, and a map follows its training."""

_MOST_TRIED = 8


class FeatureSource(Protocol):
    """Gives features of a series: the network itself, or what computes the same faster."""

    def features(  # noqa: PLR0917 - as the network's
        self,
        x: Tensor,
        valid: Tensor,
        days: Tensor,
        modality: Modality,
        layer: str = "decoder",
        wanted: Window | None = None,
    ) -> Tensor:
        """See `S4Network.features`; `wanted`: only these pixels, (B, F, T, h, w)."""


def _silent(_level: str, _text: str) -> None:
    """Nobody is told."""


class FastNetwork:
    """A network that no longer changes, computed by a backend that the machine has.

    The backend is chosen when the first series comes, unless this process has chosen before for
    the same weights; one that fails later is given up for the plain network, and the user is told.

    Args:
        network: placed on the device; put into evaluation mode here.
        choice: device, precision and backend.
        say: told which backend computes, and why another does not.
        candidates: to try instead of those that `choice` names.
    """

    def __init__(
        self,
        network: S4Network,
        choice: DeviceChoice,
        say: Say | None = None,
        candidates: dict[str, MakeBackend] | None = None,
    ) -> None:
        self._network = network.eval()
        self._choice = choice
        self._say = say or _silent
        self._candidates = candidates
        self._found: tuple[Backend | None, str] | None = None
        self._folded: dict[tuple[Modality, bool], FoldedUNet[Tensor]] = {}
        self._runners: OrderedDict[tuple[object, ...], Runner] = OrderedDict()

    @property
    def reason(self) -> str:
        """Which backend computes and why; "" before the first series."""
        return self._found[1] if self._found else ""

    def backend_for(self, modality: Modality, dates: int) -> str:
        """Name of the backend that computes series of so many dates; it is chosen now."""
        backend = self._backend(modality, dates)
        return "plain" if backend is None else backend.name

    def features(  # noqa: PLR0917 - as the network's
        self,
        x: Tensor,
        valid: Tensor,
        days: Tensor,
        modality: Modality,
        layer: str = "decoder",
        wanted: Window | None = None,
    ) -> Tensor:
        """See `S4Network.features`.

        Raises:
            ConfigurationError: the network has no such modality, channel count or layer.
        """
        self._network.feature_count(layer)
        planes = self._network.planes(x, valid, days, modality, layer)
        backend = self._backend(modality, x.shape[2])
        if backend is not None:
            try:
                found = self._run(backend, planes, modality, layer, wanted or _whole(x))
                return self._network.topped(found[:, :, : x.shape[2]], x, modality, layer, wanted)
            except torch.cuda.OutOfMemoryError:
                raise
            except FAILURES as error:
                self._give_up(backend, error)
        with torch.inference_mode(), self._choice.autocast():
            return self._network.features(x, valid, days, modality, layer, wanted)

    def _backend(self, modality: Modality, dates: int) -> Backend | None:
        if self._found is None:
            found = self._tried(modality, dates)
            for level, text in found.said:
                self._say(level, text)
            self._found = found.backend, found.said[-1][1]
        return self._found[0]

    def _tried(self, modality: Modality, dates: int) -> Found:
        if self._candidates is not None:
            return self._search(modality, dates, self._candidates)
        weights = weights_digest(self._network)
        key = weights, modality, dates, self._choice, torch.get_num_threads()
        if key not in _TRIED:
            if len(_TRIED) >= _MOST_TRIED:  # a process may live for many trainings
                del _TRIED[next(iter(_TRIED))]
            _TRIED[key] = self._search(modality, dates, makers(self._choice))
        return _TRIED[key]

    def _search(self, modality: Modality, dates: int, candidates: dict[str, MakeBackend]) -> Found:
        said: list[tuple[str, str]] = []
        backend, reason = find_backend(
            self._network,
            modality,
            dates,
            self._choice,
            candidates=candidates,
            say=lambda level, text: said.append((level, text)),
        )
        return Found(backend, (*said, ("info", reason)))

    def _give_up(self, backend: Backend, error: Exception) -> None:
        self._runners.clear()
        for key in [key for key, found in _TRIED.items() if found.backend is backend]:
            del _TRIED[key]
        self._found = (None, "Computed by the plain network in torch.")
        self._say("warning", f"The backend {backend.name} failed: {error}. {self._found[1]}")

    def _run(
        self, backend: Backend, planes: Tensor, modality: Modality, layer: str, wanted: Window
    ) -> Tensor:
        decodes = layer != "stem"
        crops = (crops_for if decodes else stem_crops)(wanted, *planes.shape[-2:])
        key = (modality, decodes, crops, planes.shape)
        if key not in self._runners:
            while len(self._runners) >= _KEPT:
                self._runners.popitem(last=False)
            self._runners[key] = self._prepared(backend, modality, layer, crops, planes.shape)
        self._runners.move_to_end(key)
        return self._runners[key](planes)

    def _prepared(
        self, backend: Backend, modality: Modality, layer: str, crops: Crops, shape: torch.Size
    ) -> Runner:
        key = (modality, layer != "stem")
        if key not in self._folded:
            self._folded[key] = fold(self._network, modality, layer)
        return backend.prepare(self._folded[key], crops, shape)


def _whole(x: Tensor) -> Window:
    return Window(0, 0, x.shape[-2], x.shape[-1])

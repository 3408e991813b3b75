"""From a window of an area to class probabilities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from s4_core.errors import ConfigurationError
from s4_core.nn import DeviceChoice, FastNetwork, Segmenter, SeriesInput
from s4_core.sits import Sample
from s4_core.types import Modality, Window

Samples = dict[Modality, Sample]


@dataclass(frozen=True)
class Prediction:
    """What the model says of one window.

    Args:
        probabilities: `(K, h, w)` float32; 0 where nothing was computed.
        mapped: `(h, w)`, True where a used modality has at least one valid date.
    """

    probabilities: npt.NDArray[np.float32]
    mapped: npt.NDArray[np.bool_]

    def part(self, window: Window) -> Prediction:
        """The pixels of a window, counted from this prediction's corner."""
        rows, cols = window.slices
        return Prediction(self.probabilities[:, rows, cols], self.mapped[rows, cols])


class Predictor:
    """Reads a window of each modality and runs the model on it.

    Args:
        read: the prepared samples of a window, which may reach outside the area.
        segmenter: placed on the chosen device, in evaluation mode.
        say: told by which backend the network is computed, and why.
    """

    def __init__(
        self,
        read: Callable[[Window], Samples],
        segmenter: Segmenter,
        choice: DeviceChoice,
        say: Callable[[str, str], None] | None = None,
    ) -> None:
        self._read = read
        self._segmenter = choice.place(segmenter.eval())
        self._choice = choice
        self._segmenter.read_from(FastNetwork(segmenter.network, choice, say=say))

    def __call__(self, window: Window, wanted: Window | None = None) -> Prediction:
        """Predict a window.

        Args:
            wanted: pixels that matter, counted from the window's corner; only they are computed,
                and nothing where none of them has data.

        Raises:
            ConfigurationError: the accelerator's memory does not hold the window.
        """
        samples = self._read(window)
        mapped = np.logical_or.reduce([s.valid.any(axis=0) for s in samples.values()])
        wanted = wanted or Window(0, 0, window.height, window.width)
        shape = (self._segmenter.classes, window.height, window.width)
        probabilities = np.zeros(shape, dtype=np.float32)
        if mapped[wanted.slices].any():
            probabilities[(slice(None), *wanted.slices)] = self._run(samples, wanted)
        return Prediction(probabilities, mapped)

    def _run(self, samples: Samples, wanted: Window) -> npt.NDArray[np.float32]:
        device = self._choice.device
        try:
            with torch.inference_mode(), self._choice.autocast():
                inputs = {m: placed(sample, self._choice) for m, sample in samples.items()}
                probabilities = self._segmenter.probabilities(inputs, wanted)[0]
                found: npt.NDArray[np.float32] = probabilities.float().cpu().numpy()
                return found
        except torch.cuda.OutOfMemoryError as error:
            raise ConfigurationError(
                f"The tile does not fit into the memory of {torch.cuda.get_device_name(device)}.",
                "Choose a smaller tile (--tile) or the device cpu.",
            ) from error


def placed(sample: Sample, choice: DeviceChoice) -> SeriesInput:
    """A batch of one on the device: (1, C, T, h, w), (1, T, h, w), (1, T)."""
    return (
        choice.move(torch.from_numpy(sample.x)[None]),
        choice.move(torch.from_numpy(sample.valid)[None]),
        choice.move(torch.from_numpy(sample.days)[None]),
    )

"""The folded network by OpenVINO: Intel's inference library, an optional package.

Its convolutions take in bias and LeakyReLU, and its memory is planned once for the whole network.
The graph is written operation by operation: nothing is traced, and the library's converter, which
counts its users over the network, is not called.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from s4_core.nn.backends.cropping import Crops, Margins
from s4_core.nn.backends.folding import SLOPE, Convolution, FoldedUNet
from s4_core.nn.blocks import Size

_HINTS = {"fp32": "f32", "bf16": "bf16"}


class OpenVinoOperations:
    """Nodes of a graph."""

    def __init__(self, opset: Any) -> None:
        self._opset = opset

    def convolve(self, layer: Convolution, x: Any, *, activate: bool = True) -> Any:
        """See `Operations`."""
        pads = list(layer.padding)
        weight = self._constant(layer.weight)
        if isinstance(layer, nn.ConvTranspose3d):
            out = self._opset.convolution_backprop_data(
                x,
                weight,
                list(layer.stride),
                pads_begin=pads,
                pads_end=pads,
                output_padding=list(layer.output_padding),
            )
        else:
            out = self._opset.convolution(
                x, weight, list(layer.stride), pads, pads, list(layer.dilation)
            )
        if layer.bias is not None:
            # (F,) -> (1, F, 1, 1, 1)
            out = self._opset.add(out, self._constant(layer.bias.reshape(1, -1, 1, 1, 1)))
        slope = self._constant(torch.tensor([SLOPE]))
        return self._opset.prelu(out, slope) if activate else out

    def pool(self, size: Size, x: Any) -> Any:
        """See `Operations`."""
        none = [0] * len(size)
        ones = [1] * len(size)
        return self._opset.max_pool(x, list(size), ones, none, none, list(size)).output(0)

    def join(self, one: Any, other: Any) -> Any:
        """See `Operations`."""
        return self._opset.concat([one, other], 1)

    def cut(self, x: Any, margins: Margins) -> Any:
        """See `Operations`."""
        if not any(margins):
            return x
        top, bottom, left, right = margins
        height, width = list(x.get_output_shape(0) if hasattr(x, "get_output_shape") else x.shape)[
            -2:
        ]
        starts, ends = [top, left], [height - bottom, width - right]
        return self._opset.slice(x, starts, ends, [1, 1], [3, 4])

    def _constant(self, tensor: Tensor) -> Any:
        return self._opset.constant(tensor.detach().float().cpu().numpy())


class OpenVinoBackend:
    """Runs on the CPU with torch's number of threads.

    Args:
        precision: "fp32" or "bf16".
        threads: of the CPU.

    Raises:
        ImportError: the package is missing or broken.
    """

    name = "openvino"

    def __init__(self, precision: str, threads: int) -> None:
        # only here: an optional package
        import openvino  # noqa: PLC0415
        from openvino import opset14  # noqa: PLC0415

        self._library, self._opset = openvino, opset14
        self._core = openvino.Core()
        self._options = {
            "INFERENCE_PRECISION_HINT": _HINTS[precision],
            "INFERENCE_NUM_THREADS": threads,
            "PERFORMANCE_HINT": "LATENCY",
            # pinned, the threads of every process land on the same first cores: two workers of one
            # machine would share one core
            "ENABLE_CPU_PINNING": False,
        }

    def prepare(
        self, network: FoldedUNet[Tensor], crops: Crops, shape: torch.Size
    ) -> OpenVinoRunner:
        """A runner of inputs of this shape."""
        planes = self._opset.parameter(list(shape), self._library.Type.f32, name="planes")
        features = network.run(planes, crops, OpenVinoOperations(self._opset))
        model = self._library.Model([self._opset.result(features)], [planes], "unet")
        return OpenVinoRunner(self._core.compile_model(model, "CPU", self._options))


class OpenVinoRunner:
    """A compiled graph with its memory."""

    def __init__(self, compiled: Any) -> None:
        self._request = compiled.create_infer_request()

    def __call__(self, planes: Tensor) -> Tensor:
        """Features of planes (B, C, T, H, W)."""
        found = self._request.infer([planes.contiguous().numpy()], share_inputs=True)
        return torch.from_numpy(found[0])

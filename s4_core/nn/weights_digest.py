"""What tells a network's weights from another's."""

from __future__ import annotations

import hashlib

from torch import nn


def weights_digest(network: nn.Module) -> str:
    """SHA-256 of all parameters and buffers with their names, hexadecimal."""
    digest = hashlib.sha256()
    for name, tensor in sorted(network.state_dict().items()):
        digest.update(f"{name} {tuple(tensor.shape)} {tensor.dtype}".encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()

"""One modality's embedding follows the neighbourhoods that both modalities see together.

The contrastive loss of the paper (5.1) pulls the two views of a place together. This is its
softer form for an embedding whose distances already mean something (stochastic neighbours: Hinton
& Roweis 2002): a place's likely neighbours by one view shall be those by both views.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def neighbour_logits(embedding: Tensor) -> Tensor:
    """Minus the squared distances of pixels `(N, E)`, -inf to themselves: `(N, N)`."""
    distances = torch.cdist(embedding, embedding).square()
    return -distances.fill_diagonal_(float("inf"))


def neighbour_alignment(embedding: Tensor, others: Tensor) -> Tensor:
    """Cross-entropy of each pixel's neighbours by an embedding to those by a teacher, in nats.

    Args:
        embedding: `(N, E)`, of one modality. others: logits of the teacher's neighbours,
            `(N, N)`, see `neighbour_logits`.
    """
    wanted = F.softmax(others, dim=1)
    found = F.log_softmax(neighbour_logits(embedding), dim=1)
    # a pixel is no neighbour of its own: 0 * -inf is no number
    terms = (wanted * found).masked_fill(torch.isinf(found), 0.0)
    return -terms.sum(dim=1).mean()

"""The losses of pretraining: S4's (paper, Eq. 1-3) and those of the systems beside it."""

from s4_core.losses.alignment import neighbour_alignment, neighbour_logits
from s4_core.losses.contrastive import info_nce, info_nce_batch
from s4_core.losses.momentum import KeyQueue, follow, queue_info_nce
from s4_core.losses.reconstruction import masked_l1

__all__ = [
    "KeyQueue",
    "follow",
    "info_nce",
    "info_nce_batch",
    "masked_l1",
    "neighbour_alignment",
    "neighbour_logits",
    "queue_info_nce",
]

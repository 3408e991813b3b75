"""The losses of pretraining (paper, Eq. 1-3)."""

from s4_core.losses.contrastive import info_nce, info_nce_batch
from s4_core.losses.reconstruction import masked_l1

__all__ = ["info_nce", "info_nce_batch", "masked_l1"]

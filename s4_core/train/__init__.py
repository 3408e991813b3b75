"""Training: self-supervised pretraining and learning from parcels."""

from s4_core.train.finetune import finetune
from s4_core.train.history import history_path, read_history
from s4_core.train.patches import AreaPatches, PatchSource, PreparedPatches
from s4_core.train.pretrain import pretrain, pretrain_on
from s4_core.train.ranks import Ranks, together

__all__ = [
    "AreaPatches",
    "PatchSource",
    "PreparedPatches",
    "Ranks",
    "finetune",
    "history_path",
    "pretrain",
    "pretrain_on",
    "read_history",
    "together",
]

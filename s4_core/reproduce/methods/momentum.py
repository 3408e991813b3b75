"""What SeCo, CaCo and GSSL share: MoCo v2 on single images, and fine-tuning as in Section 6.5."""

from __future__ import annotations

import copy

from torch import Tensor, nn
from torch.nn import functional as F

from s4_core.errors import ConfigurationError
from s4_core.losses import KeyQueue, follow
from s4_core.nn.baselines import FrameEncoder, RecurrentUNet, ResNetEncoder
from s4_core.reproduce.method import Inputs, Maps, Plan, PretrainTask, Reads, SegmentationModel
from s4_core.types import Modality

TEMPERATURE = 0.07
"""Of all three."""


class Embedder(nn.Module):
    """Encoder, mean over the image, and a head of two layers a subspace.

    Args:
        subspaces: how many embeddings an image gets.
    """

    def __init__(self, encoder: FrameEncoder, size: int, subspaces: int) -> None:
        super().__init__()
        self.encoder = encoder
        width = encoder.widths[-1]
        self.heads = nn.ModuleList(
            [
                nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, size))
                for _ in range(subspaces)
            ]
        )

    def pooled(self, images: Tensor) -> Tensor:
        """(B, C, 1, H, W) -> (B, width)."""
        maps: list[Tensor] = self.encoder(images)
        return maps[-1].float().mean(dim=(2, 3, 4))

    def forward(self, images: Tensor) -> list[Tensor]:
        """L2-normalised embeddings (B, D), one a subspace."""
        pooled = self.pooled(images)
        return [F.normalize(head(pooled).float(), dim=1) for head in self.heads]


class MomentumTask(PretrainTask):
    """Query and key networks and a queue a subspace."""

    def __init__(self, plan: Plan, modality: Modality, subspaces: int = 1) -> None:
        super().__init__()
        self.modality, self.momentum = modality, plan.sizes.momentum
        sizes = plan.sizes
        encoder = ResNetEncoder(plan.channels[modality], sizes.frame_widths)
        self.queries = Embedder(encoder, sizes.embedding, subspaces)
        self.keys = copy.deepcopy(self.queries).requires_grad_(False)
        self.queues = nn.ModuleList(
            [KeyQueue(sizes.queue, sizes.embedding) for _ in range(subspaces)]
        )
        self._fresh: list[Tensor] = []

    def negatives(self, subspace: int = 0) -> Tensor:
        """Keys of earlier steps, (Q, D); a copy, as the queue moves on before the gradient."""
        queue = self.queues[subspace]
        if not isinstance(queue, KeyQueue):
            raise TypeError("a subspace has a queue")
        return queue.keys.clone()

    def remember(self, keys: list[Tensor]) -> None:
        """Keys (B, D), one a subspace, that join the queues after the step."""
        self._fresh = [key.detach() for key in keys]

    def feature_maps(
        self,
        x: Tensor,
        valid: Tensor,  # noqa: ARG002 - every date by itself
        days: Tensor,  # noqa: ARG002
        modality: Modality,  # noqa: ARG002
    ) -> Maps:
        """Every level of the encoder."""
        maps: Maps = self.queries.encoder(x)
        return maps

    def after_step(self) -> None:
        """Let the key network follow, and move the queues on."""
        follow(self.keys, self.queries, self.momentum)
        for queue, fresh in zip(self.queues, self._fresh):
            queue.push(fresh)  # type: ignore[operator]
        self._fresh = []


class FrameModel(SegmentationModel):
    """The pretrained encoder per date, ConvLSTMs on every level, a 2D decoder (paper 6.5)."""

    def __init__(self, encoder: FrameEncoder, modality: Modality, classes: int, state: int) -> None:
        super().__init__()
        self.modality = modality
        self.network = RecurrentUNet(encoder, classes, state, every_level=True)

    def forward(self, inputs: Inputs) -> Tensor:
        """(B, K, H, W)."""
        x, valid, _ = inputs[self.modality]
        logits: Tensor = self.network(x, valid)
        return logits


def frame_model(plan: Plan, modalities: Reads, task: PretrainTask | None) -> SegmentationModel:
    """Fine-tuned on the query encoder."""
    if not isinstance(task, MomentumTask):
        raise ConfigurationError("There is nothing pretrained.", "Give a momentum task.")
    return FrameModel(task.queries.encoder, modalities[0], plan.classes, plan.sizes.lstm)

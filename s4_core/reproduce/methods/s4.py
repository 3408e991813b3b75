"""S4 itself: joint contrastive and reconstruction pretraining of a 3D U-Net (paper 5)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from torch import Tensor

from s4_core.errors import ConfigurationError
from s4_core.nn import ConvLSTMHead, DeviceChoice, MeanHead, S4Network
from s4_core.reproduce.method import (
    Inputs,
    Maps,
    Method,
    Plan,
    PretrainBatch,
    PretrainTask,
    Reads,
    SegmentationModel,
)
from s4_core.train.objective import pretrain_loss
from s4_core.types import LossSettings, Modality


class S4Task(PretrainTask):
    """Eq. 1, with either part left out where its weight is 0 (Table 4)."""

    def __init__(self, plan: Plan, settings: LossSettings, temporal: str) -> None:
        super().__init__()
        self.settings = settings
        self.network = S4Network(
            replace(plan.settings.network, temporal=temporal), dict(plan.channels)
        )

    def loss(self, batch: PretrainBatch, device: DeviceChoice) -> Tensor:
        """L_c + lambda L_r."""
        return pretrain_loss(self.network, batch.pairs, self.settings, device).total

    def feature_maps(self, x: Tensor, valid: Tensor, days: Tensor, modality: Modality) -> Maps:
        """The embedding that the contrastive loss shapes."""
        return [self.network.embed(x, valid, days, modality)]


class S4Model(SegmentationModel):
    """An S4 network with the head that its temporal encoder asks for (paper 5.3)."""

    def __init__(self, network: S4Network, modalities: Reads, classes: int) -> None:
        super().__init__()
        self.network, self.modalities = network, modalities
        features = network.feature_count("decoder")
        self.head: MeanHead | ConvLSTMHead
        if network.settings.temporal == "convlstm":
            width = network.settings.lstm_width
            self.head = ConvLSTMHead(features, classes, len(modalities), width)
        else:
            self.head = MeanHead(features, classes, len(modalities))

    def forward(self, inputs: Inputs) -> Tensor:
        """(B, K, H, W)."""
        features = [self.network.features(*inputs[m], m) for m in self.modalities]
        logits: Tensor = self.head(features, [inputs[m][1] for m in self.modalities])
        return logits


def s4_task(
    plan: Plan,
    modality: Modality,  # noqa: ARG001 - one task serves both
    *,
    contrastive: float = 1.0,
    reconstruction: float | None = None,
    temporal: str = "conv3d",
) -> PretrainTask:
    """The task; `reconstruction` None takes the preset's lambda."""
    settings = replace(plan.settings.loss, contrastive_weight=contrastive)
    if reconstruction is not None:
        settings = replace(settings, reconstruction_weight=reconstruction)
    return S4Task(plan, settings, temporal)


def s4_model(plan: Plan, modalities: Reads, task: PretrainTask | None) -> SegmentationModel:
    """Fine-tuned on the pretrained network."""
    if not isinstance(task, S4Task):
        raise ConfigurationError("S4 fine-tunes what S4 pretrained.", "Give an S4 task.")
    return S4Model(task.network, modalities, plan.classes)


S4 = Method(
    "s4",
    "S4",
    "3D U-Net; contrastive and cross-modal reconstruction pretraining (paper 5)",
    s4_model,
    s4_task,
    pretrains_once=True,
    apart=True,
)

CONTRASTIVE = replace(
    S4,
    key="s4-contrastive",
    label="S4, L_c alone",
    about="S4 pretrained by the contrastive loss alone (Table 4)",
    task=partial(s4_task, reconstruction=0.0),
)

RECONSTRUCTION = replace(
    S4,
    key="s4-reconstruction",
    label="S4, L_r alone",
    about="S4 pretrained by the reconstruction loss alone (Table 4)",
    task=partial(s4_task, contrastive=0.0, reconstruction=1.0),
)

CONVLSTM = replace(
    S4,
    key="s4-convlstm",
    label="S4 on 2D encoder + ConvLSTM",
    about="S4 pretrains a 2D U-Net per date; a ConvLSTM joins at fine-tuning (paper 5.3)",
    task=partial(s4_task, temporal="convlstm"),
    extra=True,
)

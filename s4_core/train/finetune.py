"""Learning classes from parcels (paper 5.3; DESIGN section 3, `head` mode)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from s4_core import data, nn
from s4_core.config import settings_to_plain
from s4_core.errors import AreaError, ConfigurationError
from s4_core.model_card import HeadCard, ModelCard
from s4_core.progress import Stage
from s4_core.train.calibration import temperature_before
from s4_core.train.expectation import expected_range, offsets_of
from s4_core.train.gradient_modes import learn_network
from s4_core.train.head_mode import learn_head
from s4_core.train.ranks import current
from s4_core.train.record import (
    combined_simulated,
    learned_before,
    made_by,
    simulated_word,
)
from s4_core.train.rivals import rival_summary
from s4_core.train.run import discard_state
from s4_core.train.scores import summary_sentence, validation_summary
from s4_core.train.task import Outcome, Task
from s4_core.types import Area, Modality, Settings

_TIME = {"conv3d": "mean", "convlstm": "convlstm"}
"""Kind of head by the network's temporal encoder, where dates have no weights of their own."""


def finetune(  # noqa: PLR0917 - inputs, choices, output: in the order they are asked for
    area: Area,
    labels: data.Labels,
    init: str | Path,
    settings: Settings,
    modalities: Sequence[Modality],
    out: Path,
    *,
    resume: bool = False,
    compare: bool = False,
    stage: Stage,
) -> ModelCard:
    """Teach a pretrained model the classes of some parcels and write the fine-tuned model.

    Modes (`settings.finetune.mode`): "head" fits a linear readout of the frozen network, in
    seconds, and is assessed by leaving parcels out; "decoder" and "full" train by gradient
    descent with a parcel-disjoint validation part, their curve lies beside `out`.

    Args:
        init: checkpoint to start from; its bands, network and time axis hold.
        modalities: what the model will read; two are joined before the head.
        resume: go on after the last finished epoch ("decoder" and "full").
        compare: judge a random forest on the same split too; the record tells its score under
            "rival", None where no parcel could be held out.

    Returns:
        The card of the model; `record["validation"]` says how good it may be called, and
        `record["parcels"]` which parcels taught it.

    Raises:
        AreaError: no images of a modality, bands missing, no season, all cloud.
        LabelError: no image shows a class.
        CheckpointError: `init` cannot be read.
        TrainingError: a loss that is not finite.
        Cancelled: the user stopped it; no model is written.
    """
    task, origin = open_task(area, labels, init, settings, modalities)
    settings = task.settings
    stage.reporter.log("info", task.device.reason)
    for warning in checked(task):
        stage.reporter.log("warning", warning)
    learning = stage.part(stage.name, 0.0, 0.6) if compare else stage
    if settings.finetune.mode == "head":
        outcome = learn_head(task, learning)
    else:
        outcome = learn_network(task, out, resume=resume, stage=learning)
    if compare:
        rival = rival_summary(task, outcome, stage.part("compare", 0.6, 1.0))
        outcome = replace(outcome, record={**outcome.record, "rival": rival})
    card = _learned_card(task, origin, outcome)
    stage.reporter.log("info", summary_sentence(card.record["validation"]))
    if current().leads:
        nn.save_checkpoint(out, nn.Segmenter(task.network, outcome.head, card), card)
        discard_state(out)
    return card


def open_task(
    area: Area,
    labels: data.Labels,
    init: str | Path,
    settings: Settings,
    modalities: Sequence[Modality],
) -> tuple[Task, ModelCard]:
    """What a fine-tuning from a checkpoint works on, its network on the device.

    Returns:
        The task, and the card of `init`.

    Raises:
        CheckpointError: `init` cannot be read.
    """
    network, origin = nn.load_network(init)
    settings = learned_before(settings, origin)
    temperature = temperature_before(settings.finetune.temperature, origin, modalities)
    if temperature != settings.finetune.temperature:
        settings = replace(settings, finetune=replace(settings.finetune, temperature=temperature))
    # a readout must read what a map of it reads: no rounding that depends on the machine
    device = nn.choose_device(settings.runtime, exact=settings.finetune.mode == "head")
    task = Task(
        area=area,
        labels=labels,
        parcels=_usable_parcels(labels, settings),
        network=device.place(network),
        preparation=data.Preparation.from_card(origin),
        card=_unlearned_card(origin, labels, settings, modalities),
        settings=settings,
        modalities=tuple(modalities),
        device=device,
    )
    return task, origin


def _usable_parcels(labels: data.Labels, settings: Settings) -> npt.NDArray[np.intp]:
    """All parcels, or a seeded draw of so many a class."""
    most = settings.finetune.parcels_per_class
    if most is None:
        return np.arange(len(labels.parcels))
    return data.draw_parcels(labels.values, most, settings.seed)


def checked(task: Task) -> list[str]:
    """Warnings about the area for this model.

    Raises:
        AreaError: the model cannot be used on it.
        ConfigurationError: the model does not know a modality.
    """
    warnings: list[str] = []
    for modality in task.modalities:
        if modality not in task.preparation.statistics:
            known = ", ".join(m.value for m in task.preparation.statistics)
            raise ConfigurationError(
                f"The model to start from knows {known}, not {modality}.", f"Choose {known}."
            )
        if not task.area.of(modality):
            raise AreaError(
                f"The area {task.area.name} has no {modality} images.",
                "Add them or choose the other modality.",
            )
        warnings += data.check_area(task.area, modality, task.preparation)
    return warnings


def _unlearned_card(
    origin: ModelCard, labels: data.Labels, settings: Settings, modalities: Sequence[Modality]
) -> ModelCard:
    """The card of the model to be; its record and temperature come when it has learned."""
    return replace(
        origin,
        settings=settings_to_plain(settings),
        legend=labels.legend,
        head=_head_card(settings, tuple(modalities), origin),
        record={},
    )


def _head_card(settings: Settings, modalities: tuple[Modality, ...], origin: ModelCard) -> HeadCard:
    choices = settings.finetune
    if choices.mode == "head":
        # the metric has read the series itself
        raw = choices.readout_raw and choices.readout != "metric"
        return HeadCard("readout", modalities, choices.readout, raw)
    if choices.pooling == "mean":
        return HeadCard(_TIME[settings.network.temporal], modalities)
    if origin.calendar is None:
        raise ConfigurationError(
            "finetune.pooling is 'dates', but the model has no calendar of fixed dates.",
            "Choose finetune.pooling mean, or start from a model with a calendar.",
        )
    return HeadCard("readout", modalities, "decoder")


def _validation(task: Task, origin: ModelCard, outcome: Outcome) -> dict[str, Any]:
    """What left-out parcels say; of a parcel metric also what to expect of other parcels."""
    held_out = outcome.held_out
    summary = validation_summary(held_out, task.labels.legend.names, task.settings.seed)
    head = task.card.head
    if head is not None and head.readout == "metric" and held_out.scheme != "none":
        parcels = [int((held_out.classes == k).sum()) for k in held_out.assessable]
        summary["expected"] = expected_range(summary, parcels, offsets_of(origin))
    return summary


def _learned_card(task: Task, origin: ModelCard, outcome: Outcome) -> ModelCard:
    head = task.card.head
    record: dict[str, Any] = {
        **task.inputs_record,
        "mode": task.settings.finetune.mode,
        "seed": task.settings.seed,
        **made_by(task.device),
        **outcome.record,
        "simulated": {"before": origin.simulated, "area": task.area.simulated},
        "parcels": {
            "training": task.ids(outcome.training),
            "validation": task.ids(outcome.validation),
        },
        "validation": _validation(task, origin, outcome),
        "pretraining": origin.record.get("pretraining", origin.record)
        if origin.head
        else origin.record,
    }
    return replace(
        task.card,
        head=None if head is None else replace(head, temperature=outcome.temperature),
        record=record,
        simulated=combined_simulated([origin.simulated, simulated_word(task.area.simulated)]),
    )

"""Self-supervised pretraining on unlabelled areas (paper 5.1, 5.2; Eq. 1-3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from s4_core import data, nn
from s4_core.config import settings_to_plain
from s4_core.errors import AreaError, ConfigurationError
from s4_core.model_card import BandStatistics, ModelCard
from s4_core.progress import Stage
from s4_core.train.adaptation import adapt
from s4_core.train.band_dropout import hide_bands
from s4_core.train.batches import Batch
from s4_core.train.finite import check_finite
from s4_core.train.history import history_path, read_history
from s4_core.train.loading import Loader
from s4_core.train.norm_across_ranks import across
from s4_core.train.objective import pretrain_loss
from s4_core.train.patches import AreaPatches, PatchSource, draw
from s4_core.train.ranks import Ranks, current
from s4_core.train.record import (
    combined_simulated,
    common_record,
    identity,
    pretrained_on,
    simulated_word,
)
from s4_core.train.run import Run
from s4_core.train.shifts import stack_apart
from s4_core.train.shortcuts import noise_floor
from s4_core.types import Area, Modality, Settings

_TRAINING, _VALIDATION, _HIDDEN, _SHIFTED = 1, 2, 3, 4
"""Streams of random numbers, beside the seed: patches of an epoch, fixed validation patches, bands
that an epoch hides (the patches are the same with and without), shifts of an epoch."""

_STALE = (
    "The checkpoint's parcel metric was learned on its network as it is: pretrained further, the "
    "network gives features that the metric does not know, and maps get worse, as a rule. "
    "pretrain.learns metric fits the metric itself to the areas."
)

_CURVES = ("loss", "contrastive", "reconstruction", "validation_loss")


def pretrain(
    areas: Sequence[Area],
    settings: Settings,
    out: Path,
    *,
    init: str | None = None,
    stats: Mapping[Modality, BandStatistics] | None = None,
    resume: bool = False,
    stage: Stage,
) -> ModelCard:
    """Pretrain on areas that both modalities saw, and write the best epoch's network.

    The same seed gives the same result on the same machine.

    Args:
        out: checkpoint to write; its curve lies beside it (`history_path`).
        init: checkpoint to start from; its bands, network and time axis hold. Of one with a
            parcel metric that alone learns, unless `settings.pretrain.learns` says otherwise.
        stats: standardisation to use; None takes `init`'s, else that of the areas.
        resume: go on after the last finished epoch of a stopped training.

    Returns:
        The card of the checkpoint.

    Raises:
        AreaError: no area, or one without one of the modalities.
        TrainingError: a loss that is not finite.
        Cancelled: the user stopped it; the last finished epoch stays for `resume`.
    """
    check_pairs(areas)
    card = None
    if init is not None:
        network, card = nn.load_network(init)
        settings = pretrained_on(settings, card)
    else:
        channels = {m: len(settings.input.channels(m)) for m in Modality}
        network = nn.untrained(settings.network, channels, settings.seed)
    preparation = data.Preparation.of(areas, settings, stats=stats, card=card)
    for text in area_warnings(areas, preparation):
        stage.reporter.log("warning", text)
    if learns_metric(settings, network) and card is not None:
        return adapt(
            areas,
            preparation,
            settings,
            out,
            network,
            origin=card,
            resume=resume,
            stage=stage,
        )
    if network.metric and card is not None:
        stage.reporter.log("warning", _STALE)
    sources: list[AreaPatches] = []
    for area in areas:
        # an area given twice, to be drawn twice as often, is kept in memory once
        same = next((source for source in sources if source.area == area), None)
        sources.append(same or AreaPatches(area, preparation, settings.pretrain.drawn_px))
    return pretrain_on(
        sources, preparation, settings, out, network, origin=card, resume=resume, stage=stage
    )


def learns_metric(settings: Settings, network: nn.S4Network) -> bool:
    """Whether a checkpoint's parcel metric is what learns, not the network below it.

    Raises:
        ConfigurationError: it is asked for where there is none.
    """
    if settings.pretrain.learns == "metric" and not network.metric:
        raise ConfigurationError(
            "pretrain.learns is 'metric', but there is no checkpoint with a parcel metric to "
            "start from.",
            "Give one (--init), or choose pretrain.learns network.",
        )
    return bool(network.metric) and settings.pretrain.learns != "network"


def check_pairs(areas: Sequence[Area]) -> None:
    """Pretraining pairs modalities.

    Raises:
        AreaError: no area at all, or one that lacks a modality, by name.
    """
    if not areas:
        raise AreaError("No area was given to pretrain on.", "Give at least one area.")
    for area in areas:
        lacking = [m.value for m in Modality if not area.of(m)]
        if lacking:
            raise AreaError(
                f"The area {area.name} has no {' and no '.join(lacking)} images; pretraining "
                "pairs optical with radar images.",
                "Add the missing images or leave the area out.",
            )


def area_warnings(areas: Sequence[Area], preparation: data.Preparation) -> list[str]:
    """What is doubtful about areas for this preparation.

    Raises:
        AreaError: an area has no season, or nothing usable in it.
    """
    found = []
    for area in areas:
        # nothing is mapped here, so a season off the calendar is a warning, asked for or not
        asked = replace(area, season_is_explicit=True)
        for modality in Modality:
            warnings = data.check_area(asked, modality, preparation, allow_missing=True)
            found += [f"{area.name}: {text}" for text in warnings]
    return list(dict.fromkeys(found))


def pretrain_on(
    sources: Sequence[PatchSource],
    preparation: data.Preparation,
    settings: Settings,
    out: Path,
    network: nn.S4Network,
    *,
    origin: ModelCard | None = None,
    resume: bool = False,
    stage: Stage,
) -> ModelCard:
    """Pretrain a network on any sources of patches: real areas, simulated ones, or both.

    Args:
        sources: of patches with sides of `settings.pretrain.drawn_px`.
        preparation: that the sources' patches went through.
        origin: card of the checkpoint that `network` comes from, if any.
    """
    schedule = settings.pretrain
    if not (settings.loss.contrastive_weight or settings.loss.reconstruction_weight):
        raise ConfigurationError(
            "Both losses have weight 0.",
            "Give loss.contrastive_weight or loss.reconstruction_weight a number above zero.",
        )
    ranks = current()
    ranks.rows(schedule.batch)  # before anything is read: a batch too small to share
    device = nn.choose_device(settings.runtime)
    stage.reporter.log("info", device.reason)
    device.place(network)
    ranks.begin_alike(network)
    optimizer = torch.optim.Adam(network.parameters(), lr=schedule.learning_rate)
    inputs = [source.record() for source in unique(sources)]
    run = Run(out, network, optimizer, identity(settings, "pretrain", inputs), ranks)
    if run.begin(resume):
        stage.reporter.log("info", f"Going on after epoch {run.epoch} of {schedule.epochs}.")
    fixed = _fixed_batches(sources, settings, device)
    channels = {m: known.channels for m, known in preparation.statistics.items()}
    steps = (schedule.epochs - run.epoch) * schedule.steps_per_epoch
    stage = stage.part(stage.name, run.epoch / max(schedule.epochs, run.epoch), 1.0)
    done = 0
    for epoch in range(run.epoch, schedule.epochs):
        network.train()
        sums = torch.zeros(3, device=device.device)
        with epoch_batches(sources, channels, settings, device, epoch) as batches:
            for step, batch in enumerate(batches):
                # all ranks have drawn alike: what is drawn does not depend on their number
                with across(ranks):
                    loss = pretrain_loss(network, ranks.share(batch), settings.loss, device, ranks)
                values = ranks.total(loss.values)
                value = check_finite(values[0], epoch, step, "pretrain")
                optimizer.zero_grad()
                loss.total.backward()  # type: ignore[no-untyped-call]
                ranks.sum_gradients(network.parameters())
                optimizer.step()
                sums += values
                done += 1
                stage.step(done, steps, epoch=epoch + 1, loss=value)
        validation = _validation_loss(network, fixed, settings, device, epoch=epoch, ranks=ranks)
        total, contrastive, reconstruction = (sums / schedule.steps_per_epoch).tolist()
        run.finish_epoch(
            {
                "step": (epoch + 1) * schedule.steps_per_epoch,
                "loss": total,
                "contrastive": contrastive,
                "reconstruction": reconstruction,
                "validation_loss": validation,
                "learning_rate": schedule.learning_rate,
            },
            None if validation is None else -validation,
        )
    run.take_best()
    floor = noise_floor(network, fixed, settings.loss, device, settings.seed) if fixed else None
    card = _card(sources, preparation, settings, origin=origin, run=run, device=device, floor=floor)
    run.complete(network, card)
    return card


def epoch_batches(
    sources: Sequence[PatchSource],
    channels: Mapping[Modality, Sequence[str]],
    settings: Settings,
    device: nn.DeviceChoice,
    epoch: int,
) -> Loader[Batch]:
    """The batches of an epoch: the same whenever and wherever it runs."""
    schedule = settings.pretrain
    drawn, hidden = _rng(settings, _TRAINING, epoch), _rng(settings, _HIDDEN, epoch)
    shifts = _rng(settings, _SHIFTED, epoch)

    def make() -> Batch:
        patches = draw(sources, schedule.batch, drawn)
        batch = stack_apart(patches, schedule.apart_px, shifts, device.device)
        return hide_bands(batch, channels, schedule.band_dropout, hidden)

    return Loader(make, schedule.steps_per_epoch)


def unique(sources: Sequence[PatchSource]) -> list[PatchSource]:
    """Each source once, in order."""
    return list({id(source): source for source in sources}.values())


def _fixed_batches(
    sources: Sequence[PatchSource], settings: Settings, device: nn.DeviceChoice
) -> list[Batch]:
    """The batches that choose the best epoch."""
    schedule = settings.pretrain
    rng = _rng(settings, _VALIDATION)
    patches = draw(sources, schedule.validation_patches, rng)
    parts = [patches[i : i + schedule.batch] for i in range(0, len(patches), schedule.batch)]
    return [stack_apart(part, schedule.apart_px, rng, device.device) for part in parts]


def _validation_loss(
    network: nn.S4Network,
    fixed: Sequence[Batch],
    settings: Settings,
    device: nn.DeviceChoice,
    *,
    epoch: int,
    ranks: Ranks,
) -> float | None:
    """Mean loss of the fixed patches in evaluation mode; None where there are none.

    The ranks share the batches out.
    """
    if not fixed:
        return None
    network.eval()
    last = settings.pretrain.steps_per_epoch - 1
    sums = torch.zeros(2, dtype=torch.float64, device=device.device)
    with torch.no_grad():
        for batch in fixed[ranks.rank :: ranks.count]:
            loss = pretrain_loss(network, batch, settings.loss, device).total
            size = len(batch.offsets)
            sums += torch.stack([loss.double() * size, loss.new_tensor(size).double()])
    total, count = ranks.total(sums)
    return check_finite(total / count, epoch, last, "pretrain")


def _rng(settings: Settings, *stream: int) -> np.random.Generator:
    """Random numbers of their own for each use: an epoch draws the same whenever it runs."""
    return np.random.default_rng([settings.seed, *stream])


def _card(
    sources: Sequence[PatchSource],
    preparation: data.Preparation,
    settings: Settings,
    *,
    origin: ModelCard | None,
    run: Run,
    device: nn.DeviceChoice,
    floor: dict[str, float] | None,
) -> ModelCard:
    best = next(
        (e for e in read_history(history_path(run.out)) if e["epoch"] == run.best_epoch), {}
    )
    record: dict[str, Any] = {
        "areas": [source.record() for source in unique(sources)],
        "steps": run.epoch * settings.pretrain.steps_per_epoch,
        "losses": {k: best.get(k) for k in _CURVES},
        "noise_floor": floor,
        **common_record(settings, run, device),
    }
    parts = [simulated_word(source.simulated) for source in sources]
    if origin is not None:
        record["pretraining"] = origin.record
        parts.append(origin.simulated)
    return ModelCard(
        settings=settings_to_plain(settings),
        modalities=dict(preparation.statistics),
        calendar=preparation.calendar,
        record=record,
        simulated=combined_simulated(parts),
    )

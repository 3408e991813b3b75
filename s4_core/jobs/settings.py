"""The settings of a job: its configuration with what the request states over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from s4_core.config import load_settings, settings_from_plain, with_overrides
from s4_core.model_card import read_card
from s4_core.protocol import FewParcelsJob, FinetuneJob, Job, PretrainJob, Runtime, SegmentJob
from s4_core.types import RuntimeSettings, Settings
from s4_core.types.reproducing import ReproduceJob


def pretrain_settings(job: PretrainJob) -> Settings:
    """Settings of a pretraining: preset, file and overrides.

    What an initial checkpoint has fixed (bands, network, time axis) the training takes from it.

    Raises:
        ConfigurationError: an unknown key or a value out of range.
    """
    return _with_runtime(load_settings(job.preset, job.config, job.overrides), job.runtime)


def finetune_settings(job: FinetuneJob) -> Settings:
    """Settings of a fine-tuning: those of `init`, with the request's choices over them.

    Raises:
        ConfigurationError: an unknown key or a value out of range.
        CheckpointError: `init` cannot be read.
    """
    stated = {
        "finetune.mode": job.mode,
        "finetune.parcels_per_class": job.parcels_per_class,
        "seed": job.seed,
    }
    return _settings_of(job.init, job.overrides, stated, job.runtime)


def few_parcels_settings(job: FewParcelsJob) -> Settings:
    """Settings of a comparison: those of `init` in quick mode, with the request's over them.

    Raises:
        ConfigurationError: an unknown key or a value out of range.
        CheckpointError: `init` cannot be read.
    """
    stated = {"finetune.mode": "head", "seed": job.seed}
    return _settings_of(job.init, job.overrides, stated, job.runtime)


def _settings_of(
    init: str, overrides: Mapping[str, Any], stated: Mapping[str, Any], runtime: Runtime
) -> Settings:
    """A model's settings, with single ones over them, and over these what was stated by name."""
    named = {key: value for key, value in stated.items() if value is not None}
    settings = settings_from_plain(read_card(init).settings)
    return _with_runtime(with_overrides(settings, {**overrides, **named}), runtime)


def reproduction_runtime(job: ReproduceJob) -> RuntimeSettings:
    """Where a reproduction runs."""
    return _stated(RuntimeSettings(), Runtime(job.device, job.precision, job.threads))


def runtime_of(job: Job) -> RuntimeSettings:
    """Where a job that runs a network will run it."""
    if isinstance(job, PretrainJob):
        return pretrain_settings(job).runtime
    if isinstance(job, FinetuneJob):
        return finetune_settings(job).runtime
    if isinstance(job, FewParcelsJob):
        return few_parcels_settings(job).runtime
    if isinstance(job, ReproduceJob):
        return reproduction_runtime(job)
    if isinstance(job, SegmentJob):
        return _stated(RuntimeSettings(), job.runtime)
    return RuntimeSettings()


def computes_exactly(job: Job) -> bool:
    """Whether a job computes in fp32 on every CPU unless it states another precision.

    What a map reads later (a readout, a parcel metric) is learned exactly as the map reads it,
    on whichever machine; networks that learn themselves take what the hardware does fastest.
    """
    if isinstance(job, FinetuneJob):
        return finetune_settings(job).finetune.mode == "head"
    if isinstance(job, FewParcelsJob):
        return few_parcels_settings(job).finetune.mode == "head"
    if isinstance(job, PretrainJob) and job.init is not None:
        learns = pretrain_settings(job).pretrain.learns
        network = settings_from_plain(read_card(job.init).settings).network
        return bool(network.metric_dates) and learns != "network"
    return False


def _with_runtime(settings: Settings, runtime: Runtime) -> Settings:
    return replace(settings, runtime=_stated(settings.runtime, runtime))


def _stated(base: RuntimeSettings, runtime: Runtime) -> RuntimeSettings:
    stated: dict[str, Any] = {
        "device": runtime.device,
        "precision": runtime.precision,
        "threads": runtime.threads,
        "backend": runtime.backend,
        "cache": runtime.cache,
    }
    return replace(base, **{k: v for k, v in stated.items() if v is not None})

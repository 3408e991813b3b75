"""The settings of a job: its configuration with what the request states over it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from s4_core.config import load_settings, settings_from_plain, with_overrides
from s4_core.model_card import read_card
from s4_core.protocol import FinetuneJob, Job, PretrainJob, Runtime, SegmentJob
from s4_core.types import RuntimeSettings, Settings


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
    overrides = {
        **job.overrides,
        **{key: value for key, value in stated.items() if value is not None},
    }
    settings = with_overrides(settings_from_plain(read_card(job.init).settings), overrides)
    return _with_runtime(settings, job.runtime)


def runtime_of(job: Job) -> RuntimeSettings:
    """Where a job that runs a network will run it."""
    if isinstance(job, PretrainJob):
        return pretrain_settings(job).runtime
    if isinstance(job, FinetuneJob):
        return finetune_settings(job).runtime
    if isinstance(job, SegmentJob):
        return _stated(RuntimeSettings(), job.runtime)
    return RuntimeSettings()


def _with_runtime(settings: Settings, runtime: Runtime) -> Settings:
    return replace(settings, runtime=_stated(settings.runtime, runtime))


def _stated(base: RuntimeSettings, runtime: Runtime) -> RuntimeSettings:
    stated: dict[str, Any] = {
        "device": runtime.device,
        "precision": runtime.precision,
        "threads": runtime.threads,
    }
    return replace(base, **{k: v for k, v in stated.items() if v is not None})

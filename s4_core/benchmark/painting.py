"""`s4-painted`: quick mode that has also seen its training pixels under painted clouds.

The paper's outlook (Section 7) names painted clouds against heavy cloud cover. The labelled
pixels' series are copied; in each copy random dates vanish, wholly or under a blob. The readout
learns from the images as they are and from the copies; the pixels to be judged stay as they are.
A method of the cloud study alone, not of the registry.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

from s4_core.benchmark.methods.method import Method, Predictor
from s4_core.benchmark.methods.readouts import features_of, softmax
from s4_core.benchmark.task import Floats, Ground, Task, taught_by
from s4_core.progress import Stage
from s4_core.sits import Sample
from s4_core.train.area_samples import AreaSamples, Samples
from s4_core.train.head_mode import classifier_for, read_out
from s4_core.train.task import Task as Finetuning
from s4_core.types import Window

COPIES = 2
OVERCAST, BROKEN = 0.25, 0.25
"""Share of the dates that a copy hides wholly, and under blobs."""

BLOB_PX = 6.0
"""Size of a blob: sigma of the smooth noise whose upper part is cloud."""


def painted(sample: Sample, rng: np.random.Generator) -> Sample:
    """A series under further clouds: nothing that was hidden comes to light."""
    frames, height, width = sample.valid.shape
    kinds = rng.random(frames)
    clear = np.ones(sample.valid.shape, bool)
    clear[kinds < OVERCAST] = False
    for place in np.flatnonzero((kinds >= OVERCAST) & (kinds < OVERCAST + BROKEN)):
        clear[place] = _broken_sky((height, width), rng)
    valid = sample.valid & clear
    return replace(sample, x=np.where(clear, sample.x, np.float32(0)), valid=valid)


def _broken_sky(shape: tuple[int, int], rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Clear parts of a sky with blobs, from nearly none to nearly all."""
    smooth = gaussian_filter(rng.standard_normal(shape), BLOB_PX, mode="wrap")
    clear: npt.NDArray[np.bool_] = smooth < np.quantile(smooth, rng.uniform(0.05, 0.95))
    return clear


def under_paint(finetuning: Finetuning, number: int) -> Finetuning:
    """The same fine-tuning that sees its images under painted clouds."""
    plain = finetuning.samples

    def prepare(window: Window) -> Samples:
        place = [finetuning.settings.seed, number, abs(window.row), abs(window.col)]
        rng = np.random.default_rng(place)
        return {m: painted(sample, rng) for m, sample in plain.at(window).items()}

    other = replace(finetuning)
    other.samples = AreaSamples(plain.grid, prepare, rim_px=plain.rim_px)
    return other


def prepare(ground: Ground, stage: Stage) -> Predictor:
    """Features of the images as they are, and of the painted copies."""
    seen = [ground.finetuning, *(under_paint(ground.finetuning, i) for i in range(COPIES))]
    features = [
        features_of(one, ground, stage.part(stage.name, i / len(seen), (i + 1) / len(seen)))
        for i, one in enumerate(seen)
    ]
    fit = classifier_for(ground.finetuning, stage)

    def predict(task: Task, stage: Stage) -> Floats:
        learning = np.concatenate([one[task.taught] for one in features])
        pixels = ground.pixels.take(np.tile(task.taught, len(features)))
        finetuning = taught_by(ground.finetuning, task.parcels)
        learned = read_out(finetuning, learning, pixels, fit, stage)
        return softmax(learned.readout.logits(features[0]) / np.float32(learned.temperature))

    return predict


METHOD = Method(
    prepare,
    lambda _: {
        "what": "the checkpoint, quick mode, taught under painted clouds too",
        "copies": COPIES,
        "overcast": OVERCAST,
        "broken": BROKEN,
    },
    weight=12.0,
    preparing=0.9,
)

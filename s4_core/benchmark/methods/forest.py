"""`rf`: a random forest on the raw series, what most plugins offer."""

from __future__ import annotations

from sklearn.ensemble import RandomForestClassifier

from s4_core.benchmark.methods.method import Method, Predictor, spread_over_classes
from s4_core.benchmark.task import Floats, Ground, Task
from s4_core.progress import Stage
from s4_core.train.rivals import TREES
from s4_core.train.weights import parcel_balanced


def prepare(ground: Ground, stage: Stage) -> Predictor:
    """The raw series is all that the splits share."""
    stage.check()
    # (N, C, T) -> (N, C * T)
    series = ground.series.reshape(len(ground.series), -1)

    def predict(task: Task, stage: Stage) -> Floats:
        stage.check()
        pixels = task.pixels
        threads = ground.settings.runtime.threads
        forest = RandomForestClassifier(TREES, random_state=task.seed, n_jobs=threads or -1)
        weights = parcel_balanced(pixels.classes, pixels.parcels)
        forest.fit(series[task.taught], pixels.classes, sample_weight=weights)
        found = forest.predict_proba(series)
        return spread_over_classes(found, forest.classes_, ground.class_count)

    return predict


METHOD = Method(
    prepare,
    lambda _: {"what": "random forest on the gap-filled series", "trees": TREES},
    weight=30.0,
    is_rival=True,
)

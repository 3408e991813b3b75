"""`logistic`: multinomial logistic regression on the standardised raw series."""

from __future__ import annotations

from s4_core.benchmark.methods.method import Method, Predictor
from s4_core.benchmark.methods.readouts import softmax
from s4_core.benchmark.task import Floats, Ground, Task
from s4_core.progress import Stage
from s4_core.train.readout import fit_readout

INVERSE_REGULARISATION = 0.003
"""scikit-learn's C, fixed beforehand: the stronger of two that a prototype had tried."""


def prepare(ground: Ground, stage: Stage) -> Predictor:
    """The raw series is all that the splits share."""
    stage.check()
    # (N, C, T) -> (N, C * T)
    series = ground.series.reshape(len(ground.series), -1)

    def predict(task: Task, stage: Stage) -> Floats:
        stage.check()
        readout = fit_readout(
            series[task.taught], task.pixels, ground.class_count, INVERSE_REGULARISATION
        )
        return softmax(readout.logits(series))

    return predict


METHOD = Method(
    prepare,
    lambda _: {
        "what": "logistic regression on the standardised gap-filled series",
        "inverse_regularisation": INVERSE_REGULARISATION,
    },
    is_rival=True,
)

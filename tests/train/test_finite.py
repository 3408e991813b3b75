import pytest
import torch

from s4_core.errors import TrainingError
from s4_core.train.finite import check_finite


def test_a_finite_loss_is_given_back():
    assert check_finite(torch.tensor(1.5), 0, 0, "pretrain") == 1.5


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_lost_number_names_epoch_and_step(value):
    with pytest.raises(TrainingError, match="epoch 3, step 8") as caught:
        check_finite(torch.tensor(value), 2, 7, "finetune")
    assert "finetune.learning_rate" in caught.value.remedy

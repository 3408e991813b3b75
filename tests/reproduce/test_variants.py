"""What each system is meant to be, beyond learning at all (test_methods)."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from s4_core.errors import ConfigurationError
from s4_core.nn import ConvLSTMHead
from s4_core.nn.baselines import UTAE
from s4_core.reproduce.method import Inputs, PretrainBatch, PretrainTask, SegmentationModel
from s4_core.reproduce.methods import method_named
from s4_core.reproduce.methods.adaptive import AdaptiveModel
from s4_core.reproduce.methods.caco import CacoTask, between_groups
from s4_core.reproduce.methods.fusion import FusionModel
from s4_core.reproduce.methods.s4 import S4Model, S4Task
from s4_core.reproduce.methods.supervised import Supervised
from s4_core.reproduce.samples import INFRARED
from s4_core.types import Modality
from tests.reproduce.test_methods import CPU, SIDE, batch, plan, pretrain

OPTICAL, RADAR = Modality.OPTICAL, Modality.RADAR


def built(key: str, modality: Modality = RADAR) -> tuple[SegmentationModel, PretrainTask | None]:
    torch.manual_seed(0)
    method, small = method_named(key), plan()
    task = None if method.task is None else method.task(small, modality)
    return method.model(small, method.learns_from((modality,)), task), task


def longer(given: PretrainBatch, times: int) -> PretrainBatch:
    """The same series, so many times as long."""
    inputs = {
        m: (
            x.repeat(1, 1, times, 1, 1),
            valid.repeat(1, times, 1, 1),
            torch.arange(1.0, valid.shape[1] * times + 1).repeat(len(x), 1) * 20,
        )
        for m, (x, valid, days) in given.pairs.inputs.items()
    }
    targets = {m: x for m, (x, _, _) in inputs.items()}
    return replace(given, pairs=replace(given.pairs, inputs=inputs, targets=targets))


def only(given: PretrainBatch, modality: Modality) -> Inputs:
    return {modality: given.pairs.inputs[modality]}


def test_satmae_reads_any_number_of_dates() -> None:
    # the original is hard-wired to three
    model, task = built("satmae")
    assert task is not None
    model.eval()
    for times in (1, 3):
        given = longer(batch(1)[0], times)
        assert torch.isfinite(task.loss(given, CPU))
        assert model(only(given, RADAR)).shape == (6, plan().classes, SIDE, SIDE)


def test_mmf_learns_beside_its_frozen_reconstruction() -> None:
    model, task = built("mmf")
    assert isinstance(model, FusionModel)
    assert task is not None
    frozen = {name: p.clone() for name, p in model.made_up.state_dict().items()}
    model.train()
    given, classes = batch(1)
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=1e-2)
    torch.nn.functional.cross_entropy(model(only(given, RADAR)), classes).backward()
    optimizer.step()
    # neither its weights nor the statistics of its norms moved
    assert all(torch.equal(frozen[name], p) for name, p in model.made_up.state_dict().items())
    # both modalities' channels enter, though only one is given
    entered = model.network.stems[RADAR.value]
    assert next(iter(entered.parameters())).shape[1] == sum(plan().channels.values())


def test_mmf_makes_up_one_modality_only() -> None:
    _, task = built("mmf")
    with pytest.raises(ConfigurationError, match="makes up the other modality"):
        method_named("mmf").model(plan(), (OPTICAL, RADAR), task)


def test_s4_on_a_convlstm_sees_dates_one_by_one_until_fine_tuning() -> None:
    model, task = built("s4-convlstm")
    assert isinstance(task, S4Task)
    assert isinstance(model, S4Model)
    assert isinstance(model.head, ConvLSTMHead)
    task.eval()
    x, valid, days = batch(1)[0].pairs.inputs[RADAR]
    changed = x.clone()
    changed[:, :, -1] += 5
    with torch.no_grad():
        before = task.network.embed(x, valid, days, RADAR)
        after = task.network.embed(changed, valid, days, RADAR)
        # other dates' embeddings stay; the head, which joins now, sees the order of the dates
        torch.testing.assert_close(before[:, :, :-1], after[:, :, :-1])
        assert not torch.allclose(before[:, :, -1], after[:, :, -1])
        model.eval()
        turned = {RADAR: (x.flip(2), valid.flip(1), days)}
        assert not torch.allclose(model({RADAR: (x, valid, days)}), model(turned))


def test_adaptive_fusion_weighs_pixel_by_pixel_and_makes_do_with_one() -> None:
    model, _ = built("s4-adaptive")
    assert isinstance(model, AdaptiveModel)
    given = batch(1)[0]
    model.eval()
    both = dict(given.pairs.inputs)
    shares: list[Tensor] = []
    softmax = torch.Tensor.softmax

    def heard(scores: Tensor, dim: int) -> Tensor:
        shares.append(softmax(scores, dim))
        return shares[-1]

    with pytest.MonkeyPatch.context() as patch, torch.no_grad():
        patch.setattr(torch.Tensor, "softmax", heard)
        fused = model(both)
    (weights,) = shares
    torch.testing.assert_close(weights.sum(0), torch.ones_like(weights[0]))
    assert float(weights.std(dim=(-2, -1)).max()) > 0
    for modality in Modality:
        alone = model(only(given, modality))
        assert alone.shape == fused.shape
        assert not torch.allclose(alone, fused)


def test_adaptive_fusion_learns_from_one_modality_now_and_then() -> None:
    torch.manual_seed(0)
    kept = [AdaptiveModel._kept((OPTICAL, RADAR)) for _ in range(300)]
    assert set(kept) == {(OPTICAL,), (RADAR,), (OPTICAL, RADAR)}
    assert {AdaptiveModel._kept((RADAR,)) for _ in range(20)} == {(RADAR,)}


def test_a_third_modality_has_an_encoder_of_its_own_and_three_pairs() -> None:
    _, task = built("s4-third")
    assert isinstance(task, S4Task)
    assert set(task.network.stems) == {OPTICAL.value, RADAR.value, INFRARED.value}
    given, _ = batch(1)
    task.loss(given, CPU).backward()
    for name, stem in task.network.stems.items():
        first = next(iter(stem.parameters()))
        assert first.grad is not None, name
        assert float(first.grad.abs().sum()) > 0
    with pytest.raises(ConfigurationError, match="third modality is missing"):
        task.loss(replace(given, infrared=None), CPU)


def test_the_supervised_references_are_what_their_names_say() -> None:
    two_ways, _ = built("bconvlstm-unet")
    one_way, _ = built("convlstm-unet")
    utae, _ = built("u-tae")
    assert isinstance(two_ways, Supervised)
    assert isinstance(one_way, Supervised)
    assert isinstance(utae, Supervised)
    assert isinstance(utae.network, UTAE)
    assert utae.dated
    lstms = [
        sum(type(part).__name__ == "ConvLSTM" for part in model.modules())
        for model in (two_ways, one_way)
    ]
    assert lstms == [2, 1]


def test_caco_calls_places_changed_by_the_upper_group_of_ratios() -> None:
    _, task = built("caco")
    assert isinstance(task, CacoTask)
    ratio = torch.tensor([0.5, 3.0])
    # nothing counts before enough is known
    assert task.changed(ratio).tolist() == [False, False]
    room = len(task.ratios)
    groups = torch.cat([torch.full((room - room // 4,), 1.0), torch.full((room // 4,), 2.0)])
    task.ratios.copy_(groups)
    task.known += room
    assert task.changed(ratio).tolist() == [False, True]
    assert float(between_groups(groups)) == pytest.approx(1.5)
    assert float(between_groups(torch.ones(4))) == 1.0


def test_caco_remembers_the_ratios_of_its_last_steps() -> None:
    _, task = built("caco", OPTICAL)
    assert isinstance(task, CacoTask)
    pretrain(task, 2)
    assert int(task.known) == 12
    assert bool((task.ratios[-12:] > 0).all())
    assert bool((task.ratios[:-12] == 0).all())


@pytest.mark.parametrize(("key", "blind"), [("s4", False), ("s4-ground", True)])
def test_only_s4_without_a_border_cannot_tell_where_a_pixel_lies(key: str, blind: bool) -> None:
    # even ground that never changes: whatever differs between sites is the place in the patch
    _, task = built(key)
    assert isinstance(task, S4Task)
    task.eval()
    x, valid, days = longer(batch(0)[0], 2).pairs.inputs[RADAR]
    with torch.no_grad():
        embedding = task.network.embed(torch.ones_like(x), valid, days, RADAR)
    spread = (embedding - embedding[..., :1, :1, :1]).abs().max()
    assert (float(spread) < 1e-5) == blind
    assert task.settings.temperature == (0.1 if blind else 0.5)
    assert task.settings.reconstruction_weight == 0.01

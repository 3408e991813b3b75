import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from s4_core.model_card import HeadCard
from s4_core.nn import ConvLSTMHead, DeviceChoice, Segmenter, new_head, receptive_radius_px
from s4_core.nn.convlstm import ConvLSTM
from tests.nn.building import OPTICAL, card, small_network


def noise(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def mask(*shape, seed=0):
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed)) > 0.4


def test_a_single_pixel_is_read_as_by_an_lstm():
    torch.manual_seed(0)
    ours, plain = ConvLSTM(3, 5).double(), nn.LSTM(3, 5).double()
    with torch.no_grad():
        # of a lone pixel only the middle of the 3 x 3 kernel falls on data
        plain.weight_ih_l0.copy_(ours.incoming.weight[:, :, 0, 1, 1])
        plain.weight_hh_l0.copy_(ours.recurrent.weight[:, :, 0, 0, 0])
        plain.bias_ih_l0.copy_(ours.incoming.bias)
        plain.bias_hh_l0.zero_()
    features = noise(2, 3, 7, 1, 1)
    # (B, F, T, 1, 1) -> (T, B, F)
    _, (state, _) = plain(features[..., 0, 0].permute(2, 0, 1))
    given_state = ours(features, torch.ones(2, 7, 1, 1, dtype=torch.bool))
    torch.testing.assert_close(given_state[..., 0, 0, 0], state[0])


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 5), st.integers(0, 5), st.integers(0, 1000))
def test_dates_that_are_not_valid_leave_the_state_alone(dates, place, seed):
    lstm = ConvLSTM(3, 4).double()
    features, valid = noise(1, 3, dates, 4, 5, seed=seed), mask(1, dates, 4, 5, seed=seed)
    place = min(place, dates)
    surplus = 10 * noise(1, 3, 1, 4, 5, seed=seed + 1)
    longer = torch.cat([features[:, :, :place], surplus, features[:, :, place:]], dim=2)
    hidden = torch.zeros(1, 1, 4, 5, dtype=torch.bool)
    masked = torch.cat([valid[:, :place], hidden, valid[:, place:]], dim=1)
    torch.testing.assert_close(lstm(longer, masked), lstm(features, valid))


def test_masks_are_per_pixel():
    lstm = ConvLSTM(3, 4).double()
    features, valid = noise(1, 3, 6, 4, 5), mask(1, 6, 4, 5)
    valid[:, :, 1, 2] = False
    state = lstm(features, valid)
    assert bool((state[:, :, 0, 1, 2] == 0).all())
    for row, col in ((0, 0), (3, 4), (2, 2)):
        shown = valid[0, :, row, col]
        alone = lstm(features[:, :, shown], torch.ones(1, int(shown.sum()), 4, 5).bool())
        torch.testing.assert_close(state[..., row, col], alone[..., row, col])


def test_what_a_pixel_sees_does_not_grow_with_the_dates():
    head = ConvLSTMHead(3, 2, width=4).double()
    features = noise(1, 3, 12, 1, 20)
    valid = torch.ones(1, 12, 1, 20, dtype=torch.bool)
    columns = torch.arange(20)
    for distance, changes in ((head.reach_px, True), (head.reach_px + 1, False)):
        beyond = (columns - 10).abs() >= distance
        moved = torch.where(beyond, noise(1, 3, 12, 1, 20, seed=1), features)
        before, after = (head([f], [valid])[..., 10] for f in (features, moved))
        assert torch.allclose(before, after, rtol=0, atol=1e-12) != changes


@pytest.mark.parametrize(("transposed", "radius"), [("k3", 28), ("k2", 25)])
def test_the_radius_holds_for_the_whole_model(transposed, radius):
    assert receptive_radius_px("decoder", transposed, ConvLSTMHead.reach_px) == radius
    changes = {"temporal": "convlstm", "transposed": transposed}
    network, model = small_network(**changes), card(HeadCard("convlstm", (OPTICAL,)), **changes)
    segmenter = Segmenter(network, new_head(network, model, 2), model).double().eval()
    assert segmenter.receptive_radius_px == radius
    valid, days = torch.ones(1, 9, 4, 80, dtype=torch.bool), torch.zeros(1, 9)

    def row(x):
        return segmenter({OPTICAL: (x, valid, days)})

    reached = 0
    with torch.no_grad():
        x = 30 * noise(1, 3, 9, 4, 80)
        plain = row(x)
        for column in range(36, 40):  # every place on the lattice of 4
            distance = (torch.arange(80) - column).abs()
            beyond = row(torch.where(distance > radius, 30 * noise(1, 3, 9, 4, 80, seed=1), x))
            torch.testing.assert_close(beyond[..., column], plain[..., column])
            for seed in range(2, 8):
                other = 30 * noise(1, 3, 9, 4, 80, seed=seed)
                at = row(torch.where(distance == radius, other, x))
                reached += not torch.equal(at[..., column], plain[..., column])
    assert reached > 0


def test_half_precision_features_give_float32_logits():
    half, valid = noise(1, 4, 5, 6, 6).bfloat16(), mask(1, 5, 6, 6)
    head = ConvLSTMHead(4, 3)
    with torch.autocast("cpu", torch.bfloat16):
        logits = head([half], [valid])
    assert logits.dtype is torch.float32
    torch.testing.assert_close(logits, head([half.float()], [valid]))


def test_a_placed_model_computes_the_same():
    changes = {"temporal": "convlstm"}
    network, model = small_network(**changes), card(HeadCard("convlstm", (OPTICAL,)), **changes)
    segmenter = Segmenter(network, new_head(network, model, 2), model).eval()
    inputs = {OPTICAL: (noise(1, 3, 5, 8, 8).float(), mask(1, 5, 8, 8), torch.zeros(1, 5))}
    with torch.no_grad():
        before = segmenter(inputs)
        placed = DeviceChoice(torch.device("cpu"), "fp32", "").place(segmenter)
        torch.testing.assert_close(placed(inputs), before)


@pytest.mark.parametrize("mode", ["decoder", "full"])
def test_the_order_of_dates_can_be_learned(mode):
    """Two classes with the same images in another order: a time mean could not tell them apart."""
    changes = {"temporal": "convlstm", "lstm_width": 8, "encode_days": False}
    network, model = small_network(**changes), card(HeadCard("convlstm", (OPTICAL,)), **changes)
    torch.manual_seed(0)
    segmenter = Segmenter(network, new_head(network, model, 2), model)
    rising = torch.linspace(-2, 2, 6)[:, None, None].expand(3, -1, 8, 8).reshape(3, 6, 8, 8)
    classes = torch.zeros(8, 8, dtype=torch.int64)
    classes[:, 4:] = 1
    x = torch.where(classes == 0, rising, rising.flip(1))[None]
    x = x + 0.1 * noise(1, 3, 6, 8, 8).float()
    valid = mask(1, 6, 8, 8) | (torch.arange(6) % 5 == 0)[:, None, None]
    inputs = {OPTICAL: (x.masked_fill(~valid[:, None], 0.0), valid, torch.zeros(1, 6))}
    parts = (segmenter,) if mode == "full" else (network.decoder, segmenter.head)
    learning = [p for part in parts for p in part.parameters()]
    optimizer = torch.optim.Adam(learning, lr=1e-2)
    segmenter.eval()
    for part in parts:
        part.train()
    for step in range(90):
        # the running BatchNorm statistics catch up when the weights slow down
        optimizer.param_groups[0]["lr"] = 1e-2 if step < 60 else 1e-3
        loss = F.cross_entropy(segmenter(inputs), classes[None])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.1
    assert torch.equal(segmenter.eval()(inputs).argmax(1)[0], classes)

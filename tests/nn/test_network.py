import math

import pytest
import torch

from s4_core.errors import ConfigurationError
from s4_core.losses import info_nce_batch, masked_l1
from s4_core.nn import MeanHead, S4Network, pooled_validity, untrained
from s4_core.types import NetworkSettings
from tests.nn.building import CHANNELS, OPTICAL, RADAR, both, series, small_network, small_settings


def parameters(module):
    return sum(p.numel() for p in module.parameters())


@pytest.mark.parametrize(("transposed", "expected"), [("k3", 1_553_796), ("k2", 1_359_236)])
def test_a_plain_unet3d_has_the_reference_size(transposed, expected):
    # Garnot & Landrieu's UNet3D with 10 channels and 20 classes, k3 in their code
    settings = NetworkSettings(encode_days=False, transposed=transposed)
    network = S4Network(settings, {OPTICAL: 10})
    parts = (network.stems, network.encoder, network.decoder, MeanHead(16, 20))
    assert sum(parameters(part) for part in parts) == expected


@pytest.mark.parametrize("transposed", ["k2", "k3"])
@pytest.mark.parametrize("shape", [(8, 8, 8), (5, 7, 9), (1, 4, 3)])
@pytest.mark.parametrize(("temporal", "stride"), [("conv3d", (4, 4, 4)), ("convlstm", (1, 4, 4))])
def test_shapes_follow_the_input(transposed, shape, temporal, stride):
    network = small_network(transposed=transposed, temporal=temporal)
    assert network.stride == stride
    inputs = series(OPTICAL, *shape)
    pooled = tuple(-(-size // step) for size, step in zip(shape, stride))
    assert network.features(*inputs, OPTICAL, "stem").shape == (2, 4, *shape)
    assert network.features(*inputs, OPTICAL, "decoder").shape == (2, 4, *shape)
    assert network.reconstruct(*inputs, OPTICAL, RADAR).shape == (2, 2, *shape)
    assert network.embed(*inputs, OPTICAL).shape == (2, 8, *pooled)


def test_embeddings_have_length_one():
    z = small_network().embed(*series(RADAR), RADAR)
    torch.testing.assert_close(z.norm(dim=1), torch.ones(2, 2, 2, 2))


@pytest.mark.parametrize("shared_norm", ["shared", "per_modality"])
@pytest.mark.parametrize("shape", [(8, 8, 8), (6, 5, 9)])
@pytest.mark.parametrize("temporal", ["conv3d", "convlstm"])
def test_one_pass_gives_what_single_calls_give(shared_norm, shape, temporal):
    network = small_network(shared_norm=shared_norm, temporal=temporal)
    dates, height, width = shape
    inputs = both(dates=dates, height=height, width=width)
    outputs = network.pretrain_outputs(inputs)
    for source, target in ((OPTICAL, RADAR), (RADAR, OPTICAL)):
        torch.testing.assert_close(
            outputs.embeddings[source], network.embed(*inputs[source], source)
        )
        torch.testing.assert_close(
            outputs.reconstructions[target],
            network.reconstruct(*inputs[source], source, target),
        )


def test_pretraining_needs_two_series_of_equal_shape():
    network = small_network()
    unequal = {OPTICAL: series(OPTICAL, dates=8), RADAR: series(RADAR, dates=4)}
    for inputs in (unequal, {OPTICAL: series(OPTICAL)}):
        with pytest.raises(ValueError, match="pairs two series"):
            network.pretrain_outputs(inputs)


def padded(dates, repeated, *, literal):
    """Series of both modalities whose last image is repeated, masked or not."""
    inputs = {}
    for modality, (x, valid, days) in both(dates=dates).items():
        order = torch.arange(dates + repeated).clamp(max=dates - 1)
        mask = valid[:, order].clone()
        if not literal:
            mask[:, dates:] = False
        inputs[modality] = x[:, :, order], mask, days[:, order]
    return inputs


@pytest.mark.parametrize("repeated", [2, 6])
@pytest.mark.parametrize("layer", ["stem", "decoder"])
def test_repeated_dates_show_the_image_they_repeat(repeated, layer):
    network = small_network()
    masked, literal = (padded(6, repeated, literal=kind) for kind in (False, True))
    features = [network.features(*inputs[OPTICAL], OPTICAL, layer) for inputs in (masked, literal)]
    assert torch.equal(*features)
    # not what it sees of dates without any observation
    x, valid, days = masked[OPTICAL]
    empty = torch.where(valid[:, None], x, torch.zeros(()))
    without = network.features(empty, valid, days, OPTICAL, layer)
    assert not torch.allclose(without[:, :, 5], features[0][:, :, 5])


@pytest.mark.parametrize("temporal", ["conv3d", "convlstm"])
def test_both_losses_leave_out_repeated_dates(temporal):
    network = small_network(temporal=temporal)
    inputs = padded(4, 4, literal=False)
    outputs = network.pretrain_outputs(inputs)
    shared = inputs[OPTICAL][1] & inputs[RADAR][1]
    za, zb = outputs.embeddings.values()
    whole = info_nce_batch(za, zb, pooled_validity(shared, network.stride), 0.1)
    sites = 4 // network.stride[0]
    own = pooled_validity(shared[:, :4], network.stride)
    first = info_nce_batch(za[:, :, :sites], zb[:, :, :sites], own, 0.1)
    torch.testing.assert_close(whole, first)
    given, wanted = outputs.reconstructions[RADAR], inputs[RADAR][0]
    torch.testing.assert_close(
        masked_l1(given, wanted, shared),
        masked_l1(given[:, :, :4], wanted[:, :, :4], shared[:, :4]),
    )


@pytest.mark.parametrize("dates", [5, 6, 7])
def test_the_newest_date_counts_whatever_the_length(dates):
    network = small_network()
    x, _, days = series(OPTICAL, dates=dates)
    valid = torch.ones(2, dates, 8, 8, dtype=torch.bool)
    changed = x.clone()
    changed[:, :, -1] += 1
    for output in (
        lambda v: network.features(v, valid, days, OPTICAL)[:, :, -1],
        lambda v: network.embed(v, valid, days, OPTICAL)[:, :, -1],
    ):
        assert not torch.allclose(output(x), output(changed))


def test_padding_equals_a_series_that_repeats_its_last_date():
    network = small_network(encode_valid=True)
    x, valid, days = series(OPTICAL, dates=7)
    longer = [torch.cat([part, part.narrow(d, 6, 1)], d) for part, d in ((x, 2), (valid, 1))]
    expected = network.features(*longer, torch.cat([days, days[:, 6:]], 1), OPTICAL)
    torch.testing.assert_close(network.features(x, valid, days, OPTICAL), expected[:, :, :7])


def test_a_spatial_network_sees_every_date_by_itself():
    network = small_network(temporal="convlstm", encode_valid=True)
    x, valid, days = series(OPTICAL, dates=5)
    order = torch.tensor([3, 0, 4, 4])
    mixed = x[:, :, order], valid[:, order], days[:, order]
    for read in (
        lambda inputs: network.features(*inputs, OPTICAL, "decoder"),
        lambda inputs: network.embed(*inputs, OPTICAL),
        lambda inputs: network.reconstruct(*inputs, OPTICAL, RADAR),
    ):
        torch.testing.assert_close(read(mixed), read((x, valid, days))[:, :, order])


def test_the_day_of_year_goes_around():
    network = small_network(encode_days=True)
    x, valid, days = series(OPTICAL)
    reference = network.features(x, valid, days, OPTICAL)
    torch.testing.assert_close(network.features(x, valid, days + 365.25, OPTICAL), reference)
    assert not torch.allclose(network.features(x, valid, days + 90, OPTICAL), reference)
    without = small_network(encode_days=False)
    torch.testing.assert_close(
        without.features(x, valid, days, OPTICAL), without.features(x, valid, days + 90, OPTICAL)
    )


def test_added_channels_are_sine_cosine_and_validity():
    network = small_network(encode_days=True, encode_valid=True)
    x, valid, days = series(OPTICAL)
    planes = network._input(x, valid, days, OPTICAL)
    assert planes.shape[1] == 3 + 2 + 1
    angle = 2 * math.pi * float(days[0, 1]) / 365.25
    assert planes[0, 3, 1, 2, 2].item() == pytest.approx(math.sin(angle), abs=1e-6)
    assert planes[0, 4, 1, 2, 2].item() == pytest.approx(math.cos(angle), abs=1e-6)
    assert torch.equal(planes[:, 5], valid.float())


def test_a_pixel_does_not_depend_on_its_companions():
    network = small_network()
    x, valid, days = series(OPTICAL)
    together = network.features(x, valid, days, OPTICAL)
    alone = network.features(x[:1], valid[:1], days[:1], OPTICAL)
    torch.testing.assert_close(together[:1], alone)


def test_unknown_modality_layer_or_channel_count():
    network = untrained(small_settings(), {RADAR: 2}, 0)
    with pytest.raises(ConfigurationError, match="This model knows radar, not optical"):
        network.features(*series(OPTICAL), OPTICAL)
    with pytest.raises(ConfigurationError, match="'top' is not a layer"):
        network.features(*series(RADAR), RADAR, "top")
    x, valid, days = series(RADAR)
    with pytest.raises(ConfigurationError, match="has 1 channels, the model expects 2"):
        network.features(x[:, :1], valid, days, RADAR)


def test_untrained_weights_come_from_the_seed_alone():
    before = torch.get_rng_state()
    one, same, other = (untrained(small_settings(), CHANNELS, seed) for seed in (3, 3, 4))
    assert torch.equal(torch.get_rng_state(), before)
    weights = [next(network.parameters()) for network in (one, same, other)]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


@pytest.mark.parametrize("temporal", ["conv3d", "convlstm"])
def test_training_reaches_every_weight(temporal):
    network = small_network(shared_norm="per_modality", temporal=temporal).train()
    outputs = network.pretrain_outputs(both())
    parts = [*outputs.embeddings.values(), *outputs.reconstructions.values()]
    weighted = [(part * torch.randn(part.shape)).sum() for part in parts]
    torch.stack(weighted).sum().backward()
    assert [n for n, p in network.named_parameters() if p.grad is None] == []

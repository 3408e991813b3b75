import pytest
import torch

from s4_core.nn import MeanHead, receptive_radius_px
from tests.nn.building import OPTICAL, small_network

WIDTH_PX = 80


@pytest.mark.parametrize(
    ("layer", "transposed", "head_reach_px", "radius"),
    [
        ("stem", "k3", 0, 2),
        ("decoder", "k3", 0, 26),
        ("decoder", "k2", 0, 23),
        ("decoder", "k3", 1, 27),
        ("decoder", "k2", 1, 24),
    ],
)
def test_pixels_beyond_the_radius_do_not_matter_and_those_at_it_do(
    layer, transposed, head_reach_px, radius
):
    assert receptive_radius_px(layer, transposed, head_reach_px) == radius
    network = small_network(transposed=transposed).double()
    head = MeanHead(4, 2).double()
    generator = torch.Generator().manual_seed(0)
    valid = torch.ones(1, 4, 4, WIDTH_PX, dtype=torch.bool)

    def row(x):
        features = network.features(x, valid, torch.zeros(1, 4), OPTICAL, layer)
        return head([features], [valid]) if head_reach_px else features

    def noise():
        # large, so that a maximum that can change does
        return 30 * torch.randn(1, 3, 4, 4, WIDTH_PX, generator=generator, dtype=torch.float64)

    reached = 0
    with torch.no_grad():
        x = noise()
        plain = row(x)
        for column in range(36, 40):  # every place on the lattice of 4
            distance = (torch.arange(WIDTH_PX) - column).abs()
            beyond = row(torch.where(distance > radius, noise(), x))
            torch.testing.assert_close(beyond[..., column], plain[..., column])
            for _ in range(8):
                at = row(torch.where(distance == radius, noise(), x))
                reached += not torch.equal(at[..., column], plain[..., column])
    assert reached > 0

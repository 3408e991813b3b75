import pytest
import torch

from s4_core import losses, nn
from s4_core.types import Modality, NetworkSettings
from training.experiments import pretrainings
from training.experiments.pretrainings import OBJECTIVES, near_sites

SHAPE = (2, 8, 3, 4, 4)


@pytest.fixture
def embeddings():
    torch.manual_seed(0)
    return torch.randn(SHAPE), torch.randn(SHAPE), torch.rand(2, *SHAPE[2:]) > 0.3


def test_sparing_no_negative_is_the_products_loss(embeddings):
    found = pretrainings._but(*embeddings, 0.1, reach=(0, 0))
    torch.testing.assert_close(found, losses.info_nce_batch(*embeddings, 0.1))


@pytest.mark.parametrize("contrast", [pretrainings.but_dates, pretrainings.but_places])
def test_fewer_negatives_are_an_easier_task(embeddings, contrast):
    assert contrast(*embeddings, 0.1) < pretrainings.within(*embeddings, 0.1)


def test_negatives_of_other_areas_make_it_harder(embeddings):
    za, zb, valid = embeddings
    assert pretrainings.across(za, zb, valid, 0.1) > pretrainings.within(za, zb, valid, 0.1)
    # of one patch both are the same
    one = za[:1], zb[:1], valid[:1], 0.1
    torch.testing.assert_close(pretrainings.across(*one), pretrainings.within(*one))


def test_near_sites_share_the_place_or_the_date():
    # sites of 2 dates of 1 x 3 places: 0 1 2, then 3 4 5
    dates = near_sites((2, 1, 3), dates=1, places=0).nonzero().tolist()
    assert dates == [[0, 3], [1, 4], [2, 5], [3, 0], [4, 1], [5, 2]]
    places = near_sites((2, 1, 3), dates=0, places=1).nonzero().tolist()
    assert [0, 1] in places
    assert [0, 2] not in places
    assert [2, 3] not in places
    assert len(places) == 8


def test_without_masks_only_ground_beyond_the_patch_is_left_out():
    both = torch.zeros(1, 3, 2, 2, dtype=torch.bool)
    both[0, 1, 0, 0] = True
    found = pretrainings.all_sky(both)
    assert found[0, :, 0, 0].all()
    assert found.sum() == 3
    assert set(OBJECTIVES) >= {"usual", "unmasked", "across", "but-dates", "but-places"}


def test_without_a_border_even_ground_looks_the_same_everywhere():
    network = nn.untrained(
        NetworkSettings(widths=(4, 8, 8), decoder_widths=(8, 4, 4)), {m: 2 for m in Modality}, 0
    ).eval()
    even = torch.ones(1, 2, 4, 8, 8), torch.ones(1, 4, 8, 8, dtype=torch.bool), torch.ones(1, 4)

    def uneven():
        with torch.no_grad():
            embedding = network.embed(*even, Modality.RADAR)
        return float((embedding - embedding[..., :1, :1]).abs().max())

    assert uneven() > 1e-3
    pretrainings.without_border(network)
    assert uneven() < 1e-5

from __future__ import annotations

import pytest
import torch

from s4_core.errors import ConfigurationError
from s4_core.nn import FastNetwork, choose_device
from s4_core.nn.backends import source
from s4_core.nn.backends.by_openvino import OpenVinoBackend
from s4_core.nn.backends.by_torch import TorchBackend
from s4_core.nn.backends.cropping import Crops
from s4_core.nn.backends.folding import fold
from s4_core.types import RuntimeSettings, Window
from tests.nn.building import OPTICAL, RADAR, series, small_network

CPU = choose_device(RuntimeSettings(device="cpu", precision="fp32"))
WANTED = Window(8, 4, 6, 12)


def openvino(choice):
    pytest.importorskip("openvino")
    return OpenVinoBackend(choice.precision, 1)


BACKENDS = {"torch": TorchBackend, "openvino": openvino}


@pytest.mark.parametrize("name", BACKENDS)
@pytest.mark.parametrize(
    "variant",
    [
        {},
        {"transposed": "k2"},
        {"shared_norm": "per_modality"},
        {"temporal": "convlstm"},
        {"encode_days": True, "encode_valid": True},
        {"metric_dates": 7},
    ],
    ids=str,
)
def test_every_backend_gives_the_networks_features(name, variant):
    network = small_network(**variant)
    fast = FastNetwork(network, CPU, candidates={name: BACKENDS[name]})
    for modality in (OPTICAL, RADAR):
        # 7 dates and 22 rows: both are padded inside
        x, valid, days = series(modality, 7, 22, 24)
        for layer in ("stem", "decoder", *(["metric"] if network.metric else [])):
            with torch.inference_mode():
                expected = network.features(x, valid, days, modality, layer)
                found = fast.features(x, valid, days, modality, layer)
                part = fast.features(x, valid, days, modality, layer, WANTED)
            assert fast.backend_for(modality, 7) == name
            torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-4)
            torch.testing.assert_close(part, expected[(..., *WANTED.slices)], atol=1e-5, rtol=1e-4)


class Wrong(TorchBackend):
    """Forgets the last activation's sign."""

    name = "wrong"

    def prepare(self, network, crops, shape):
        run = super().prepare(network, crops, shape)
        return lambda planes: -run(planes)


class NotANumber(TorchBackend):
    name = "not a number"

    def prepare(self, network, crops, shape):
        run = super().prepare(network, crops, shape)
        return lambda planes: run(planes) * float("nan")


class Failing(TorchBackend):
    name = "failing"

    def prepare(self, network, crops, shape):
        raise RuntimeError("no such operation\nat line 7")


def absent(choice):
    raise ModuleNotFoundError("No module named 'fastest'", name="fastest")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (Wrong, "The backend candidate is left out: its features are off by 2.0e\\+00"),
        (NotANumber, "features are off by nan"),
        (Failing, "left out: no such operation$"),
        (absent, "candidate is not installed"),
    ],
)
def test_a_backend_that_fails_or_disagrees_falls_back_with_its_reason(make, reason):
    network = small_network()
    said = []
    fast = FastNetwork(
        network, CPU, lambda *words: said.append(words), candidates={"candidate": make}
    )
    x, valid, days = series(OPTICAL)
    with torch.inference_mode():
        found = fast.features(x, valid, days, OPTICAL)
        expected = network.features(x, valid, days, OPTICAL)
    torch.testing.assert_close(found, expected, atol=0, rtol=0)
    warnings = [text for level, text in said if level == "warning"]
    assert len(warnings) == 1
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(warnings[0])
    assert fast.reason == "Computed by the plain network in torch."


def test_of_a_wrong_and_a_right_backend_the_right_one_computes():
    fast = FastNetwork(small_network(), CPU, candidates={"wrong": Wrong, "torch": TorchBackend})
    assert fast.backend_for(OPTICAL, 8) == "torch"


class Dying(TorchBackend):
    """Agrees in the probe and fails at the first larger input."""

    name = "dying"

    def prepare(self, network, crops, shape):
        run = super().prepare(network, crops, shape)

        def once(planes):
            if planes.shape[-1] > 32:
                raise RuntimeError("out of scratchpad")
            return run(planes)

        return once


def test_a_backend_that_fails_later_is_given_up():
    network = small_network()
    said = []
    fast = FastNetwork(network, CPU, lambda *words: said.append(words), candidates={"d": Dying})
    x, valid, days = series(OPTICAL, 4, 40, 40, batch=1)
    with torch.inference_mode():
        found = fast.features(x, valid, days, OPTICAL, wanted=WANTED)
        expected = network.features(x, valid, days, OPTICAL, wanted=WANTED)
    torch.testing.assert_close(found, expected, atol=0, rtol=0)
    assert said[-1] == (
        "warning",
        "The backend dying failed: out of scratchpad. Computed by the plain network in torch.",
    )


def test_what_the_user_is_told():
    said = []
    choice = choose_device(RuntimeSettings(device="cpu", precision="fp32", backend="torch"))
    fast = FastNetwork(small_network(), choice, lambda *words: said.append(words))
    assert fast.reason == ""
    fast.features(*series(OPTICAL), OPTICAL)
    fast.features(*series(OPTICAL), OPTICAL)
    assert [level for level, _ in said] == ["info"]
    assert fast.reason.startswith("Computed by torch: features within ")


def test_bf16_is_near_the_network():
    network = small_network()
    choice = choose_device(RuntimeSettings(device="cpu", precision="bf16", backend="torch"))
    x, valid, days = series(OPTICAL, 8, 16, 16)
    with torch.inference_mode():
        expected = network.features(x, valid, days, OPTICAL)
        found = FastNetwork(network, choice).features(x, valid, days, OPTICAL)
    off = float((found.float() - expected).norm() / expected.norm())
    assert 1e-5 < off < 3e-2


def test_errors_are_those_of_the_network():
    fast = FastNetwork(small_network(), CPU)
    with pytest.raises(ConfigurationError, match="'last' is not a layer"):
        fast.features(*series(OPTICAL), OPTICAL, "last")
    with pytest.raises(ConfigurationError, match="series has 2 channels"):
        fast.features(*series(RADAR), OPTICAL)
    with pytest.raises(ConfigurationError, match="no parcel metric"):
        fast.features(*series(OPTICAL), OPTICAL, "metric")


def test_a_process_tries_the_backends_once_for_the_same_weights():
    network = small_network()
    x, valid, days = series(OPTICAL, 7, 24, 24)
    told = [[], [], []]
    choice = choose_device(RuntimeSettings(device="cpu", precision="fp32", backend="torch"))
    first = FastNetwork(network, choice, say=lambda *said: told[0].append(said))
    again = FastNetwork(network, choice, say=lambda *said: told[1].append(said))
    first.features(x, valid, days, OPTICAL)
    again.features(x, valid, days, OPTICAL)
    with torch.no_grad():
        next(network.parameters()).add_(1)
    other = FastNetwork(network, choice, say=lambda *said: told[2].append(said))
    other.features(x, valid, days, OPTICAL)
    assert again._found[0] is first._found[0]
    assert other._found[0] is not first._found[0]
    assert told[0] == told[1] != []
    assert len(told[2]) == 1


def test_a_backend_that_failed_is_tried_again_by_the_next():
    network = small_network()
    x, valid, days = series(OPTICAL, 7, 24, 24)
    choice = choose_device(RuntimeSettings(device="cpu", precision="fp32", backend="torch"))
    first = FastNetwork(network, choice)
    first.features(x, valid, days, OPTICAL)
    first._give_up(first._found[0], RuntimeError("out of luck"))
    again = FastNetwork(network, choice)
    again.features(x, valid, days, OPTICAL)
    assert first.reason == "Computed by the plain network in torch."
    assert again.reason.startswith("Computed by torch: features within")


def test_threads_are_not_pinned_to_the_first_cores():
    """Pinned, two workers of one machine share one core: a map took as long as with one worker."""
    backend = openvino(CPU)
    folded = fold(small_network().eval(), OPTICAL, "decoder")
    run = backend.prepare(folded, Crops(), torch.Size((1, folded.layers[0].in_channels, 8, 24, 24)))
    assert run._request.get_compiled_model().get_property("ENABLE_CPU_PINNING") is False


def test_what_was_found_for_many_networks_is_forgotten_from_the_oldest_on():
    network = small_network()
    x, valid, days = series(OPTICAL, 7, 24, 24)
    choice = choose_device(RuntimeSettings(device="cpu", precision="fp32", backend="torch"))
    source._TRIED.clear()
    for _ in range(source._MOST_TRIED + 2):
        with torch.no_grad():
            next(network.parameters()).add_(1)
        FastNetwork(network, choice).features(x, valid, days, OPTICAL)
    assert len(source._TRIED) == source._MOST_TRIED
    newest = [*source._TRIED][-1]
    FastNetwork(network, choice).features(x, valid, days, OPTICAL)
    assert [*source._TRIED][-1] == newest

import pytest
import torch

from s4_core.errors import ConfigurationError
from s4_core.nn import choose_device, device
from s4_core.types import RuntimeSettings
from tests.nn.building import OPTICAL, series, small_network


@pytest.fixture
def _no_cuda(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


@pytest.fixture
def unit(monkeypatch):
    def pretend(name):
        monkeypatch.setattr(device, "bf16_unit", lambda: name)

    return pretend


@pytest.mark.usefixtures("_no_cuda")
@pytest.mark.parametrize(
    ("asked", "has", "precision", "words"),
    [
        ("auto", "AMX", "bf16", "bf16 by AMX."),
        ("auto", "", "fp32", "fp32, as bf16 would be emulated."),
        ("fp32", "AMX", "fp32", "fp32 as asked."),
        ("bf16", "AMX", "bf16", "bf16 as asked."),
        ("bf16", "", "bf16", "bf16 as asked (emulated, slow)."),
    ],
)
def test_precision_on_a_cpu_follows_its_units(unit, asked, has, precision, words):
    unit(has)
    choice = choose_device(RuntimeSettings(precision=asked))
    assert (choice.device.type, choice.precision) == ("cpu", precision)
    assert choice.reason.startswith("CPU: torch sees no CUDA device; ")
    assert choice.reason.endswith(words)


@pytest.mark.usefixtures("_no_cuda")
def test_exact_results_are_fp32_on_every_cpu_unless_asked_otherwise(unit):
    unit("AMX")
    choice = choose_device(RuntimeSettings(), exact=True)
    assert choice.precision == "fp32"
    assert choice.reason.endswith("fp32, the same on every machine.")
    asked = choose_device(RuntimeSettings(precision="bf16"), exact=True)
    assert (asked.precision, asked.reason[-14:]) == ("bf16", "bf16 as asked.")


@pytest.mark.usefixtures("_no_cuda")
def test_cuda_that_is_not_there_is_an_error():
    with pytest.raises(ConfigurationError, match="torch sees no CUDA device"):
        choose_device(RuntimeSettings(device="cuda"))


def test_cuda_is_taken_when_torch_sees_one(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda _device: "Fast 9000")
    choice = choose_device(RuntimeSettings())
    assert (choice.device.type, choice.precision) == ("cuda", "bf16")
    assert choice.reason == "GPU: Fast 9000; bf16 by tensor cores."
    assert choose_device(RuntimeSettings(device="cpu")).reason.startswith("CPU: the CPU was asked")


def test_threads_are_set_and_told():
    before = torch.get_num_threads()
    try:
        choice = choose_device(RuntimeSettings(device="cpu", threads=1))
        assert torch.get_num_threads() == 1
        assert "; 1 thread; " in choice.reason
    finally:
        torch.set_num_threads(before)


def test_a_torch_without_the_probes_means_no_fast_bf16(monkeypatch):
    monkeypatch.delattr(torch.cpu, "_is_amx_tile_supported", raising=False)
    monkeypatch.delattr(torch.cpu, "_is_avx512_bf16_supported", raising=False)
    assert device.bf16_unit() == ""


def test_layout_and_precision_change_only_rounding():
    inputs = series(OPTICAL)
    network = small_network()
    plain = network.features(*inputs, OPTICAL)
    choice = choose_device(RuntimeSettings(device="cpu", precision="bf16"))
    placed = choice.place(network)
    assert placed is network
    assert placed.decoder.full[0].weight.is_contiguous(memory_format=torch.channels_last_3d)
    torch.testing.assert_close(placed.features(*inputs, OPTICAL), plain)
    with choice.autocast():
        half = placed.features(*inputs, OPTICAL)
    assert half.dtype is torch.bfloat16
    torch.testing.assert_close(half.float(), plain, rtol=0.05, atol=0.05)


@pytest.mark.parametrize("threads", [-1, 100_000])
def test_an_impossible_number_of_threads_is_an_error(threads):
    before = torch.get_num_threads()
    with pytest.raises(ConfigurationError, match=f"{threads} threads were asked for"):
        choose_device(RuntimeSettings(device="cpu", threads=threads))
    assert torch.get_num_threads() == before


def test_a_network_with_2d_convolutions_is_placed_as_it_is() -> None:
    module = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 3), torch.nn.Conv3d(2, 3, 3))
    choice = choose_device(RuntimeSettings(device="cpu", precision="fp32"))
    assert choice.place(module) is module
    assert module[0].weight.shape == (3, 2, 3, 3)

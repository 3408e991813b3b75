from dataclasses import replace

import numpy as np
import pytest
import torch

from s4_core import data, nn
from s4_core.config import settings_to_plain
from s4_core.errors import AreaError, Cancelled, ConfigurationError, LabelError, TrainingError
from s4_core.model_card import ModelCard, read_card
from s4_core.train.finetune import finetune
from s4_core.train.history import history_path, read_history
from s4_core.train.run import state_path
from s4_core.types import FinetuneSettings, Modality, Window
from tests.train.toys import CLASSES, open_toy, stopping, toy_labels, write_toy_area

BOTH = (Modality.OPTICAL, Modality.RADAR)
QUICK = {
    "head": FinetuneSettings(mode="head", inverse_regularisation=0.1),
    "decoder": FinetuneSettings(mode="decoder", epochs=10, learning_rate=5e-3, patch_px=16),
    "full": FinetuneSettings(mode="full", epochs=8, learning_rate=5e-3, patch_px=16),
}


@pytest.fixture
def teach(toy_area, untrained_model, tiny_settings, silent):
    def start(out, choices, modalities=(Modality.RADAR,), labels=None, **options):
        return finetune(
            options.pop("area", toy_area),
            labels or toy_labels(),
            options.pop("init", untrained_model),
            replace(tiny_settings, finetune=choices),
            modalities,
            out,
            **{"stage": silent, **options},
        )

    return start


def mapped(path, area, modalities):
    """Classes 1..K of the whole toy area, by the model as it is stored."""
    model = nn.load_segmenter(path)
    preparation = data.Preparation.from_card(model.card)
    inputs = {}
    for modality in modalities:
        sample = data.prepare(area, modality, preparation, Window(-32, -32, 96, 96))
        inputs[modality] = tuple(
            torch.from_numpy(values)[None] for values in (sample.x, sample.valid, sample.days)
        )
    with torch.no_grad():
        return model.logits(inputs)[0, :, 32:64, 32:64].argmax(0).numpy() + 1


def mean_iou(predicted, classes):
    return np.mean(
        [
            ((predicted == k) & (classes == k)).sum() / ((predicted == k) | (classes == k)).sum()
            for k in (1, 2, 3)
        ]
    )


@pytest.mark.parametrize(
    ("mode", "modalities"),
    [
        ("head", (Modality.OPTICAL,)),
        ("head", (Modality.RADAR,)),
        ("head", BOTH),
        ("decoder", (Modality.OPTICAL,)),
        ("full", (Modality.RADAR,)),
        ("full", BOTH),
    ],
)
def test_a_tiny_problem_is_learned(tmp_path, teach, toy_area, mode, modalities):
    out = tmp_path / "model.safetensors"
    card = teach(out, QUICK[mode], modalities)
    assert mean_iou(mapped(out, toy_area, modalities), toy_labels().classes) > 0.95
    assert read_card(out) == card
    assert card.record["validation"]["miou"]["value"] > 0.9
    assert card.head.modalities == modalities
    assert card.legend.names == CLASSES


def test_every_date_may_have_its_own_weights(tmp_path, teach, toy_area):
    out = tmp_path / "model.safetensors"
    card = teach(out, replace(QUICK["decoder"], pooling="dates"))
    assert (card.head.kind, card.head.readout, card.head.readout_raw) == (
        "readout",
        "decoder",
        False,
    )
    assert mean_iou(mapped(out, toy_area, (Modality.RADAR,)), toy_labels().classes) > 0.95


def test_decoder_mode_leaves_the_encoder_as_it_was(tmp_path, teach, untrained_model):
    out = tmp_path / "model.safetensors"
    teach(out, replace(QUICK["decoder"], epochs=1))
    before = nn.load_network(untrained_model)[0].state_dict()
    after = nn.load_network(out)[0].state_dict()
    changed = {name.split(".")[0] for name in before if not torch.equal(before[name], after[name])}
    assert changed == {"decoder"}


def test_full_mode_changes_the_used_stem_and_not_the_other(tmp_path, teach, untrained_model):
    out = tmp_path / "model.safetensors"
    teach(out, replace(QUICK["full"], epochs=1))
    before = nn.load_network(untrained_model)[0].state_dict()
    after = nn.load_network(out)[0].state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert any(name.startswith("stems.radar") for name in changed)
    assert not any(name.startswith("stems.optical") for name in changed)


def test_head_mode_leaves_the_whole_network_as_it_was(tmp_path, teach, untrained_model):
    out = tmp_path / "model.safetensors"
    teach(out, QUICK["head"])
    before = nn.load_network(untrained_model)[0].state_dict()
    after = nn.load_network(out)[0].state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)


@pytest.mark.parametrize("mode", ["head", "full"])
def test_the_same_seed_gives_the_same_model(tmp_path, teach, mode):
    choices = replace(QUICK[mode], epochs=2)
    for name in ("a", "b"):
        teach(tmp_path / f"{name}.safetensors", choices)
    first, second = (
        nn.load_segmenter(tmp_path / f"{name}.safetensors").state_dict() for name in ("a", "b")
    )
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_killed_training_goes_on_bit_for_bit(tmp_path, teach):
    choices = replace(QUICK["full"], epochs=4, batch=6)
    whole, parts = tmp_path / "whole.safetensors", tmp_path / "parts.safetensors"
    card = teach(whole, choices)
    per_epoch = card.record["steps"] // 4
    with pytest.raises(Cancelled):
        teach(parts, choices, stage=stopping(2 * per_epoch + 1))
    assert not parts.exists()
    assert state_path(parts).exists()
    teach(parts, choices, resume=True)
    first, second = (nn.load_segmenter(path).state_dict() for path in (whole, parts))
    assert all(torch.equal(first[name], second[name]) for name in first)
    curves = [
        [{k: v for k, v in e.items() if k != "seconds"} for e in read_history(history_path(path))]
        for path in (whole, parts)
    ]
    assert curves[0] == curves[1]
    assert not state_path(parts).exists()


@pytest.mark.parametrize("mode", ["head", "full"])
def test_a_cancel_leaves_no_model(tmp_path, teach, mode):
    out = tmp_path / "model.safetensors"
    with pytest.raises(Cancelled):
        teach(out, QUICK[mode], stage=stopping(1))
    assert not out.exists()


def relabelled(labels, parcels):
    """The same parcels with wrong pixels in some of them."""
    classes = labels.classes.copy()
    chosen = np.isin(labels.parcel_index, np.asarray(parcels) + 1)
    classes[chosen] = classes[chosen] % 3 + 1
    return replace(labels, classes=classes)


def test_validation_parcels_teach_nothing(tmp_path, teach):
    labels, choices = toy_labels(), replace(QUICK["full"], epochs=1)
    card = teach(tmp_path / "a.safetensors", choices, labels=labels)
    outside = [int(name[1:]) for name in card.record["parcels"]["validation"]]
    assert len(outside) >= 3
    assert not set(card.record["parcels"]["training"]) & set(card.record["parcels"]["validation"])
    teach(tmp_path / "b.safetensors", choices, labels=relabelled(labels, outside))
    first, second = (
        nn.load_segmenter(tmp_path / f"{name}.safetensors").state_dict() for name in ("a", "b")
    )
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_training_parcels_do_teach(tmp_path, teach):
    labels, choices = toy_labels(), replace(QUICK["full"], epochs=1)
    card = teach(tmp_path / "a.safetensors", choices, labels=labels)
    inside = [int(name[1:]) for name in card.record["parcels"]["training"]]
    teach(tmp_path / "b.safetensors", choices, labels=relabelled(labels, inside[:1]))
    first, second = (
        nn.load_segmenter(tmp_path / f"{name}.safetensors").state_dict() for name in ("a", "b")
    )
    assert not all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize("mode", ["head", "full"])
def test_images_after_until_change_nothing(tmp_path, teach, mode):
    choices = replace(QUICK[mode], epochs=1)
    states = []
    for late in (0.0, 5.0):
        folder = write_toy_area(tmp_path / f"late{late}", late=late)
        out = tmp_path / f"{late}.safetensors"
        card = teach(out, choices, area=open_toy(folder, until="2021-07-01"))
        states.append(nn.load_segmenter(out).state_dict())
    assert card.record["until"] == "2021-07-01"
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])


def test_a_class_with_one_parcel_is_learned_and_said_to_be_unassessable(tmp_path, teach, toy_area):
    out = tmp_path / "model.safetensors"
    classes = [parcel.value for parcel in toy_labels().parcels]
    parcels = [i for i, v in enumerate(classes) if v != 3] + [classes.index(3)]
    labels = toy_labels(parcels)
    card = teach(out, QUICK["head"], labels=labels)
    validation = card.record["validation"]
    assert validation["scheme"] == "leave-one-parcel-out"
    assert validation["not_assessable"] == ["beet"]
    assert set(validation["per_class"]) == {"maize", "grass"}
    predicted = mapped(out, toy_area, (Modality.RADAR,))
    assert (predicted[labels.classes == 3] == 3).mean() > 0.9


@pytest.mark.parametrize("mode", ["head", "full"])
def test_single_parcels_train_without_assessment(tmp_path, teach, mode):
    out = tmp_path / "model.safetensors"
    choices = replace(QUICK[mode], epochs=3, parcels_per_class=1)
    card = teach(out, choices)
    assert card.record["validation"]["scheme"] == "none"
    assert card.record["validation"]["miou"]["value"] is None
    assert card.head.temperature == 1.0
    assert len(card.record["parcels"]["training"]) == 3
    if mode == "full":
        assert card.record["best_epoch"] == 3
        assert [e["validation_miou"] for e in read_history(history_path(out))] == [None] * 3


def test_the_best_validation_epoch_is_kept(tmp_path, teach):
    out = tmp_path / "model.safetensors"
    card = teach(out, replace(QUICK["full"], epochs=4, learning_rate=0.03))
    scores = [e["validation_miou"] for e in read_history(history_path(out))]
    assert card.record["best_epoch"] == int(np.argmax(scores)) + 1
    assert card.record["validation"]["miou"]["value"] == pytest.approx(max(scores))


def test_the_record_says_what_taught_the_model(tmp_path, teach):
    card = teach(tmp_path / "model.safetensors", replace(QUICK["head"], parcels_per_class=2))
    record = card.record
    assert record["area"] == "toy"
    assert (record["mode"], record["modalities"], record["classes"]) == (
        "head",
        ["radar"],
        list(CLASSES),
    )
    assert len(record["parcels"]["training"]) == 6
    assert record["pretraining"] == {"areas": []}
    assert {"software", "torch", "device", "seed"} <= record.keys()


def test_models_without_calendar_read_the_mean_over_dates(
    tmp_path, teach, toy_area, tiny_settings, tiny_network
):
    temporal = replace(tiny_settings.temporal, mode="nearest", start=None, count=None)
    settings = replace(tiny_settings, temporal=temporal)
    preparation = data.Preparation.of([toy_area], settings)
    card = ModelCard(settings_to_plain(settings), dict(preparation.statistics))
    init = tmp_path / "paper.safetensors"
    nn.save_checkpoint(init, tiny_network(), card)
    out = tmp_path / "model.safetensors"
    teach(out, replace(QUICK["full"], epochs=6), init=init)
    assert mean_iou(mapped(out, toy_area, (Modality.RADAR,)), toy_labels().classes) > 0.9
    features = teach(out, QUICK["head"], init=init).record["features"]
    assert features == 8 + 2  # stem and raw series, without dates
    with pytest.raises(ConfigurationError, match="no calendar"):
        teach(out, replace(QUICK["full"], pooling="dates"), init=init)


def test_a_model_fine_tuned_twice_remembers_its_pretraining(tmp_path, teach):
    first, second = tmp_path / "first.safetensors", tmp_path / "second.safetensors"
    teach(first, QUICK["head"])
    card = teach(second, QUICK["head"], modalities=(Modality.OPTICAL,), init=first)
    assert card.record["pretraining"] == {"areas": []}
    assert card.head.modalities == (Modality.OPTICAL,)


def test_an_area_without_the_modality_is_refused(tmp_path, teach, toy_area):
    radar = tuple(a for a in toy_area.acquisitions if a.modality is Modality.RADAR)
    with pytest.raises(AreaError, match="toy has no optical images"):
        teach(
            tmp_path / "model.safetensors",
            QUICK["head"],
            (Modality.OPTICAL,),
            area=replace(toy_area, acquisitions=radar),
        )


def test_a_class_that_no_image_shows_is_named(tmp_path, teach):
    folder = write_toy_area(tmp_path / "hidden", hidden_class=2)
    with pytest.raises(LabelError, match="grass"):
        teach(tmp_path / "model.safetensors", QUICK["head"], area=open_toy(folder))


def test_a_rate_that_breaks_the_training_is_named(tmp_path, teach):
    out = tmp_path / "model.safetensors"
    settings = replace(QUICK["full"], epochs=20)
    # no rate that the settings take breaks so small a problem for sure
    object.__setattr__(settings, "learning_rate", 1e30)
    with pytest.raises(TrainingError, match="epoch") as caught:
        teach(out, settings)
    assert "finetune.learning_rate" in caught.value.remedy
    assert not out.exists()

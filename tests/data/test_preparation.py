from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from s4_core.config import settings_to_plain
from s4_core.data import Preparation, check_area, open_area, prepare, prepare_pair, read_series
from s4_core.errors import AreaError, CheckpointError, ConfigurationError
from s4_core.model_card import BandStatistics, ModelCard
from s4_core.sits import nearest_indices
from s4_core.types import (
    Calendar,
    InputSettings,
    LossSettings,
    Modality,
    PretrainSettings,
    Settings,
    TemporalSettings,
    Window,
)

OPTICAL, RADAR = Modality.OPTICAL, Modality.RADAR
FIELD = Settings()
PAPER = Settings(
    input=InputSettings(optical=("B04", "B03", "B02")),
    temporal=TemporalSettings(mode="nearest", mask_clouds=False),
)
WHOLE = Window(0, 0, 16, 16)


@pytest.fixture
def area(maker):
    maker.series()
    return open_area(maker.request())


def test_a_sample_on_the_calendar(area):
    preparation = Preparation.of([area], FIELD)
    assert preparation.calendar == Calendar(1, 3, 10, 16)
    sample = prepare(area, OPTICAL, preparation, WHOLE)
    assert sample.x.shape == (10, 16, 16, 16)
    assert sample.x.dtype == np.float32
    assert sample.valid.shape == (16, 16, 16)
    np.testing.assert_array_equal(sample.days[:3], [3, 13, 23])
    # the images lie on the calendar's first 15 dates, the 16th is one step after the newest
    stats = preparation.statistics[OPTICAL]
    series = read_series(area, OPTICAL, stats.channels, WHOLE)
    expected = (series.values[4, 7] - stats.mean[7]) / stats.std[7]
    np.testing.assert_allclose(sample.x[7, 4], expected, rtol=1e-4, atol=1e-5)
    assert sample.valid.all()


def test_pairs_on_the_calendar_have_equal_dates(area):
    pair = prepare_pair(area, Preparation.of([area], FIELD), WHOLE)
    assert pair[OPTICAL].dates == pair[RADAR].dates
    assert pair[RADAR].x.shape == (3, 16, 16, 16)
    single = prepare(area, RADAR, Preparation.of([area], FIELD), WHOLE)
    np.testing.assert_array_equal(pair[RADAR].x, single.x)


@pytest.mark.parametrize("settings", [FIELD, PAPER])
@pytest.mark.parametrize("modality", [OPTICAL, RADAR])
def test_a_pixel_does_not_depend_on_its_window(area, settings, modality):
    preparation = Preparation.of([area], settings)
    whole = prepare(area, modality, preparation, WHOLE)
    for window in (Window(4, 8, 8, 8), Window(13, 1, 2, 3), Window(0, 0, 16, 5)):
        part = prepare(area, modality, preparation, window)
        rows, cols = window.slices
        np.testing.assert_array_equal(part.x, whole.x[:, :, rows, cols])
        np.testing.assert_array_equal(part.valid, whole.valid[:, rows, cols])
        assert part.dates == whole.dates


def test_nothing_is_valid_outside(area):
    preparation = Preparation.of([area], FIELD)
    around = prepare(area, OPTICAL, preparation, Window(-8, -8, 32, 32))
    np.testing.assert_array_equal(
        around.x[:, :, 8:24, 8:24], prepare(area, OPTICAL, preparation, WHOLE).x
    )
    outside = np.ones((32, 32), dtype=bool)
    outside[8:24, 8:24] = False
    assert not around.valid[:, outside].any()
    assert (around.x[:, :, outside] == 0).all()
    assert not prepare(area, OPTICAL, preparation, Window(100, 0, 8, 8)).valid.any()


def test_native_dates_are_padded_to_a_multiple_of_four(area):
    preparation = Preparation.of([area], PAPER)
    sample = prepare(area, OPTICAL, preparation, WHOLE)
    assert preparation.calendar is None
    assert sample.x.shape == (3, 16, 16, 16)
    assert sample.dates[:15] == tuple(a.date for a in area.of(OPTICAL))
    assert sample.valid[:15].all()
    assert not sample.valid[15].any()
    np.testing.assert_array_equal(sample.x[:, 15], sample.x[:, 14])


def test_nearest_timestamp_pairs(area):
    preparation = Preparation.of([area], PAPER)
    assert preparation.length == 16
    pair = prepare_pair(area, preparation, WHOLE)
    optical, radar = (tuple(a.date for a in area.of(m)) for m in (OPTICAL, RADAR))
    nearest = tuple(radar[i] for i in nearest_indices(optical, radar))
    assert pair[OPTICAL].dates == (*optical, optical[-1])
    assert pair[RADAR].dates == (*nearest, nearest[-1])
    for sample in pair.values():
        assert sample.valid[:15].all()
        assert not sample.valid[15].any()
    shorter = prepare_pair(area, replace(preparation, length=8), WHOLE)
    assert shorter[RADAR].dates == nearest[:8]


def test_literal_padding_keeps_repeated_frames_valid(area):
    settings = replace(PAPER, loss=LossSettings(literal_padding=True))
    pair = prepare_pair(area, Preparation.of([area], settings), WHOLE)
    assert pair[OPTICAL].valid[15].all()


def test_paper_keeps_clouds_and_field_masks_them(maker):
    for day in range(0, 150, 10):
        maker.optical(day, scl=9 if day == 70 else 4)
        maker.radar(day)
    area = open_area(maker.request())
    field, paper = (Preparation.of([area], settings) for settings in (FIELD, PAPER))
    assert prepare(area, OPTICAL, paper, WHOLE).valid[7].all()
    clear = prepare(area, OPTICAL, field, WHOLE)
    assert clear.valid[7].all()
    np.testing.assert_allclose(clear.x[:, 7], (clear.x[:, 6] + clear.x[:, 8]) / 2, atol=1e-5)
    short = replace(field, temporal=replace(field.temporal, max_gap_days=15))
    assert not prepare(area, OPTICAL, short, WHOLE).valid[7].any()


def test_only_images_that_can_matter_are_read(maker):
    maker.series(optical=range(-200, 400, 10))
    area = open_area(maker.request())
    preparation = Preparation.of([area], FIELD)
    first, last = preparation.span_in(area)
    assert (date(2019, 1, 3) - first).days == 60
    assert (last - date(2019, 6, 2)).days == 60


def test_an_unfinished_season_is_padded_as_invalid(maker):
    maker.series()
    preparation = Preparation.of([open_area(maker.request())], FIELD)
    running = open_area(maker.request(until="2019-03-10"))
    sample = prepare(running, OPTICAL, preparation, WHOLE)
    shown = [d for d, v in zip(sample.dates, sample.valid) if v.any()]
    assert shown[-1] == date(2019, 3, 4)
    assert sample.x.shape[1] == 16
    # what is known by then is the same as it will be at the end, up to the date before the last
    finished = prepare(open_area(maker.request()), OPTICAL, preparation, WHOLE)
    np.testing.assert_array_equal(sample.x[:, :6], finished.x[:, :6])


def test_another_year_shifts_the_year_only(maker):
    maker.series()
    preparation = Preparation.of([open_area(maker.request())], FIELD)
    later = open_area(maker.request(season="2020-01-05:2020-06-01"))
    assert preparation.dates_in(later)[0] == date(2020, 1, 3)
    with pytest.raises(AreaError, match="no optical images from 2019-11-04"):
        prepare(later, OPTICAL, preparation, WHOLE)


def test_a_season_off_the_models_may_be_pretrained_on_but_not_mapped(maker):
    maker.series(optical=range(0, 250, 10), radar=range(0, 250, 10))
    preparation = Preparation.of([open_area(maker.request())], FIELD)
    maker.options["season"] = ["2019-01-20", "2019-06-20"]
    off = open_area(maker.request())
    with pytest.raises(AreaError, match="17 days"):
        prepare(off, OPTICAL, preparation, WHOLE)
    assert prepare_pair(off, preparation, WHOLE)[RADAR].dates[0] == date(2019, 1, 3)
    assert prepare(
        open_area(maker.request(season="2019-01-20:2019-06-20")), OPTICAL, preparation, WHOLE
    ).valid.any()


def test_no_season(maker):
    maker.series()
    preparation = Preparation.of([open_area(maker.request())], FIELD)
    maker.options["season"] = None
    with pytest.raises(AreaError, match="which season"):
        prepare(open_area(maker.request()), OPTICAL, preparation, WHOLE)


def test_absent_channels_are_zero_and_marked_for_pretraining_only(area, tmp_path, maker):
    preparation = Preparation.of([area], FIELD)
    other = type(maker)(tmp_path / "other", maker.write)
    for day in range(0, 150, 10):
        other.optical(
            day, bands=[b for b in preparation.statistics[OPTICAL].channels if b != "B8A"]
        )
        other.radar(day)
    lacking = open_area(other.request())
    with pytest.raises(AreaError, match="lack B8A"):
        prepare(lacking, OPTICAL, preparation, WHOLE)
    sample = prepare_pair(lacking, preparation, WHOLE)[OPTICAL]
    assert (sample.x[7] == 0).all()
    np.testing.assert_array_equal(np.flatnonzero(~sample.present_channels), [7])
    with pytest.raises(AreaError, match="lack B8A"):
        prepare_pair(lacking, preparation, WHOLE, allow_missing=False)


@pytest.mark.parametrize("settings", [FIELD, replace(PAPER, input=FIELD.input)])
def test_a_model_of_band_dropout_does_without_bands(area, tmp_path, maker, settings):
    other = type(maker)(tmp_path / "other", maker.write)
    for day in range(0, 150, 10):
        other.optical(day)
        other.radar(day, bands=("VV",))
    lacking = open_area(other.request())
    with pytest.raises(AreaError, match=r"lack VH, VV/VH.*trained without them or with"):
        prepare(lacking, RADAR, Preparation.from_card(card(area, settings)), WHOLE)
    learned = replace(settings, pretrain=PretrainSettings(band_dropout=0.1))
    model = Preparation.from_card(card(area, learned))
    sample = prepare(lacking, RADAR, model, WHOLE)
    assert sample.present_channels.tolist() == [True, False, False]
    assert (sample.x[1:] == 0).all()
    assert sample.valid[:15].all()
    whole = prepare(lacking, RADAR, replace(model, statistics=only_vv(model)), WHOLE)
    np.testing.assert_array_equal(sample.x[:1], whole.x)
    (warning,) = check_area(lacking, RADAR, model)
    assert "radar images of small lack VH, VV/VH" in warning
    without = type(maker)(tmp_path / "without", maker.write)
    for day in range(0, 150, 10):
        without.optical(day)
        without.radar(day, bands=("HH",))
    with pytest.raises(AreaError, match="lack VV, VH, VV/VH"):
        prepare(open_area(without.request()), RADAR, model, WHOLE)


def only_vv(preparation):
    known = preparation.statistics[RADAR]
    return {RADAR: replace(known, channels=("VV",), mean=known.mean[:1], std=known.std[:1])}


def card(area, settings):
    preparation = Preparation.of([area], settings)
    return ModelCard(
        settings_to_plain(settings), dict(preparation.statistics), preparation.calendar
    )


@pytest.mark.parametrize("settings", [FIELD, PAPER])
def test_a_checkpoint_prepares_as_its_training_did(area, settings):
    trained = Preparation.of([area], settings)
    loaded = Preparation.from_card(card(area, settings))
    first, second = (prepare(area, RADAR, p, WHOLE) for p in (trained, loaded))
    np.testing.assert_array_equal(first.x, second.x)
    assert first.dates == second.dates


def test_a_card_with_unknown_settings(area):
    good = card(area, FIELD)
    with pytest.raises(CheckpointError, match="settings in the model"):
        Preparation.from_card(replace(good, settings={**good.settings, "colour": 1}))


def test_statistics_may_be_given(area):
    stats = {RADAR: BandStatistics(("VV", "VH", "VV/VH"), "dB", (0.0,) * 3, (1.0,) * 3)}
    preparation = Preparation.of([area], FIELD, stats=stats)
    assert preparation.statistics[RADAR] == stats[RADAR]
    assert preparation.statistics[OPTICAL].channels == FIELD.input.optical
    start = card(area, FIELD)
    both = Preparation.of([area], FIELD, stats=stats, card=start)
    assert both.statistics == {OPTICAL: start.modalities[OPTICAL], RADAR: stats[RADAR]}
    wrong = {RADAR: BandStatistics(("VH", "VV"), "dB", (0.0,) * 2, (1.0,) * 2)}
    with pytest.raises(ConfigurationError, match="are of VH, VV"):
        Preparation.of([area], FIELD, stats=wrong)


def test_a_modality_that_the_model_does_not_know(area):
    preparation = Preparation.of([area], FIELD)
    radar_only = replace(preparation, statistics={RADAR: preparation.statistics[RADAR]})
    with pytest.raises(ConfigurationError, match="nothing of optical"):
        prepare(area, OPTICAL, radar_only, WHOLE)

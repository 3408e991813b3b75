"""The one path from an area's images to what the network sees, in training and in inference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from s4_core import sits
from s4_core.config import settings_from_plain
from s4_core.data.reading import Span, read_series
from s4_core.data.seasons import (
    calendar_for,
    calendar_span,
    native_span,
    pair_length,
    season_for,
)
from s4_core.data.statistics import band_statistics
from s4_core.errors import CheckpointError, ConfigurationError
from s4_core.model_card import BandStatistics, ModelCard
from s4_core.sits import Sample, Series
from s4_core.types import Area, Calendar, Modality, Settings, TemporalSettings, Window


@dataclass(frozen=True)
class Preparation:
    """Everything that decides what a pixel means to a model.

    Args:
        statistics: channels and standardisation by modality.
        temporal: how dates become the time axis.
        calendar: target dates of mode "calendar", None for "nearest".
        length: frames of a pretraining pair in mode "nearest"; None pads to a multiple of 4.
        literal_padding: repeated frames of a pretraining pair stay valid (see LossSettings).
        allow_missing: absent channels are 0 and marked instead of an error: of models that
            learned with band dropout (see PretrainSettings). Pretraining always masks them.
    """

    statistics: Mapping[Modality, BandStatistics]
    temporal: TemporalSettings
    calendar: Calendar | None = None
    length: int | None = None
    literal_padding: bool = False
    allow_missing: bool = False

    @classmethod
    def of(
        cls,
        areas: Sequence[Area],
        settings: Settings,
        *,
        stats: Mapping[Modality, BandStatistics] | None = None,
        card: ModelCard | None = None,
    ) -> Preparation:
        """What pretraining on some areas needs.

        Args:
            stats: standardisation to use; None takes the card's, else that of the areas.
            card: of the checkpoint to start from; its calendar holds.

        Raises:
            AreaError: the first area has no season, or a channel has no usable pixel.
            ConfigurationError: `stats` are of other channels than the configuration's.
        """
        temporal = settings.temporal
        known = {**(card.modalities if card else {}), **(stats or {})}
        for modality in Modality:
            channels = settings.input.channels(modality)
            if modality not in known:
                known[modality] = band_statistics(areas, modality, channels, temporal.mask_clouds)
            _require_channels(known[modality], channels, modality)
        return cls(
            statistics=known,
            temporal=temporal,
            calendar=card.calendar if card else calendar_for(areas[0], temporal),
            length=pair_length(areas, temporal) if temporal.mode == "nearest" else None,
            literal_padding=settings.loss.literal_padding,
        )

    @classmethod
    def from_card(cls, card: ModelCard) -> Preparation:
        """What a checkpoint was trained with.

        Raises:
            CheckpointError: its settings cannot be read.
        """
        try:
            settings = settings_from_plain(card.settings)
        except ConfigurationError as error:
            raise CheckpointError(
                f"The settings in the model cannot be read: {error.message}",
                "Use a model made by this version, or the version that made this model.",
            ) from error
        return cls(
            statistics=card.modalities,
            temporal=settings.temporal,
            calendar=card.calendar,
            literal_padding=settings.loss.literal_padding,
            allow_missing=settings.pretrain.band_dropout > 0,
        )

    def dates_in(self, area: Area, any_start: bool = False) -> tuple[date, ...] | None:
        """Target dates in an area's season; None in mode "nearest" (the images' own dates).

        Args:
            any_start: the season may start far from the calendar (pretraining: nothing is mapped,
                and dates without images are masked).

        Raises:
            AreaError: as `season_for`.
        """
        if self.calendar is None:
            return None
        season = season_for(area, None if any_start else self.calendar)
        return self.calendar.dates_for(season)

    def span_in(self, area: Area) -> Span | None:
        """The days of an area whose images are read; None = all."""
        dates = self.dates_in(area)
        return native_span(area) if dates is None else calendar_span(dates, self.temporal)


def prepare(area: Area, modality: Modality, preparation: Preparation, window: Window) -> Sample:
    """What the network sees of a window: the same for training and inference.

    In mode "calendar" on the calendar's dates in the area's season, in mode "nearest" on the
    images' own dates in the season; then standardised, and in mode "nearest" padded to a multiple
    of 4 frames. The result of a pixel does not depend on the window it was asked in.

    Args:
        window: on the area's grid; may reach outside, where nothing is valid.

    Raises:
        AreaError: no season, no images in it, or bands missing that the model needs.
        RasterError: a file cannot be read.
    """
    dates, allow = preparation.dates_in(area), preparation.allow_missing
    series = _series(area, modality, preparation, window, dates=dates, allow_missing=allow)
    series = _standardised(series, preparation.statistics[modality])
    return Sample.of(series if preparation.calendar else sits.pad_dates(series))


def prepare_pair(
    area: Area, preparation: Preparation, window: Window, allow_missing: bool = True
) -> dict[Modality, Sample]:
    """Both modalities of a window, aligned in time for pretraining; absent channels are masked.

    In mode "calendar" on equal dates (areas whose season starts far from the calendar's included:
    `season_warnings` says so), in mode "nearest" as nearest-timestamp pairs (paper
    Section 5) at the preparation's length (paper Section 6.3).

    Raises:
        AreaError: no season, no images in it of one of the modalities, or no channel of it.
        RasterError: a file cannot be read.
    """
    dates = preparation.dates_in(area, any_start=True)
    optical, radar = (
        _series(area, modality, preparation, window, dates=dates, allow_missing=allow_missing)
        for modality in (Modality.OPTICAL, Modality.RADAR)
    )
    if preparation.calendar is None:
        optical, radar = sits.pair_nearest(optical, radar)
    samples = {}
    for modality, series in ((Modality.OPTICAL, optical), (Modality.RADAR, radar)):
        prepared = _standardised(series, preparation.statistics[modality])
        if preparation.calendar is None:
            prepared = _fixed_length(prepared, preparation)
        samples[modality] = Sample.of(prepared)
    return samples


def _series(
    area: Area,
    modality: Modality,
    preparation: Preparation,
    window: Window,
    *,
    dates: tuple[date, ...] | None,
    allow_missing: bool,
) -> Series:
    """A window in physical units, on target dates or (None) on the images' own dates."""
    temporal = preparation.temporal
    series = read_series(
        area,
        modality,
        _statistics_of(preparation, modality).channels,
        window,
        temporal.mask_clouds,
        between=native_span(area) if dates is None else calendar_span(dates, temporal),
        allow_missing=allow_missing,
    )
    if dates is None:
        return series
    return sits.onto_calendar(series, dates, temporal.max_gap_days, area.until)


def _standardised(series: Series, statistics: BandStatistics) -> Series:
    values = sits.standardise(series.values, series.valid, statistics.mean, statistics.std)
    absent = [not present for present in series.present_channels or ()]
    values[:, absent] = 0
    return replace(series, values=values)


def _fixed_length(series: Series, preparation: Preparation) -> Series:
    if preparation.length is None:
        return sits.pad_dates(series)
    return sits.to_length(series, preparation.length, preparation.literal_padding)


def _statistics_of(preparation: Preparation, modality: Modality) -> BandStatistics:
    if modality not in preparation.statistics:
        known = ", ".join(m.value for m in preparation.statistics)
        raise ConfigurationError(
            f"The model knows nothing of {modality} images, only of {known}.",
            f"Choose --modality {known}.",
        )
    return preparation.statistics[modality]


def _require_channels(
    statistics: BandStatistics, channels: Sequence[str], modality: Modality
) -> None:
    if statistics.channels != tuple(channels):
        raise ConfigurationError(
            f"The {modality} statistics are of {', '.join(statistics.channels)}, the configuration "
            f"wants {', '.join(channels)}.",
            f"Give statistics of these channels, or set input.{modality}.",
        )

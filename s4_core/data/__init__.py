"""Areas of rasters: opening, describing, preparing what the network sees, labels and splits."""

from s4_core.data.area import open_area
from s4_core.data.checks import check_area
from s4_core.data.feature_blocks import BLOCK_PX, Block, FeatureBlocks, blocks_of, worth_keeping
from s4_core.data.feature_cache import FeatureCache, cache_folder
from s4_core.data.feature_key import open_blocks
from s4_core.data.inspection import inspect
from s4_core.data.labels import LabelledParcel, Labels, legend_of, read_labels
from s4_core.data.preparation import Preparation, prepare, prepare_pair
from s4_core.data.read_ahead import ReadAhead
from s4_core.data.reading import bands_of, read_series
from s4_core.data.seasons import calendar_for, pair_length, season_for, season_warnings
from s4_core.data.splits import draw_parcels, leave_one_out, split_parcels
from s4_core.data.statistics import band_statistics
from s4_core.data.windows import covering_windows, labelled_windows, random_windows

__all__ = [
    "BLOCK_PX",
    "Block",
    "FeatureBlocks",
    "FeatureCache",
    "LabelledParcel",
    "Labels",
    "Preparation",
    "ReadAhead",
    "band_statistics",
    "bands_of",
    "blocks_of",
    "cache_folder",
    "calendar_for",
    "check_area",
    "covering_windows",
    "draw_parcels",
    "inspect",
    "labelled_windows",
    "leave_one_out",
    "legend_of",
    "open_area",
    "open_blocks",
    "pair_length",
    "prepare",
    "prepare_pair",
    "random_windows",
    "read_labels",
    "read_series",
    "season_for",
    "season_warnings",
    "split_parcels",
    "worth_keeping",
]

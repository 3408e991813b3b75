"""The S4 network, its heads, checkpoints and devices. The only floor-1 room that knows networks."""

from s4_core.nn.backends import FastNetwork, FeatureSource
from s4_core.nn.checkpoint import load_network, load_segmenter, save_checkpoint
from s4_core.nn.convlstm import ConvLSTMHead
from s4_core.nn.device import DeviceChoice, choose_device
from s4_core.nn.frozen import features_key, readout_block
from s4_core.nn.heads import MeanHead, ReadoutHead, date_shares, flatten_dates
from s4_core.nn.lattice import STRIDE, pad_edges, pooled_validity
from s4_core.nn.metric import ParcelMetric
from s4_core.nn.network import PretrainOutputs, S4Network, SeriesInput, untrained
from s4_core.nn.receptive import receptive_radius_px
from s4_core.nn.segmenter import (
    Head,
    Segmenter,
    model_radius_px,
    new_head,
    readout_features,
    readout_parts,
    readout_size,
)
from s4_core.nn.training_state import load_training_state, save_training_state

__all__ = [
    "STRIDE",
    "ConvLSTMHead",
    "DeviceChoice",
    "FastNetwork",
    "FeatureSource",
    "Head",
    "MeanHead",
    "ParcelMetric",
    "PretrainOutputs",
    "ReadoutHead",
    "S4Network",
    "Segmenter",
    "SeriesInput",
    "choose_device",
    "date_shares",
    "features_key",
    "flatten_dates",
    "load_network",
    "load_segmenter",
    "load_training_state",
    "model_radius_px",
    "new_head",
    "pad_edges",
    "pooled_validity",
    "readout_block",
    "readout_features",
    "readout_parts",
    "readout_size",
    "receptive_radius_px",
    "save_checkpoint",
    "save_training_state",
    "untrained",
]

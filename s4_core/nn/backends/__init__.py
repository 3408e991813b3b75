"""What computes a frozen network's features: torch or OpenVINO, chosen by a probe."""

from s4_core.nn.backends.source import FastNetwork, FeatureSource

__all__ = ["FastNetwork", "FeatureSource"]

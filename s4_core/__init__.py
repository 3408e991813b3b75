"""S4: crop maps from Sentinel-1/2 image time series and a handful of labelled parcels.

Importing this package imports nothing heavy; the engine's rooms load what they need.
"""

__version__ = "0.1.0"

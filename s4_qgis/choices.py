"""The stable words between which users choose, as the engine knows them."""

MODALITIES = ("optical", "radar", "both")
MODES = ("head", "decoder", "full")
PRESETS = ("field", "paper")
DEVICES = ("auto", "cpu", "cuda")
RADAR_UNITS = ("dB", "linear")
SAMPLINGS = ("random", "stratified")
METHODS = ("s4", "rf", "logistic", "rocket", "s4-random", "s4-area", "s4-scratch")
"""What a comparison can compare; `comparing.method_texts` has their names for users."""
ORBITS = ("ascending", "descending", "both")
CLOUD_MASK = "s2cloudless"
BACKSCATTERS = ("gamma0", "sigma0")

"""The stable words between which users choose, as the engine knows them."""

MODALITIES = ("optical", "radar", "both")
MODES = ("head", "decoder", "full")
PRESETS = ("field", "paper")
DEVICES = ("auto", "cpu", "cuda")
RADAR_UNITS = ("dB", "linear")
SAMPLINGS = ("random", "stratified")
ORBITS = ("ascending", "descending", "both")
CLOUD_MASK = "s2cloudless"
BACKSCATTERS = ("gamma0", "sigma0")

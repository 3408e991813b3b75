"""Version of what makes a result beside its settings.

Settings do not name the simulator, the readers, the losses, the networks and the training loops.
Their code does change, and a table must not hold cells of before and after.
"""

from __future__ import annotations

RECIPE = 2
"""Raise it by one with any change of code that changes results at any scale: the simulated data,
the pretrained weights and the cells of other recipes are then refused."""

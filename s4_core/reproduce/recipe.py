"""Version of what makes a result beside its settings.

Settings do not name the simulator, the readers, the losses, the networks and the training loops.
Their code does change, and a table must not hold cells of before and after.
"""

from __future__ import annotations

RECIPES = {"pastis-r": 3, "africa": 2}
"""Of each labelled data set and the unlabelled one of its place. Raise one by one with any change
of code that changes its results at any scale, both where the change touches both: the simulated
data, the pretrained weights and the cells of other recipes are then refused."""

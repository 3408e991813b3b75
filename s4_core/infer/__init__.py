"""From an area and a fine-tuned model to a class map with its confidence."""

from s4_core.infer.tiling import Tile, TilePlan, plan_tiles

__all__ = ["Tile", "TilePlan", "plan_tiles"]

"""Layers of the project: what they show when, where they lie, and those that the plugin makes."""

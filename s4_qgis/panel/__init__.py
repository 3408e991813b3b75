"""The dock panel: six steps from images to a map."""

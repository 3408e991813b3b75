"""Getting images into an area's folder: from STAC catalogues, or as they were downloaded."""

from s4_core.fetch.client import Patience
from s4_core.fetch.importing import import_images
from s4_core.fetch.run import NothingThere, fetch

__all__ = ["NothingThere", "Patience", "fetch", "import_images"]

"""Getting images: from STAC catalogues into an area's folder."""

from s4_core.fetch.client import Patience
from s4_core.fetch.run import fetch

__all__ = ["Patience", "fetch"]

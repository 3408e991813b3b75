"""Images that were downloaded before: what they are, told from their names and metadata."""

from s4_core.fetch.products.recognise import Recognised, Recognition, recognise

__all__ = ["Recognised", "Recognition", "recognise"]

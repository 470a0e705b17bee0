"""Why what follows does so, as pages tell it."""

from schakel.explaining import labels_in, words_of
from schakel.graph import Dataset
from schakel.lookup import Context
from schakel.publish.built import Built
from schakel.site import Reason

__all__ = ["reasons_of"]

"""Loading a publication into a triple store over HTTP: beside what is in use, verified, then switched."""

from schakel.stores.client import Patience
from schakel.stores.content import LAYOUTS
from schakel.stores.loading import Announce, Loaded, Wanted, load
from schakel.stores.profiles import PROFILES

__all__ = ["LAYOUTS", "PROFILES", "Announce", "Loaded", "Patience", "Wanted", "load"]

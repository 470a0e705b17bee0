"""Loading a publication into a triple store over HTTP: compared, switched in one update, and read back."""

from schakel.load.dump import LAYOUTS
from schakel.load.http_client import Patience
from schakel.load.loading import Announce, Loaded, Wanted, load
from schakel.load.profiles import PROFILES

__all__ = ["LAYOUTS", "PROFILES", "Announce", "Loaded", "Patience", "Wanted", "load"]

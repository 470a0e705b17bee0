"""Loading a publication into a triple store over HTTP: staged, verified, switched, verified again."""

from schakel.load.dump import LAYOUTS
from schakel.load.http_client import Patience
from schakel.load.loading import load
from schakel.load.options import Announce, Loaded, Wanted
from schakel.load.profiles import PROFILES

__all__ = ["LAYOUTS", "PROFILES", "Announce", "Loaded", "Patience", "Wanted", "load"]

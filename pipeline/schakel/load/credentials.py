"""Who a person is to a store: from the environment, netrc or the keyring; never from the command line, and never printed."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from netrc import NetrcParseError, netrc
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from schakel.errors import BadStoreAddressError

__all__ = ["Credentials", "checked", "credentials_for", "is_here"]

_USER: Final = "SCHAKEL_LOAD_USER"
_PASSWORD: Final = "SCHAKEL_LOAD_PASSWORD"  # noqa: S105  # the name of a variable
_TOKEN: Final = "SCHAKEL_LOAD_TOKEN"  # noqa: S105  # as above


@dataclass(frozen=True)
class Credentials:
    """A name with its password, or a token; how they are printed tells neither. Or why they could not be looked up, for whoever is not let in without."""

    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    problem: str = ""

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self.user or self.token)


def checked(address: str) -> str:
    """Give the address of a store if it can be used as it is.

    Raises BadStoreAddressError, whose message does not repeat a password.
    """
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise BadStoreAddressError("it is no address") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise BadStoreAddressError("it should begin with http:// or https:// and a name")
    if parts.username is not None or parts.password is not None:
        raise BadStoreAddressError(f"a name or password in it would be seen by others; leave it out, and set {_USER} and {_PASSWORD}")
    if parts.query or parts.fragment or any(sign.isspace() or not sign.isprintable() for sign in address):
        raise BadStoreAddressError("it should have no '?', '#' or blanks")
    return address


def is_here(address: str) -> bool:
    """Tell whether an address is on this machine.

    >>> is_here("http://127.0.0.1:3030/ds"), is_here("https://example.org/")
    (True, False)
    """
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def credentials_for(address: str, environment: Mapping[str, str] | None = None) -> Credentials:
    """Look for credentials: in the environment, in netrc by the name of the host, then in the keyring under `schakel HOST`, where there is one.

    Raises BadStoreAddressError where they would travel unencrypted to another machine.
    """
    found = _found(address, os.environ if environment is None else environment)
    if found and urlsplit(address).scheme != "https" and not is_here(address):
        raise BadStoreAddressError("there are credentials for it, which are sent by https only; use https, or a tunnel to this machine")
    return found


def _found(address: str, environment: Mapping[str, str]) -> Credentials:
    host = urlsplit(address).hostname or ""
    if environment.get(_TOKEN):
        return Credentials(token=environment[_TOKEN])
    if environment.get(_USER):
        return Credentials(environment[_USER], environment.get(_PASSWORD, ""))
    return _from_netrc(host, environment) or _from_keyring(host)


def _from_netrc(host: str, environment: Mapping[str, str]) -> Credentials:
    try:
        entry = netrc(environment.get("NETRC") or str(Path("~/.netrc").expanduser())).authenticators(host)
    except FileNotFoundError:
        return Credentials()
    except (NetrcParseError, OSError, UnicodeDecodeError, RuntimeError):
        raise BadStoreAddressError("the file netrc, which may hold credentials for it, cannot be read or can be read by others") from None
    return Credentials(entry[0], entry[2]) if entry and entry[0] else Credentials()


def _from_keyring(host: str) -> Credentials:
    try:
        import keyring  # noqa: PLC0415  # optional, and slow to import
    except ImportError:
        return Credentials()
    try:
        entry = keyring.get_credential(f"schakel {host}", None)
    except Exception as error:  # noqa: BLE001  # each keyring has errors of its own, and a store that asks for nothing needs none
        return Credentials(problem=f"the keyring could not be read ({type(error).__name__})")
    return Credentials(entry.username, entry.password) if entry else Credentials()

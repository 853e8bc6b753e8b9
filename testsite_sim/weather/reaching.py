"""Whether a server can be reached at all, found out before its client tries again and again."""

import errno
import socket
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from testsite_sim.common.errors import DataError

PATIENCE = 10.0  # [s] for a connection; a server that takes longer is left to its client
NO_ROUTE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)


def check_route(address: str, whom: str) -> None:
    """Refuse to ask a server whose name is not known here, or to which no route leads.

    What answers badly, slowly or not yet is left to the client of the service, which tries again. Through a proxy
    names are not known here, and nothing is checked.

    Parameters
    ----------
    address : str
        Of the service, with its scheme.
    whom : str
        What the service is called.

    Raises
    ------
    DataError
        When there is no network, or none that leads there, or the address is none.

    Examples
    --------
    >>> check_route("https://there-is.invalid/api", "The store")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    testsite_sim.common.errors.DataError: weather fetch: The store cannot be reached: the name there-is.invalid ...
    """
    try:
        parts = urlsplit(address)
        port = parts.port or {"http": 80}.get(parts.scheme, 443)
    except ValueError as error:
        raise DataError(f"weather fetch: {whom} has the address {address!r}, which is none ({error}).") from None
    proxied = not {parts.scheme, "all"}.isdisjoint(getproxies())
    if parts.hostname is None or (proxied and not proxy_bypass(parts.hostname)):
        return
    try:
        with socket.create_connection((parts.hostname, port), timeout=PATIENCE):
            return
    except socket.gaierror as error:
        why = f"the name {parts.hostname} is not known here ({error.strerror})"
    except UnicodeError:  # a part of it is empty, or longer than 63 letters
        why = f"{parts.hostname!r} is not the name of a machine"
    except OSError as error:
        if error.errno not in NO_ROUTE:
            return
        why = f"no route leads to {parts.hostname} ({error.strerror})"
    raise DataError(
        f"weather fetch: {whom} cannot be reached: {why}; see whether this machine is on a network, and fetch again. "
        "What was fetched before is kept."
    )

"""Keys of public services: where they are kept, and that no message shows them."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from testsite_sim.common.errors import ConfigurationError

CLIMATE_DATA_STORE = "https://cds.climate.copernicus.eu/api"
OWN_FILE = "~/.cdsapirc"  # that the client of the Climate Data Store reads
SHORTEST_KEY = 8  # characters; tokens of the services have 36, and shorter text would stand in many words
_MOST_READ = 65_536  # byte of that file
_EXPECTED = "expected a line `key: …` with the access token of your account at cds.climate.copernicus.eu"


@dataclass(frozen=True)
class StoreAccess:
    """What the client of the Climate Data Store is given: address and key, and whether the server's name is proven."""

    address: str
    key: str
    verify: bool = True


def store_access() -> StoreAccess:
    """Return address and key of the Climate Data Store: of the environment, or of the file that its client reads.

    `CDSAPI_KEY` and `CDSAPI_URL` come before the file `~/.cdsapirc`, which `CDSAPI_RC` names anew. The file is read by
    the rules of cdsapi: lines `url: …`, `key: …` and `verify: 0` or `1`; all others are comments to it.

    Raises
    ------
    ConfigurationError
        When there is no key, or the file cannot be used; one sentence.
    """
    key, address = os.environ.get("CDSAPI_KEY"), os.environ.get("CDSAPI_URL")
    if key:
        return StoreAccess(address or CLIMATE_DATA_STORE, key)
    named = os.environ.get("CDSAPI_RC", OWN_FILE)
    lines = dict(_lines_of(named))
    stated = lines.get("verify", "1")
    if stated not in ("0", "1"):
        raise ConfigurationError(f"weather fetch: {named}: found `verify: {stated}`; expected 0 or 1.")
    if not lines.get("key"):
        raise ConfigurationError(f"weather fetch: {named} has no key; {_EXPECTED}, or set CDSAPI_KEY.")
    return StoreAccess(address or lines.get("url") or CLIMATE_DATA_STORE, lines["key"], stated == "1")


def _lines_of(named: str) -> list[tuple[str, str]]:
    """Return key and value of the lines of a file of the user's."""
    try:
        path = Path(named).expanduser()
        if not path.exists():
            raise ConfigurationError(
                "weather fetch: set the environment variable CDSAPI_KEY to your access token of "
                f"cds.climate.copernicus.eu, or keep it in {named}."
            )
        if not path.is_file():
            kind = "a folder" if path.is_dir() else "no regular file"
            raise ConfigurationError(f"weather fetch: {named} is {kind}; expected a file: {_EXPECTED[9:]}.")
        with path.open("rb") as file:
            text = file.read(_MOST_READ).decode()
    except UnicodeDecodeError:
        raise ConfigurationError(f"weather fetch: {named} is not a text file; {_EXPECTED}.") from None
    except (OSError, RuntimeError) as error:  # the second where nobody knows whose home is meant
        why = getattr(error, "strerror", None) or error
        remedy = "let it be read by you, or set CDSAPI_KEY"
        raise ConfigurationError(f"weather fetch: {named} cannot be read ({why}); {remedy}.") from None
    parts = (line.partition(":") for line in text.splitlines())
    return [(key.strip(), _unquoted(value.strip())) for key, _, value in parts]


def _unquoted(value: str) -> str:
    """Return a value without the quotes that YAML allows about it."""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def hide(message: str, *keys: str | None) -> str:
    """Return a message without keys of services, also as they stand in an address; what is too short is no key.

    Examples
    --------
    >>> hide("401 for https://example.org/?token=0123-4567%2F8", "0123-4567/8")
    '401 for https://example.org/?token=…'
    >>> hide("the server is away", "e")
    'the server is away'
    """
    for key in filter(None, keys):
        for part in (key, *key.split(":")):  # as `user:key`, of which either may be quoted alone
            if len(part) >= SHORTEST_KEY:
                message = message.replace(part, "…").replace(quote(part, safe=""), "…")
    return message

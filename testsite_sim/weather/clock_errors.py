"""What pandas raises where a clock has an hour twice or not at all: before version 3 errors of pytz."""

from collections.abc import Sequence


def _found() -> Sequence[type[Exception]]:
    try:
        from pytz.exceptions import InvalidTimeError
    except ImportError:  # pandas 3 does without
        return (ValueError,)
    return (ValueError, InvalidTimeError)


CLOCK_ERRORS: tuple[type[Exception], ...] = tuple(_found())

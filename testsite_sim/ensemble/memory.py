"""Keep the memory of one member for the next: handed back and asked for anew, its pages cost a seventh of the time."""

import ctypes
import sys

_TRIM_THRESHOLD, _MAPPING_THRESHOLD = -1, -3  # parameters of mallopt(3) of the GNU C library
_LARGEST_ARRAY = 2**30  # [byte] that is taken from the heap, which is kept; larger ones are mapped


def keep_memory() -> bool:
    """Let this process keep what it frees, where its C library can; return whether it does.

    Arrays of tens of megabytes are otherwise mapped and cleared by the system for every member.
    """
    if not sys.platform.startswith("linux"):
        return False
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is None:
        return False
    return bool(set_option(_MAPPING_THRESHOLD, _LARGEST_ARRAY) and set_option(_TRIM_THRESHOLD, _LARGEST_ARRAY))

"""Warnings that a user reads: a sentence of the program, with the line of the user's own code that led to it."""

import os
import sys
import warnings
from pathlib import Path

_OURS = str(Path(__file__).resolve().parents[1]) + os.sep
_STANDARD = str(Path(os.__file__).resolve().parent) + os.sep
_SITE = "site-packages"  # lies in the folder of the standard library


def warn_user(sentence: str) -> None:
    """Warn, at the line of the user that led here: not at one of this program or of the standard library.

    Python shows the same sentence of the same line once.

    Warns
    -----
    UserWarning
        With the sentence.
    """
    level, frame = 2, sys._getframe(1)
    while _is_inner(frame.f_code.co_filename) and frame.f_back is not None:
        level, frame = level + 1, frame.f_back
    warnings.warn(sentence, UserWarning, stacklevel=level)


def _is_inner(file: str) -> bool:
    """Return whether code is that of the program or of the standard library, as a cached property is."""
    ours = file.startswith((_OURS, "<frozen"))
    return ours or (file.startswith(_STANDARD) and _SITE not in file[len(_STANDARD) :])

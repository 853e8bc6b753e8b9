"""What the chain warns of while it computes for a page, whose user sees no terminal."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def heard(sentences: list[str]) -> Iterator[None]:
    """Add what a user is warned of meanwhile to sentences, each once; warnings of other kinds go where they went.

    Not across a `yield`: the filters of warnings are those of the whole process.

    Examples
    --------
    >>> said = []
    >>> for _ in range(2):
    ...     with heard(said):
    ...         warnings.warn("two turbines stand near", UserWarning)
    >>> said
    ['two turbines stand near']
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)  # also one that was given before, of the same place
        yield
    for each in caught:
        text = str(each.message)
        if not issubclass(each.category, UserWarning):
            warnings.warn_explicit(each.message, each.category, each.filename, each.lineno)
        elif text not in sentences:
            sentences.append(text)

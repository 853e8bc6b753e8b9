"""What is said of errors that a user, a disk or the memory is at fault for, and with which exit code."""

from testsite_sim.cli.option_names import with_options
from testsite_sim.common.errors import TestsiteError


def failure_of(error: TestsiteError | OSError | MemoryError) -> tuple[int, tuple[str, ...]]:
    """Return the exit code of an error, and a sentence for each problem.

    Examples
    --------
    >>> failure_of(PermissionError(13, "Permission denied", "mine.yaml"))
    (2, ('mine.yaml: Permission denied.',))
    """
    if isinstance(error, TestsiteError):
        return error.exit_code, tuple(with_options(problem) for problem in error.problems)
    if isinstance(error, OSError):  # what the system said, of which file
        where = f"{error.filename}: " if error.filename is not None else ""
        return 2, (f"{where}{error.strerror or error}.",)
    return 2, ("not enough memory; take a shorter period, fewer members or fewer workers.",)

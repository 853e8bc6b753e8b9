"""A script that starts processes outside `if __name__ == "__main__":`, which every process would start again."""

import multiprocessing
import os

EXIT_CODE = 78  # of a process that found itself importing such a script
SENTENCE = (
    "workers: the script that runs them starts again in every process, since its work does not stand below "
    '`if __name__ == "__main__":`; put it there, or leave `workers` out.'
)


def end_if_script_is_imported() -> None:
    """End this process without a word where it is a worker that still imports the script of its parent.

    The parent, whose pool breaks by that, says why.
    """
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        os._exit(EXIT_CODE)

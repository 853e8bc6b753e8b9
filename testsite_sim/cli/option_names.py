"""What the library calls an argument, in the words of the command line."""

import re

ARGUMENTS = {
    "choose another folder": "choose another `-o`",
    "`path`": "`-o`",
    "`force=True`": "`--force`",
    "`resume=True`": "`--resume`",
    "`workers=1`": "`--workers 1`",
    "`workers`": "`--workers`",
    "`scheduler`": "`--scheduler`",
    "`scheduler=local`": "`--scheduler local`",
    "`certificates`": "`--tls`",
    "certificates: ": "--tls: ",
}
# An argument that begins a sentence: what it is wrong with follows a colon, or stands in quotes.
_BEGINS = re.compile(r"(members|until|samples|sensitivity|sweep|scheduler|electrolyser|tank|require)(?=: | ')")


def with_options(sentence: str) -> str:
    """Return a sentence of the library with the options that its arguments are on the command line.

    Examples
    --------
    >>> with_options("results/mine: exists already; choose another folder, or replace it with `force=True`.")
    'results/mine: exists already; choose another `-o`, or replace it with `--force`.'
    >>> with_options("samples: found 3; expected a power of two, like 64.")
    '--samples: found 3; expected a power of two, like 64.'
    """
    for argument, option in ARGUMENTS.items():
        sentence = sentence.replace(argument, option)
    return f"--{sentence}" if _BEGINS.match(sentence) else sentence

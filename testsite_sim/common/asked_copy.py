"""A copy of this process that does what it is asked for, and shares large objects with this one in memory.

A copy only helps: where it cannot be made, has failed or stands still, it is gone, and this process does without.
"""

import json
import mmap
import os
import pickle
import select
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from testsite_sim.common.side_by_side import LONGEST_WAIT, copy_process, settle_copy, time_on_processor

Place = tuple[int, int]  # where a part of an object stands in the memory that is shared, and how long it is


@dataclass
class SharedObjects:
    """Objects in memory that processes share: what one has written, others read without copying its arrays."""

    file: int
    size: int = 0

    def write(self, content: Any) -> list[Place]:
        """Write an object and return the places of its parts.

        Raises
        ------
        OSError, MemoryError
            When there is no memory for it.
        """
        buffers: list[pickle.PickleBuffer] = []
        whole = pickle.dumps(content, pickle.HIGHEST_PROTOCOL, buffer_callback=buffers.append)
        places = []
        for view in (memoryview(whole), *(buffer.raw() for buffer in buffers)):
            places.append((self.size, view.nbytes))
            while view.nbytes:
                written = os.pwrite(self.file, view, self.size)
                self.size, view = self.size + written, view[written:]
            self.size += -self.size % mmap.ALLOCATIONGRANULARITY
        return places

    def read(self, places: Sequence[Place]) -> Any:
        """Return an object; to change it changes nothing for others."""
        whole, *buffers = (
            mmap.mmap(self.file, size, mmap.MAP_PRIVATE, offset=place) if size else bytearray()
            for place, size in places
        )
        return pickle.loads(whole, buffers=buffers)

    def close(self) -> None:
        """Forget the memory here; what was read stays."""
        os.close(self.file)


class Asked:
    """What a copy is asked for, one by one: the side of the copy."""

    def __init__(self, channel: socket.socket, objects: SharedObjects, given: SharedObjects) -> None:
        self._channel, self.objects, self.given = channel, objects, given
        self._read = b""

    @property
    def descriptors(self) -> tuple[int, ...]:
        """Descriptors that copies of the copy keep open: they belong to what `AskedCopy.end` waits for."""
        return (self._channel.fileno(),)

    def is_waiting(self) -> bool:
        """Return whether there is something that was asked for and not done yet."""
        return b"\n" in self._read or bool(select.select([self._channel], [], [], 0.0)[0])

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """Yield what is asked for and what belongs to it, as it comes, until the asking process closes its side."""
        while True:
            while b"\n" not in self._read:
                more = self._channel.recv(65_536)
                if not more:
                    return
                self._read += more
            line, _, self._read = self._read.partition(b"\n")
            what, places = json.loads(line)
            yield what, self.objects.read(places)

    def answer(self, text: str) -> None:
        """Answer with a line."""
        self._channel.sendall(text.encode() + b"\n")

    def give(self, content: Any) -> None:
        """Answer with an object; it can be pickled."""
        self.answer(json.dumps(self.given.write(content)))


class AskedCopy:
    """A copy of this process: the side of this process.

    Parameters
    ----------
    serve : callable
        What the copy does, of what it is asked for; it ends when this does.
    """

    def __init__(self, serve: Callable[[Asked], None]) -> None:
        self._process = 0
        self._answered = b""
        if not sys.platform.startswith("linux"):
            return
        with suppress(OSError):  # no memory, or too many processes or files
            self._objects = SharedObjects(os.memfd_create("objects"))
            self._given = SharedObjects(os.memfd_create("given"))
            self._channel, theirs = socket.socketpair()
            with theirs:
                self._process = copy_process()
                if self._process == 0:
                    _serve(serve, Asked(theirs, self._objects, self._given))
            self._channel.settimeout(LONGEST_WAIT)

    def ask(self, what: str, content: Any) -> bool:
        """Ask for something, and return whether there is a copy to do it.

        Parameters
        ----------
        what : str
            What is asked for.
        content : Any
            What belongs to it: it can be pickled.
        """
        if self._process:
            try:
                line = json.dumps([what, self._objects.write(content)])
                self._channel.sendall(line.encode() + b"\n")
            except (OSError, MemoryError):
                self.end()
        return bool(self._process)

    def answers(self, text: str) -> bool:
        """Wait for the next answer, and return whether it is this one; where there is none, the copy is gone."""
        line = self._next_answer()
        return bool(self._process) and line == text

    def gives(self) -> Any:
        """Wait for the next answer, and return the object that it gives; None where the copy is gone."""
        line = self._next_answer()
        if not self._process:
            return None
        try:
            return self._given.read(json.loads(line))
        except (OSError, MemoryError):
            self.end()
            return None

    def _next_answer(self) -> str:
        """Wait for the next answer, and return it; where there is none, the copy is gone."""
        worked = -1
        while self._process and b"\n" not in self._answered:
            more, is_readable = b"", bool(select.select([self._channel], [], [], LONGEST_WAIT)[0])
            before, worked = worked, time_on_processor(self._process)
            if is_readable:
                with suppress(OSError):
                    more = self._channel.recv(4096)
            if not more and (is_readable or worked == before):
                self.end()
            self._answered += more
        line, _, self._answered = self._answered.partition(b"\n")
        return line.decode()

    def end(self) -> None:
        """End the copy and its own copies, whatever they do, and wait until none of them writes any more."""
        process, self._process = self._process, 0
        if process:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
            self._channel.settimeout(None)
            with suppress(OSError):
                while self._channel.recv(4096):
                    pass
            with suppress(ChildProcessError):
                os.waitpid(process, 0)
        for name in ("_channel", "_objects", "_given"):
            held = vars(self).pop(name, None)
            if held is not None:
                held.close()


def _serve(serve: Callable[[Asked], None], asked: Asked) -> None:
    """Do what the copy is for, and end it; what goes wrong is left to the process that it is a copy of."""
    try:
        settle_copy(*asked.descriptors, asked.objects.file, asked.given.file)
        serve(asked)
    finally:
        os._exit(0)  # at once: what is to be done at the end of a process is the other one's

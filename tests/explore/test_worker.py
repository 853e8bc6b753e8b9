"""Requests of one asker: the newest is answered, what it overtakes is left out, a wrong one leaves the thread alive."""

import threading

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.explore.worker import Newest, Worker


class Asker:
    """An asker whose answers wait until they are let go."""

    def __init__(self, worker, stages=None):
        self.go, self.begun, self.idle = threading.Event(), threading.Event(), threading.Semaphore(0)
        self.delivered, self.refused = [], []
        self.newest = Newest(worker, stages or self.stages, self.deliver, self.refuse)

    def stages(self, request):
        self.begun.set()
        self.go.wait(10.0)
        if request == "wrong":
            raise ConfigurationError("found wrong; expected right.")
        if request == "fault":
            raise ZeroDivisionError
        yield f"{request} first"
        yield f"{request} second"

    def deliver(self, request, stage):
        self.delivered.append(stage)

    def refuse(self, request, sentences):
        self.refused.append(sentences)


def done(worker):
    """Wait until the worker has nothing more to do for anyone: a request and its end are two pieces of work."""
    for _ in range(4):
        finished = threading.Event()
        worker.submit(finished.set)
        assert finished.wait(10.0)


def test_of_several_requests_the_first_begun_and_the_newest_are_answered():
    worker = Worker()
    asker = Asker(worker)
    asker.newest.ask("a")
    assert asker.begun.wait(10.0)
    for request in "bcd":
        asker.newest.ask(request)
    asker.go.set()
    done(worker)
    worker.end()
    assert asker.delivered == ["a first", "d first", "d second"]  # the second stage of a was overtaken


def test_two_askers_take_turns():
    worker = Worker()
    one, other = Asker(worker), Asker(worker)
    one.newest.ask("a")
    assert one.begun.wait(10.0)
    other.go.set()
    other.newest.ask("x")
    one.newest.ask("b")
    one.go.set()
    done(worker)
    worker.end()
    assert one.delivered == ["a first", "b first", "b second"]
    assert other.delivered == ["x first", "x second"]


def test_a_wrong_request_is_refused_in_its_sentences_and_the_next_is_answered(caplog):
    worker = Worker()
    asker = Asker(worker)
    asker.go.set()
    for request in ("wrong", "fault", "right"):
        asker.newest.ask(request)
        done(worker)
    worker.end()
    assert asker.refused[0] == ("found wrong; expected right.",)
    assert "fault of the program" in asker.refused[1][0]
    assert asker.delivered == ["right first", "right second"]
    assert "ZeroDivisionError" in caplog.text


def test_once_closed_nothing_is_answered_any_more():
    worker = Worker()
    asker = Asker(worker)
    asker.newest.ask("a")
    assert asker.begun.wait(10.0)
    asker.newest.ask("b")
    asker.newest.close()
    asker.newest.ask("c")
    asker.go.set()
    done(worker)
    worker.end()
    assert asker.delivered == []
    worker.submit(lambda: None)  # after the end: left out without a word

"""The server of the page: on this machine alone, one session for each window that opens it."""

import ipaddress
import logging
import re
import signal
import socket
from collections.abc import Callable, Collection, Sequence
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from testsite_sim.cases.scenario import ScenarioCase
from testsite_sim.cases.study import StudyCase
from testsite_sim.common.ending import heard
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.units import HOUR
from testsite_sim.explore.worker import Worker

if TYPE_CHECKING:
    from bokeh.document import Document
    from bokeh.server.server import Server

LOOPBACK = "127.0.0.1"
PORT = 5006
MISSING = "explore: the package bokeh is not installed; install it by `pip install testsite-sim[explore]`."


def check_address(address: str) -> str:
    """Return an address of this machine alone.

    Raises
    ------
    ConfigurationError
        When other machines could reach it.

    Examples
    --------
    >>> check_address("localhost"), check_address("127.0.0.1")
    ('127.0.0.1', '127.0.0.1')
    """
    if address == "localhost":
        return LOOPBACK
    try:
        is_loopback = ipaddress.ip_address(address).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise ConfigurationError(
            f"--address: found {address!r}; expected an address of this machine alone, 127.0.0.1, ::1 or localhost: "
            "the page has no password."
        )
    return address


def free_port(address: str, port: int) -> int:
    """Return a port that is free: the one that is asked for, or for 0 any.

    Raises
    ------
    ConfigurationError
        When it is taken, or must not be used.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((address, port))
        except OSError as error:
            raise ConfigurationError(
                f"--port: {port} of {address} cannot be used: {error.strerror}; choose another, or 0 for any that is "
                "free."
            ) from None
        return int(tried.getsockname()[1])


def serve(
    case: ScenarioCase | StudyCase,
    name: str,
    folder: Path,
    *,
    overrides: Sequence[str] = (),
    address: str = LOOPBACK,
    port: int = PORT,
    ready: Callable[[str], None],
) -> None:
    """Serve the page of a scenario or a study until the program is interrupted.

    Parameters
    ----------
    case : ScenarioCase or StudyCase
        What is explored.
    name : str
        Its name on the command line.
    folder : Path
        Where run directories are written.
    overrides : sequence of str
        `a.b=VALUE`, with which the case was read.
    address : str
        Of this machine alone.
    port : int
        0: any that is free.
    ready : callable
        Given the address of the page, once it is served.

    Raises
    ------
    ConfigurationError
        When the address is none of this machine, the port is taken, or Bokeh is not installed.
    """
    address = check_address(address)
    try:
        from bokeh.application import Application
        from bokeh.application.handlers.function import FunctionHandler
        from bokeh.server.server import Server
    except ImportError:
        raise ConfigurationError(MISSING) from None
    port = free_port(address, port)
    # A window may be closed while it is being sent something: no news for who reads the terminal.
    logging.getLogger("bokeh.server.views.ws").setLevel(logging.ERROR)
    worker = Worker()
    hosts = {address, "localhost"} if address != "::1" else {"[::1]", "localhost"}
    application = Application(FunctionHandler(_pages(case, name, overrides, folder, worker)))
    server: Any = Server(
        {"/": application},
        address=address,
        port=port,
        allow_websocket_origin=[f"{host}:{port}" for host in sorted(hosts)],
        session_token_expiration=int(HOUR),
        unused_session_lifetime=20_000,
        check_unused_sessions=10_000,
    )
    refuse_other_hosts(server, hosts)
    loop = server.io_loop
    stop: Callable[..., None] = lambda *_: loop.add_callback_from_signal(loop.stop)  # noqa: E731
    before = {number: signal.signal(number, stop) for number in heard()}
    try:
        server.start()
        ready(f"http://{f'[{address}]' if ':' in address else address}:{port}/")
        loop.start()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        server.stop()
        worker.end()


def refuse_other_hosts(server: "Server", hosts: Collection[str]) -> None:
    """Answer only requests that name this machine as it is asked for.

    A page of another site whose name is made to lead to this machine (DNS rebinding) would be served as one of ours;
    Bokeh looks at the origin of websockets alone.

    Parameters
    ----------
    server : bokeh.server.server.Server
        Before it is started.
    hosts : collection of str
        Names and addresses of this machine, without a port.
    """
    from tornado.routing import Matcher, Rule
    from tornado.web import ErrorHandler

    class Others(Matcher):
        """Requests that name another host."""

        def match(self, request: Any) -> dict[str, Any] | None:
            return {} if _host_of(request.headers.get("Host", "")) not in hosts else None

    application: Any = server._tornado
    application.default_router.rules.insert(0, Rule(Others(), ErrorHandler, {"status_code": HTTPStatus.FORBIDDEN}))


def _host_of(stated: str) -> str:
    """Return the host that a request names, without its port.

    Examples
    --------
    >>> _host_of("localhost:5006"), _host_of("[::1]:5006"), _host_of("127.0.0.1")
    ('localhost', '[::1]', '127.0.0.1')
    """
    return re.sub(r":\d*$", "", stated).lower()


def _pages(
    case: ScenarioCase | StudyCase, name: str, overrides: Sequence[str], folder: Path, worker: Worker
) -> "Callable[[Document], None]":
    """Return what makes the page of a session."""
    if isinstance(case, StudyCase):
        from testsite_sim.explore.page.study_page import StudyPage
        from testsite_sim.explore.study_answers import basis_of

        shared = basis_of(name, case, overrides)
        return partial(_open, lambda document: StudyPage(document, shared, folder, worker))
    from testsite_sim.explore.page.scenario_page import ScenarioPage

    return partial(_open, lambda document: ScenarioPage(document, case, folder, worker))


def _open(make: Callable[["Document"], Any], document: "Document") -> None:
    """Make a page, and end it with its session."""
    page = make(document)
    document.on_session_destroyed(lambda context: page.session.close())

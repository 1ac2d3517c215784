"""Start the server on this computer's own address, and the browser with it."""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Callable

import uvicorn

from runfree.core.errors import InputError
from runfree.journal.journal import ME
from runfree.web.access import Sessions
from runfree.web.app import create_app

LOOPBACK = "127.0.0.1"


class _Server(uvicorn.Server):
    """Tells when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        if self.started:
            self._ready()


def serve(port: int, say: Callable[[str], None], *, browser: bool) -> None:
    """Serve until Ctrl-C.

    Parameters
    ----------
    port : int
        Port, or 0 for one that is free.
    say : callable
        Told the address with its one-time token, once the server answers.
    browser : bool
        Whether to open it in the browser.

    Raises
    ------
    InputError
        If the port is taken, or the journal is of another version.
    """
    with bound(port) as door:
        port = door.getsockname()[1]
        sessions = Sessions()
        app = create_app(hosts=(f"{LOOPBACK}:{port}", f"localhost:{port}"), sessions=sessions)
        address = f"http://{LOOPBACK}:{port}/launch?token={sessions.invite(ME)}"

        def ready() -> None:
            say(address)
            if browser:
                # A browser in a terminal only comes back when it is closed.
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=3,
        )
        _Server(config, ready).run(sockets=[door])


def bound(port: int) -> socket.socket:
    """Return a listening socket on this computer's own address, at a port or (0) one that is free.

    Who comes before the app is ready waits, and is not turned away.

    Raises
    ------
    InputError
        If the port cannot be had.
    """
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((LOOPBACK, port))
        door.listen()
    except (OSError, OverflowError) as error:
        door.close()
        raise InputError(
            f"Port {port}",
            "it cannot be used on this computer (another program may have it)",
            "Leave --port out; a free one is then chosen.",
        ) from error
    return door

"""``runfree serve``."""

from __future__ import annotations


def serve(*, port: int = 0, no_browser: bool = False) -> int:
    """Open Runfree in the browser, on this computer alone; Ctrl-C ends it.

    Parameters
    ----------
    port
        Port on this computer (a free one unless given).
    no_browser
        Only print the address; it opens one browser, once.
    """
    from runfree.web.serve import serve as run

    try:
        run(port, _say, browser=not no_browser)
    except KeyboardInterrupt:
        print("Runfree is closed. What you kept is safe.")
    return 0


def _say(address: str) -> None:
    print(f"Runfree is here, on this computer alone: {address}", flush=True)
    print("The address works once. Ctrl-C ends it.", flush=True)

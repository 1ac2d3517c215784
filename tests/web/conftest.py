"""A server on a free port, shared by a module, and a real browser that notes every request."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser
from web_kit import HOST, OWN, PHONE, SLOW_MS, Served, Visit

from runfree.journal.journal import ME
from runfree.web.access import COOKIE, Sessions
from runfree.web.app import create_app


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """Return a client that is signed in and sends what a browser sends from our own pages."""
    sessions = Sessions()
    app = create_app(hosts=(HOST,), sessions=sessions, folder=tmp_path)
    cookie = sessions.enter(sessions.invite(ME))
    with TestClient(app, f"http://{HOST}", headers=OWN, raise_server_exceptions=False) as found:
        found.cookies.set(COOKIE, cookie or "", domain="127.0.0.1")
        yield found


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Start ``runfree serve`` on a free port."""
    folder = tmp_path_factory.mktemp("data")
    command = [sys.executable, "-m", "runfree", "serve", "--no-browser"]
    process = subprocess.Popen(
        command, env=os.environ | {"RUNFREE_DATA": str(folder)}, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    launch = process.stdout.readline().split()[-1]
    yield Served("http://" + urlsplit(launch).netloc, launch, folder, process)
    process.terminate()
    assert process.wait(30) is not None
    process.stdout.close()


@pytest.fixture(scope="session")
def one_browser(served: Served, browser: Browser) -> Iterator[Visit]:
    """Open the launch address, as ``runfree serve`` does; it works once, so all tests share what it opened."""
    context = browser.new_context(viewport=PHONE)
    context.set_default_timeout(SLOW_MS)
    visit = Visit(context, context.new_page(), served.root)
    visit.watch(visit.page)
    visit.page.goto(served.launch)
    yield visit
    context.close()


@pytest.fixture
def signed_in(one_browser: Visit) -> Iterator[Visit]:
    """Return the browser that is signed in; no page may complain, or ask anything of another computer."""
    one_browser.requests.clear()
    one_browser.errors.clear()
    one_browser.page.set_viewport_size(PHONE)
    yield one_browser
    assert one_browser.errors == []
    assert [r for r in one_browser.requests if not r.startswith((one_browser.root, "data:", "blob:"))] == []

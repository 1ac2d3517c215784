"""Schemathesis over every route: whatever is sent, the answer is one of ours."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings

from runfree.journal.journal import ME
from runfree.web.access import COOKIE, Sessions
from runfree.web.app import ROUTERS, create_app
from runfree.web.serve import bound


def operations() -> list[Any]:
    """Every route, as OpenAPI tells it."""
    app = FastAPI()
    for router in ROUTERS:
        app.include_router(router)
    return [found.ok() for found in schemathesis.openapi.from_dict(app.openapi()).get_all_operations()]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Serve from a thread: its address, and a cookie."""
    with bound(0) as door:
        host = f"127.0.0.1:{door.getsockname()[1]}"
        sessions = Sessions()
        app = create_app(hosts=(host,), sessions=sessions, folder=tmp_path_factory.mktemp("data"))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", proxy_headers=False))
        thread = threading.Thread(target=server.run, args=([door],))
        thread.start()
        yield f"http://{host}", sessions.enter(sessions.invite(ME)) or ""
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize("operation", operations(), ids=lambda o: o.label)
def test_whatever_is_sent_is_answered(operation: Any, running: tuple[str, str]) -> None:
    root, cookie = running

    @settings(max_examples=10, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy())
    def sent(case: Any) -> None:
        own = {"Origin": root}
        answer = case.call(base_url=root, headers=own, cookies={COOKIE: cookie}, allow_redirects=False)
        assert answer.status_code < 500
        assert "content-security-policy" in answer.headers

    sent()

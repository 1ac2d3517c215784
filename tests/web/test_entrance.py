"""The way in: one browser, once; on this computer alone; every route says who may."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, expect
from web_kit import HOST, OWN, Served, Visit

from runfree.web.access import FORM_BYTES, GuardedRoute, access_of, may, new_router
from runfree.web.app import ROUTERS


@pytest.mark.parametrize("router", ROUTERS)
def test_every_route_says_who_may(router) -> None:
    for route in router.routes:
        assert isinstance(route, GuardedRoute)
        assert access_of(route) is not None, route.path


def test_the_application_has_no_other_routes(client: TestClient) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    known = {route.path for router in ROUTERS for route in router.routes}
    assert set(app.openapi()["paths"]) <= known
    for path in ("/docs", "/redoc", "/openapi.json", "/static", "/static/", "/admin"):
        assert client.get(path).status_code == 404


def test_a_route_that_does_not_say_who_may_is_denied(client: TestClient) -> None:
    router = new_router()

    @router.get("/forgotten")
    def forgotten() -> str:
        return "secret"

    assert isinstance(client.app, FastAPI)
    client.app.include_router(router)
    answer = client.get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_nobody_else_may_see_a_page(client: TestClient) -> None:
    client.cookies.clear()
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, GuardedRoute)
            access = access_of(route)
            if access is None or access.who == "anybody":
                continue
            path = re.sub(r"{[^}]*}", "1", route.path)
            for method in route.methods:
                assert client.request(method, path).status_code == 401, route.path


@pytest.mark.parametrize("cookie", ["", "x", "å", "a" * 4000])
def test_a_made_up_cookie_opens_nothing(client: TestClient, cookie: str) -> None:
    client.cookies.clear()
    assert client.get("/", headers={"Cookie": f"runfree={cookie}".encode()}).status_code == 401


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1",
        "127.0.0.1:8001",
        "localhost.evil.example:8000",
        "0.0.0.0:8000",
        "",
        "[::1]:8000",
    ],
)
def test_a_foreign_host_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "What hurts" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8001"},
        {"Origin": "https://" + HOST},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {**OWN, "Sec-Fetch-Site": "cross-site"},
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_form_of_another_site_is_refused(client: TestClient, method: str, headers: dict[str, str]) -> None:
    del client.headers["Origin"]
    assert client.request(method, "/", headers=headers).status_code == 403


def test_a_form_that_does_not_say_where_from_is_refused(client: TestClient) -> None:
    del client.headers["Origin"]
    assert client.post("/").status_code == 403


def test_our_own_form_is_let_through(client: TestClient) -> None:
    assert client.post("/").status_code == 405
    del client.headers["Origin"]
    assert client.post("/", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 405


def test_a_body_is_refused_once_it_is_too_large(client: TestClient) -> None:
    router = new_router()
    arrived: list[int] = []

    @router.post("/body")
    @may("person")
    async def body(request: Request) -> None:
        async for piece in request.stream():
            arrived.append(len(piece))

    assert isinstance(client.app, FastAPI)
    client.app.include_router(router)
    assert client.post("/body", content=b"x" * FORM_BYTES).status_code == 200
    arrived.clear()
    assert client.post("/body", content=b"x" * (FORM_BYTES + 1)).status_code == 413
    assert arrived == []
    assert client.post("/body", content=(b"x" * 10_000 for _ in range(100))).status_code == 413
    assert sum(arrived) <= FORM_BYTES


@pytest.mark.parametrize(
    "name", ["../app.py", "..%2fapp.py", "%2e%2e/app.py", "app.css%00.js", "C:\\x", "app.css/"]
)
def test_only_our_own_files_are_given_out(client: TestClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_every_answer_carries_the_headers(client: TestClient) -> None:
    for answer in (
        client.get("/"),
        client.get("/nowhere"),
        client.get("/static/app.css"),
        client.post("/", headers={"Origin": "null"}),
    ):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_script_is_answered_in_json(client: TestClient) -> None:
    client.cookies.clear()
    answer = client.get("/", headers={"Accept": "application/json"})
    assert set(answer.json()) == {"what", "why", "remedy"}


def test_the_address_opens_one_browser_once(served: Served, signed_in: Visit, browser: Browser) -> None:
    expect(signed_in.go("/").get_by_role("heading", name="What hurts?")).to_be_visible()
    (cookie,) = signed_in.context.cookies()
    assert (cookie.get("httpOnly"), cookie.get("sameSite")) == (True, "Strict")
    other = browser.new_context()
    page = other.new_page()
    page.goto(served.launch)
    expect(page.get_by_role("heading", name="This page is yours alone")).to_be_visible()
    other.close()

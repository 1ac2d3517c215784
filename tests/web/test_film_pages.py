"""A film from the phone to the player, in a real Chromium: sent, cut off, looked at, analysed, scrubbed, compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect
from web_kit import PHONE, WIDE, Served, Visit

from runfree.io import video
from runfree.io.film_writer import FilmWriter

pytestmark = pytest.mark.xdist_group("film pages")
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SLOW_MS = 900_000
"""Long enough for the slowest computer; nothing waits for it where there is progress."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two and a half seconds of a runner."""
    info = video.probe(EXAMPLES / "side.mp4")
    path = tmp_path_factory.mktemp("run") / "side.mp4"
    with FilmWriter(path, width_px=640, height_px=360) as out:
        for index, rgb in video.frames(info, 0, 150, longest_px=640):
            out.write(rgb, float(info.time_s[index]))
    return path


@pytest.fixture(scope="module")
def analysed(one_browser: Visit, run: Path) -> str:
    """Send a film, have it looked at and analysed; the address of the report."""
    page = one_browser.go("/show")
    page.get_by_role("link", name="Choose the film").click()
    page.get_by_label("Drop a film here").set_input_files(run)
    page.get_by_role("button", name="Send the film").click()
    expect(page.get_by_role("heading", name="A first look")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text("It can be analysed.")).to_be_visible(timeout=SLOW_MS)
    assert usable(page) == []
    page.get_by_label("Your height").fill("175 cm")
    page.get_by_role("button", name="Analyse").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_text("following the runner")).to_be_visible(timeout=SLOW_MS)
    assert usable(page) == []
    expect(page.get_by_role("heading", name="How you run")).to_be_visible(timeout=SLOW_MS)
    return page.url


def usable(page: Page) -> list[str]:
    """What keeps somebody from using a page, on a phone and wide."""
    found: list[str] = []
    for size in (PHONE, WIDE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        serious = [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
        found += [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in serious]
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found.append("wider than the screen")
    return found


def until(page: Page, condition: str) -> None:
    """Wait for a condition; Playwright's own waiting evaluates in the page, which our policy forbids."""
    while not page.evaluate(condition):
        page.wait_for_timeout(20)


def now_s(page: Page) -> float:
    until(page, "!document.querySelector('video').seeking")
    return page.evaluate("document.querySelector('video').currentTime")


def line_x(page: Page) -> float:
    return page.evaluate("Number(document.querySelector('.film-plot .now').getAttribute('x1'))")


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
def test_film_and_plots_move_each_other(signed_in: Visit, analysed: str, size: dict[str, int]) -> None:
    page = signed_in.page
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto(analysed)
    expect(page.locator(".where")).to_contain_text("picture 1 of 150")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".where")).to_contain_text("picture 3 of 150")
    assert 2 / 60 <= now_s(page) < 3 / 60
    page.keyboard.press("ArrowLeft")
    assert 1 / 60 <= now_s(page) < 2 / 60
    before = line_x(page)
    page.keyboard.press("Shift+ArrowRight")
    assert line_x(page) > before
    page.locator(".frame").fill("90")
    assert 90 / 60 <= now_s(page) < 91 / 60
    plot = page.locator(".film-plot").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    plot.click(position={"x": box["width"] * (40 + 156) / 360, "y": box["height"] / 3})
    assert now_s(page) == pytest.approx(2.5 / 2, abs=0.05)
    assert line_x(page) == pytest.approx(196, abs=4)
    page.get_by_role("button", name="Play").click()
    until(page, f"document.querySelector('video').currentTime > {now_s(page) + 0.1}")
    page.get_by_role("button", name="Pause").click()
    assert page.evaluate("document.querySelector('video').paused")
    assert usable(page) == []


def test_two_films_side_by_side_at_the_same_place_of_the_stride(signed_in: Visit, analysed: str) -> None:
    job = analysed.rstrip("/").rpartition("/")[2]
    page = signed_in.go(f"/compare?before={job}&after={job}")
    page.locator("input[type=range]").fill("50")
    expect(page.locator(".where")).to_have_text("Stride 1: 50 %")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".where")).to_have_text("Stride 1: 52 %")
    until(page, "[...document.querySelectorAll('video')].every(v => !v.seeking && v.currentTime > 0)")
    one, other = page.evaluate("[...document.querySelectorAll('video')].map(v => v.currentTime)")
    assert one == pytest.approx(other, abs=1e-3)
    assert usable(page) == []


def test_a_cut_connection_and_a_reload_lose_nothing(signed_in: Visit, served: Served, tmp_path: Path) -> None:
    page = signed_in.go("/films")
    film = tmp_path / "long.mp4"
    film.write_bytes(bytes(range(256)) * 100_000)
    sent: list[int] = []

    def cut(route: Route) -> None:
        """Every second piece is lost; after three nothing goes through."""
        if route.request.method == "PATCH":
            sent.append(int(route.request.headers["upload-offset"]))
            if len(sent) % 2 == 0 or len(sent) > 5:
                route.abort()
                return
        route.continue_()

    page.route("**/api/uploads/*", cut)
    page.get_by_label("Drop a film here").set_input_files(film)
    page.get_by_role("button", name="Send the film").click()
    expect(page.get_by_text("The connection is lost")).to_be_visible()
    while len(sent) < 7:
        page.wait_for_timeout(50)
    page.unroute("**/api/uploads/*")
    page.reload()
    expect(page.get_by_text("Choose the same film again")).to_be_visible()
    rest: list[int] = []
    page.on(
        "request",
        lambda r: rest.append(int(r.headers["upload-offset"])) if r.method == "PATCH" else None,
    )
    page.get_by_label("Drop a film here").set_input_files(film)
    page.get_by_role("button", name="Send the film").click()
    expect(page.get_by_role("heading", name="A first look")).to_be_visible(timeout=SLOW_MS)
    assert rest[0] == 3 * 4 * 1024 * 1024
    kept = [p for p in (served.folder / "clips").rglob("*") if p.is_file()]
    assert film.read_bytes() in [p.read_bytes() for p in kept]
    signed_in.errors[:] = [error for error in signed_in.errors if "ERR_FAILED" not in error]
    page.get_by_role("link", name="Delete this film").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("long.mp4")).to_have_count(0)

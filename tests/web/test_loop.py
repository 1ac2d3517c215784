"""The whole loop in a real Chromium, on a phone and wide, by finger and by keyboard, with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect
from web_kit import PHONE, WIDE, Visit

from runfree.testing import watch

PAGES = (
    "/", "/what-hurts", "/questions?place=knee", "/show", "/practise", "/run", "/films", "/try", "/try/plan?change=less-bounce&for=pain", "/consult", "/checks", "/checks/kneecaps-forward",
    "/guide", "/guide/knee", "/poses", "/poses/chair", "/settings", "/settings/erase?what=everything", "/nowhere",
)  # fmt: skip


@pytest.fixture
def run_file(tmp_path: Path) -> Path:
    """A watch's file of yesterday's run."""
    day = datetime.now(UTC).replace(hour=0, minute=1, second=0, microsecond=0) - timedelta(days=1)
    path = tmp_path / "morning.fit"
    path.write_bytes(watch.fit_file(watch.Run(day, 900, 3.0, 168.0, 8.5, 252)))
    return path


@pytest.fixture
def plain(signed_in: Visit, browser: Browser) -> Iterator[Page]:
    """The same person in a browser without scripts."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    context.add_cookies([dict(cookie) for cookie in signed_in.context.cookies()])  # type: ignore[arg-type]
    page = signed_in.watch(context.new_page())
    yield page
    context.close()


def answer_the_questions(page: Page, root: str) -> None:
    page.goto(root + "/what-hurts")
    page.get_by_role("button", name="Knee").click()
    expect(page.get_by_role("heading", name="Before anything else")).to_be_visible()
    page.get_by_role("button", name="I read every question").click()
    expect(page.get_by_role("heading", name="Show me how you run")).to_be_visible()


def practise_and_note(page: Page, root: str, *, scripts: bool) -> None:
    page.goto(root + "/practise")
    if scripts:
        page.get_by_role("button", name="Start the practice").click()
        expect(page.locator("#player")).to_be_visible()
        page.get_by_role("button", name="End").click()
    if page.get_by_role("button", name="Done", exact=True).count():
        page.get_by_role("button", name="Done", exact=True).click()
        expect(page.get_by_text("practice done")).to_be_visible()
    page.get_by_label("Pain from 0").fill("2")
    page.get_by_role("button", name="Note the pain").click()
    expect(page.get_by_text("Thank you for telling")).to_be_visible()


def import_a_run(page: Page, root: str, file: Path) -> None:
    page.goto(root + "/run")
    page.get_by_label("Drop files here").set_input_files(file)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("heading", name="new run")).to_be_visible()


def show_how_you_run(page: Page, root: str, film: Path) -> None:
    """Hand in a film and wait for its report; one that was analysed before is only looked at."""
    page.goto(root + "/show")
    page.get_by_role("link", name="Choose the film").click()
    report = page.get_by_role("link", name="The report")
    if report.count():
        report.first.click()
    else:
        page.get_by_label("Drop a film here").set_input_files(film)
        page.get_by_role("button", name="Send the film").click()
        analyse = page.get_by_role("button", name="Analyse")
        expect(analyse).to_be_visible()
        page.get_by_label("Your height").fill("175 cm")
        analyse.click()
    expect(page.get_by_role("heading", name="What was seen")).to_be_visible()


def try_one_change(page: Page, root: str) -> None:
    page.goto(root + "/try")
    expect(page.get_by_role("heading", name="Feet parallel")).to_have_count(0)
    if page.get_by_role("button", name="For the pain").count():
        page.get_by_role("button", name="For the pain").first.click()
        page.get_by_role("button", name="Draw the order and begin").click()
        expect(page.get_by_role("status")).to_contain_text("The plan is locked")
    page.get_by_role("link", name="What it shows so far").click()
    expect(page.get_by_role("heading", name="Cannot tell yet")).to_be_visible()
    page.goto(root + "/try")


def take_it_along(page: Page, root: str, folder: Path) -> str:
    page.goto(root + "/consult")
    page.get_by_label("What happened, in your own words").fill("Since May, after long runs.")
    page.get_by_label("Questionnaires").uncheck()
    with page.expect_download() as got:
        page.get_by_role("button", name="Save as a page").click()
    got.value.save_as(folder / "consult.html")
    return (folder / "consult.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
def test_from_what_hurts_to_the_consult_file(
    signed_in: Visit, size: ViewportSize, run_file: Path, shared_data: Path, tmp_path: Path
) -> None:
    page, root = signed_in.page, signed_in.root
    page.set_viewport_size(size)
    answer_the_questions(page, root)
    show_how_you_run(page, root, shared_data / "clips" / "treadmill_side_30fps.mp4")
    practise_and_note(page, root, scripts=True)
    import_a_run(page, root, run_file)
    expect(page.get_by_text("Knee: Go")).to_be_visible()
    try_one_change(page, root)
    pack = take_it_along(page, root, tmp_path)
    assert "Since May, after long runs." in pack
    assert "data:image/" in pack
    assert "Questionnaires" not in pack


def test_everything_works_without_scripts(signed_in: Visit, plain: Page, run_file: Path) -> None:
    answer_the_questions(plain, signed_in.root)
    practise_and_note(plain, signed_in.root, scripts=False)
    import_a_run(plain, signed_in.root, run_file)


def test_an_answer_can_be_changed_by_keyboard_alone(signed_in: Visit) -> None:
    page = signed_in.go("/what-hurts")
    page.set_viewport_size(PHONE)

    def tab_to(name: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            told = page.evaluate(
                "(e => (e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText || e.value || ''))(document.activeElement)"
            )
            if name in told:
                shown = page.evaluate(
                    "getComputedStyle(document.activeElement).outlineStyle !== 'none' && getComputedStyle(document.activeElement).outlineWidth"
                )
                assert shown, f"{name}: the focus is not shown"
                return
        raise AssertionError(f"{name} cannot be reached by keyboard")

    tab_to("Knee")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Before anything else")).to_be_visible()
    tab_to("I read every question")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Show me how you run")).to_be_visible()
    tab_to("Practise")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="For the knee")).to_be_visible()
    tab_to("Start the practice")
    page.keyboard.press("Enter")
    expect(page.locator("#player")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#player")).to_be_hidden()
    tab_to("Pain from 0") if page.get_by_role("button", name="Done", exact=True).count() == 0 else tab_to("Done")
    page.keyboard.press("ArrowRight")


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (WIDE, "dark")], ids=["phone-light", "wide-dark"])
def test_every_page_is_usable_by_everybody(
    signed_in: Visit, size: ViewportSize, scheme: Literal["light", "dark"]
) -> None:
    page = signed_in.page
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    serious: dict[str, list[str]] = {}
    for path in PAGES:
        signed_in.go(path)
        found = [v["id"] for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found.append("wider than the screen")
        if found:
            serious[path] = found
    signed_in.errors[:] = [error for error in signed_in.errors if "404" not in error]
    assert serious == {}


def test_everything_to_tap_is_large_enough(signed_in: Visit) -> None:
    small = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
        .filter(e => e.offsetParent && !e.closest('p, li, dd, .q') || e.matches('button, .button, nav a, summary'))
        .map(e => { const target = e.closest('label') || e; const b = target.getBoundingClientRect();
                    return [e.innerText || e.name || e.type, Math.round(b.width), Math.round(b.height)]; })
        .filter(([, w, h]) => w > 0 && (h < 44 || w < 44))"""
    signed_in.page.set_viewport_size(PHONE)
    found = {}
    for path in PAGES:
        if here := signed_in.go(path).evaluate(small):
            found[path] = here
    signed_in.errors[:] = [error for error in signed_in.errors if "404" not in error]
    assert found == {}

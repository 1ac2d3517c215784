"""The page of a practice: questions first, nothing fetched, readable without a script; its player in a real Chromium."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from runfree.app.practice import Prescription, prescribe
from runfree.cli import main
from runfree.core.errors import OutputError
from runfree.knowledge import load
from runfree.practice import Practice
from runfree.report.practice import write_practice

PHONE = {"width": 390, "height": 844}
KINDS = {"ready": "Get ready", "work": "Now", "rest": "Rest", "change": "Change sides"}
SIDES = {"both": "", "left": "Left side", "right": "Right side"}
START = datetime(2026, 3, 4, 8, tzinfo=UTC)


def written(
    folder: Path, *, complaint: str = "knee", fits: tuple[str, ...] | None = (), **wish
) -> tuple[Path, Prescription]:
    made = prescribe(complaint, minutes=5, have=["wall", "strap"], fits=fits, start=date(2026, 3, 4), **wish)
    page = write_practice(
        made.practice, made.triage, folder, complaint=complaint, feet=made.feet, start=made.start
    )
    return page, made


def the(made: Prescription) -> Practice:
    assert made.practice is not None
    return made.practice


class Phone:
    """A page on a phone that notes every request, every word spoken and every complaint of the browser."""

    def __init__(self, context: BrowserContext, page: Path) -> None:
        self.requests: list[str] = []
        self.errors: list[str] = []
        context.add_init_script(
            "window.spoken = []; window.tones = 0;"
            "speechSynthesis.speak = (u) => window.spoken.push(u.text);"
            "const real = AudioContext.prototype.createOscillator;"
            "AudioContext.prototype.createOscillator = function () { window.tones++; return real.call(this); };"
        )
        self.page: Page = context.new_page()
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        self.page.clock.install(time=START)
        self.page.goto(page.as_uri())
        self.page.clock.pause_at(datetime(2026, 3, 4, 9, tzinfo=UTC))

    def text(self, part: str) -> str:
        return self.page.locator(f"#p-{part}").inner_text()

    def forward(self, seconds: float) -> None:
        self.page.clock.run_for(round(1000 * seconds))


@pytest.fixture
def phone(browser: Browser, tmp_path: Path) -> Iterator[tuple[Phone, Practice]]:
    page, made = written(tmp_path)
    context = browser.new_context(viewport=PHONE, java_script_enabled=True)
    opened = Phone(context, page)
    yield opened, the(made)
    assert opened.errors == []
    assert [r for r in opened.requests if not r.startswith(("file:", "data:"))] == []
    assert len([r for r in opened.requests if r.startswith("file:")]) == 1
    context.close()


def test_a_whole_practice_runs_through_every_side_to_the_end(phone: tuple[Phone, Practice]) -> None:
    on, practice = phone
    on.page.get_by_role("button", name="Start the practice").click()
    for nr, item in enumerate(practice.items, start=1):
        for segment in item.segments():
            assert on.text("name") == item.exercise.name
            assert on.text("count") == f"{nr} of {len(practice.items)}"
            assert on.text("kind").startswith(KINDS[segment.kind])
            assert on.text("side") == SIDES[segment.side]
            on.forward(segment.seconds - 1)
            assert on.text("time") == "1"
            on.forward(1)
    expect(on.page.locator("#p-kind")).to_have_text("Done")
    expect(on.page.get_by_role("button", name="Close")).to_be_focused()
    assert on.page.evaluate("tones") > len(practice.items)
    spoken = " ".join(on.page.evaluate("spoken"))
    assert all(item.exercise.name in spoken for item in practice.items)
    assert "Change sides" in spoken
    on.page.keyboard.press("Enter")
    expect(on.page.locator("#player")).to_be_hidden()
    expect(on.page.get_by_role("button", name="Start the practice")).to_be_focused()


def test_a_pause_stops_the_time_and_going_on_takes_it_up(phone: tuple[Phone, Practice]) -> None:
    on, _ = phone
    on.page.get_by_role("button", name="Start the practice").click()
    on.forward(4)
    on.page.get_by_role("button", name="Pause").click()
    left = on.text("time")
    on.forward(120)
    assert on.text("time") == left == "6"
    on.page.get_by_role("button", name="Go on").click()
    on.forward(2)
    assert on.text("time") == "4"


def test_skip_goes_to_the_other_side_then_on_and_back_returns(phone: tuple[Phone, Practice]) -> None:
    on, practice = phone
    first, second = practice.items[:2]
    assert first.exercise.sides == "each"
    on.page.get_by_role("button", name="Start the practice").click()
    on.page.get_by_role("button", name="Skip").click()
    assert (on.text("name"), on.text("side")) == (first.exercise.name, "Right side")
    on.page.keyboard.press("ArrowRight")
    assert on.text("name") == second.exercise.name
    on.page.keyboard.press("ArrowLeft")
    assert (on.text("name"), on.text("side")) == (first.exercise.name, SIDES[first.sides[0]])
    on.page.keyboard.press("Escape")
    expect(on.page.locator("#player")).to_be_hidden()
    on.page.get_by_role("button", name="Start the daily minutes").click()
    assert on.text("name") == practice.daily[0].exercise.name


def test_a_phone_that_slept_goes_on_where_the_time_is(phone: tuple[Phone, Practice]) -> None:
    on, practice = phone
    on.page.get_by_role("button", name="Start the practice").click()
    on.page.clock.fast_forward(round(1000 * (practice.items[0].seconds + 3)))
    assert on.text("name") == practice.items[1].exercise.name
    assert on.text("time") == "7"


def test_without_voice_and_sound_it_is_silent(phone: tuple[Phone, Practice]) -> None:
    on, _ = phone
    on.page.get_by_role("button", name="Start the practice").click()
    on.page.get_by_label("Voice").uncheck()
    on.page.get_by_label("Sound").uncheck()
    before = on.page.evaluate("[spoken.length, tones]")
    on.forward(30)
    assert on.page.evaluate("[spoken.length, tones]") == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_and_player_are_usable_by_everybody(
    browser: Browser, tmp_path: Path, scheme: Literal["light", "dark"]
) -> None:
    page, _ = written(tmp_path)
    waiting, _ = written(tmp_path / "waiting", fits=None)
    context = browser.new_context(viewport=PHONE, color_scheme=scheme)
    opened = context.new_page()
    for address, start in ((waiting, False), (page, False), (page, True)):
        opened.goto(address.as_uri())
        if start:
            opened.get_by_role("button", name="Start the practice").click()
        found = Axe().run(opened).response["violations"]
        assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
        assert opened.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert opened.evaluate(
            "(p => !p || p.hidden || p.scrollWidth <= p.clientWidth)(document.getElementById('player'))"
        )
    context.close()


def test_the_practice_waits_behind_the_questions(browser: Browser, tmp_path: Path) -> None:
    page, _ = written(tmp_path, fits=None)
    for script in (True, False):
        context = browser.new_context(viewport=PHONE, java_script_enabled=script)
        opened = context.new_page()
        opened.goto(page.as_uri())
        today = opened.get_by_role("heading", name="Today")
        expect(today).to_be_hidden()
        fever = opened.get_by_label("hot red joint")
        fever.check()
        expect(opened.locator("#gate")).to_be_hidden()
        expect(opened.get_by_text("Go to an emergency department now").first).to_be_visible()
        fever.uncheck()
        opened.get_by_text("none fits me").click()
        expect(today).to_be_visible()
        context.close()


def test_without_a_script_it_is_a_sheet_to_print(browser: Browser, tmp_path: Path) -> None:
    page, made = written(tmp_path)
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    opened = context.new_page()
    opened.goto(page.as_uri())
    opened.emulate_media(media="print")
    for item in the(made).items:
        expect(opened.get_by_role("heading", name=item.exercise.name).first).to_be_visible()
        expect(opened.get_by_text(item.exercise.steps[0]).first).to_be_visible()
    expect(opened.get_by_role("button")).to_have_count(0)
    context.close()


@pytest.mark.parametrize(("flag", "word"), [("hot-joint-fever", "emergency"), ("under-18", "parent")])
def test_where_somebody_with_training_comes_first_there_is_no_practice(
    tmp_path: Path, flag: str, word: str
) -> None:
    written(tmp_path)
    page, made = written(tmp_path, fits=(flag,))
    assert made.practice is None
    text = page.read_text(encoding="utf-8")
    assert word in text
    assert "<script" not in text
    assert 'class="poses"' not in text
    assert {f.name for f in tmp_path.iterdir()} == {"practice.html", "practice.json"}
    assert json.loads((tmp_path / "practice.json").read_text())["practice"] is None


def test_pregnancy_leaves_out_what_does_not_suit(tmp_path: Path) -> None:
    page, made = written(tmp_path, fits=("pregnant",), complaint="back")
    unsuitable = {
        e.id
        for e in load().exercises.values()
        if any(c.condition == "pregnancy" and c.do == "leave_out" for c in e.cautions)
    }
    assert unsuitable
    assert not unsuitable & {item.exercise.id for item in the(made).items}
    assert "midwife" in page.read_text(encoding="utf-8")
    assert load().pain_rule.see[1] in page.read_text(encoding="utf-8")


def test_json_says_all_that_the_page_does(tmp_path: Path) -> None:
    page, made = written(tmp_path)
    read = json.loads((tmp_path / "practice.json").read_text())["practice"]
    text = page.read_text(encoding="utf-8")
    assert [i["name"] for i in read["items"]] == [i.exercise.name for i in the(made).items]
    assert all(i["name"] in text and i["why"] in text for i in read["items"])
    assert sum(s["seconds"] for i in read["items"] for s in i["segments"]) == pytest.approx(read["seconds"])
    assert not re.search(r"https?://(?!doi\.org|www\.w3\.org)", text)


def test_a_place_that_cannot_be_written_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="cannot be written"):
        written(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--complaint", "knee", "--minutes", "2"], "5 to 45 minutes"),
        (["--complaint", "knee", "--have", "spaceship"], "wall"),
        (["--complaint", "elbow"], "foot, knee, hamstrings and back"),
        (["--complaint", "knee", "--level", "mad"], "easy, medium, strong"),
        (["--complaint", "knee", "--from", "nowhere.json"], "measures.json"),
    ],
)
def test_bad_input_is_answered_in_one_line(words: list[str], says: str, tmp_path: Path, capsys) -> None:
    assert main(["practice", *words, "--triage", "clear", "--out", str(tmp_path / "p")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert says in said.err
    assert said.err.count("\n") == 1
    assert not (tmp_path / "p").exists()


def test_the_command_writes_three_files_and_prefers_what_a_report_proposed(tmp_path: Path, capsys) -> None:
    report = {
        "schema": 1,
        "activity": "running",
        "estimates": [],
        "findings": [{"alignment": "glide", "work_on": True}],
    }
    (tmp_path / "measures.json").write_text(json.dumps(report))
    words = ["practice", "--complaint", "foot", "--minutes", "20", "--triage", "clear", "--json", "--from"]
    assert main([*words, str(tmp_path / "measures.json"), "--out", str(tmp_path / "p")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["practice"]["work_on"] == ["glide"]
    assert any("your film" in item["why"] for item in told["practice"]["items"])
    assert {f.name for f in (tmp_path / "p").iterdir()} == {"practice.html", "practice.ics", "practice.json"}


def test_without_answers_the_terminal_points_to_the_questions_and_names_no_exercise(
    tmp_path: Path, capsys
) -> None:
    assert main(["practice", "--complaint", "knee", "--out", str(tmp_path / "p")]) == 0
    said = capsys.readouterr().out
    assert "questions" in said
    assert not any(exercise.name in said for exercise in load().exercises.values())

"""The page: safe, self-contained, in order, and everything said in it."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from runfree.coach import complaint_guide
from runfree.core.analysis import LeftOut
from runfree.core.estimate import NotAssessable
from runfree.knowledge import load
from runfree.report import write_report
from runfree.report.page import render
from runfree.report.words import RUNNING_ONLY, unseen

from .conftest import HOSTILE, SceneFactory

LIMIT = 3_000_000


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def written(scene: SceneFactory, tmp_path: Path, *views, **kwargs) -> tuple[str, Page]:
    made = scene(views or ("front",), **kwargs)
    html = write_report(made.analysis, tmp_path / "r", film_paths=made.paths).read_text(encoding="utf-8")
    return html, Page(html)


def test_a_hostile_film_name_is_only_text(scene: SceneFactory, tmp_path: Path) -> None:
    html, page = written(scene, tmp_path)
    assert page.of("script") == []
    assert page.of("b") == []
    assert HOSTILE in page.text
    assert "<script" not in html


def test_nothing_is_fetched_from_anywhere(scene: SceneFactory, tmp_path: Path) -> None:
    html, page = written(scene, tmp_path, "side", "front", complaint="knee")
    policy = next(m["content"] for m in page.of("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; img-src data:;")
    for _tag, attrs in page.tags:
        assert not {"srcset", "poster", "background", "data", "action"} & set(attrs)
        assert (attrs.get("src") or "data:").startswith("data:")
        assert not [k for k in attrs if k.startswith("on")]
    assert {t for t, _ in page.tags}.isdisjoint({"link", "script", "iframe", "object", "embed", "form", "base"})
    assert not re.search(r"@import|url\((?!#)", html)


def test_pictures_are_real_bounded_and_have_words(scene: SceneFactory, tmp_path: Path) -> None:
    html, page = written(scene, tmp_path, "side", "front", "rear")
    images = page.of("img")
    assert len(images) == 3 + 2 + 2
    assert len(html.encode()) < LIMIT
    for image in images:
        assert len(image["alt"] or "") > 30
        data = base64.b64decode((image["src"] or "").split(",", 1)[1])
        with Image.open(io.BytesIO(data)) as picture:
            assert picture.format == "JPEG"
    charts = [a for _, a in page.tags if a.get("role") == "img"]
    assert all(a.get("aria-label") for a in charts)


def test_many_films_stay_below_the_bound(scene: SceneFactory, tmp_path: Path) -> None:
    html, page = written(scene, tmp_path, *["side"] * 8)
    assert len(page.of("img")) == 24
    assert len(html.encode()) < LIMIT


def test_headings_go_down_one_level_at_a_time(scene: SceneFactory, tmp_path: Path) -> None:
    _, page = written(scene, tmp_path, "side", "front", complaint="back")
    levels = [int(t[1]) for t, _ in page.tags if re.fullmatch(r"h[1-6]", t)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("complaint", ["foot", "knee", "hamstrings", "back"])
def test_every_red_flag_stands_before_everything_else(scene: SceneFactory, tmp_path: Path, complaint: str) -> None:
    _, page = written(scene, tmp_path, complaint=complaint)
    flags = complaint_guide(complaint).red_flags
    assert flags
    first_finding = page.text.index("What to try first")
    for flag in flags:
        assert page.text.index(flag.question) < first_finding
        assert flag.what_to_do in page.text


def test_without_a_complaint_no_questions_are_asked(scene: SceneFactory, tmp_path: Path) -> None:
    _, page = written(scene, tmp_path)
    assert "Before anything else" not in page.text


def test_findings_numbers_and_gaps_are_all_there(scene: SceneFactory, tmp_path: Path) -> None:
    html, page = written(scene, tmp_path)
    text = " ".join(page.text.split())
    for expected in (
        "168.7 steps/min (168.1–169.3)", "7.8 cm (7.4–8.2)", "−1° (−3 to 1)", "More bounce than usual",
        "It is there", "Worth a trial", "Cannot be seen here", "A film from the front would show it.",
        "A film from the side would show", "The front does not show it.", "Measured: 1 left and 2 right.",
        "The foot left the picture <b>.: 1 step", "Nothing left this computer", "not a diagnosis",
    ):  # fmt: skip
        assert expected in text
    assert "NaN" not in page.text
    assert ">None<" not in html


def test_the_same_analysis_gives_the_same_page(scene: SceneFactory, tmp_path: Path) -> None:
    made = scene()
    one = write_report(made.analysis, tmp_path / "a", film_paths=made.paths).read_bytes()
    two = write_report(made.analysis, tmp_path / "b", film_paths=made.paths).read_bytes()
    assert one == two


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (["not_assessable"] * 5, "does not show enough"),
        (["present", *["not_assessable"] * 4], "Nothing that could be seen asks for a change"),
        (["absent", "present", *["not_assessable"] * 3], "Something is unusual"),
    ],
)
def test_with_nothing_to_work_on_the_page_says_why(
    scene: SceneFactory, tmp_path: Path, verdicts: list, said: str
) -> None:
    made = scene()
    found = zip(made.analysis.findings, verdicts, strict=True)
    quiet = replace(made.analysis, findings=tuple(replace(f, verdict=v, work_on=False) for f, v in found))
    text = Page(write_report(quiet, tmp_path / "r", film_paths=made.paths).read_text(encoding="utf-8")).text
    assert said in text
    assert "Worth a trial" not in text
    assert "What to try first" not in text


def test_a_trial_of_the_feet_asks_for_the_kneecaps_first(scene: SceneFactory, tmp_path: Path) -> None:
    made = scene()
    feet = replace(made.analysis.findings[1], verdict="absent", see_instead="self_check:parallel", work_on=True)
    html = render(
        replace(made.analysis, findings=(feet, *made.analysis.findings[2:])), stills=[()], drawn_films=[None]
    )
    text = " ".join(Page(html).text.split())
    trial = text[text.index("What to try first") : text.index("Words to run with")]
    for step in load().self_checks["kneecaps-forward"].steps:
        assert step in trial


def test_what_was_left_out_is_said_at_the_top(scene: SceneFactory, tmp_path: Path) -> None:
    item = LeftOut(HOSTILE, "nobody can be followed in it", "Film one person.")
    page = Page(render(replace(scene().analysis, left_out=(item,)), stills=[()], drawn_films=[None]))
    text = " ".join(page.text.split())
    said = f"{HOSTILE} was left out: nobody can be followed in it. Film one person."
    assert text.index(said) < text.index("What was seen")
    assert page.of("script") == []


def test_a_blurred_report_says_whose_face_is_not(scene: SceneFactory) -> None:
    plain, blurred = (
        Page(render(scene().analysis, stills=[()], drawn_films=[None], blur_face=blur)).text
        for blur in (False, True)
    )
    assert "Other people in the picture are not" in blurred
    assert "blurred" not in plain


def test_the_earlier_film_stands_beside_the_same_number_only(scene: SceneFactory) -> None:
    analysis = scene().analysis
    cadence = replace(analysis.estimates[0], value=160.0, low=159.4, high=160.6)
    bounce = replace(analysis.estimates[1], value=7.5, low=7.0, high=8.0)
    other_unit = replace(analysis.estimates[2], unit="body heights")
    page = Page(render(replace(analysis, earlier=(cadence, bounce, other_unit)), stills=[()], drawn_films=[None]))
    assert page.text.count("In your earlier film") == 2
    assert "160.0 steps/min (159.4–160.6): a change beyond measurement error." in page.text
    assert "7.5 cm (7.0–8.0): no change beyond measurement error." in page.text


def test_questions_with_the_same_answer_share_it(scene: SceneFactory) -> None:
    flags = complaint_guide("knee").red_flags
    page = Page(render(replace(scene().analysis, complaint="knee"), stills=[()], drawn_films=[None]))
    for answer in {flag.what_to_do for flag in flags}:
        asked = [f.question for f in flags if f.what_to_do == answer]
        assert " ".join([*asked, answer]) in " ".join(page.text.split())


def test_what_belongs_to_running_is_not_asked_of_a_walker_s_next_film(scene: SceneFactory) -> None:
    analysis = scene().analysis
    walking = replace(analysis.films[0], measured=replace(analysis.films[0].measured, gait="walking"))
    missing = tuple(NotAssessable(m, "both", "does not apply", "side") for m in ("flight_time", "trunk_lean"))
    walk = replace(analysis, films=(walking,), not_assessable=missing)
    assert "How you walk" in Page(render(walk, stills=[()], drawn_films=[None])).text
    groups = unseen(walk)
    assert {g.heading: g.reasons for g in groups} == {
        RUNNING_ONLY: {"does not apply": ["Flight time"]},
        "A film from the side would show": {"does not apply": ["Trunk lean"]},
    }


@pytest.mark.parametrize(
    ("fits", "there", "gone"),
    [
        ((), "none of them fits", "Please read these questions"),
        (("chest-pain",), "call the emergency number", "About your complaint"),
        (("under-18",), "Show this to a parent", "Glide rather than bounce"),
        (None, "Please read these questions", "none of them fits"),
    ],
)
def test_the_page_begins_with_what_triage_says(
    scene: SceneFactory, fits: tuple[str, ...] | None, there: str, gone: str
) -> None:
    made = scene(complaint="knee")
    held = replace(made.analysis, triage=fits)
    text = " ".join(Page(render(held, stills=[()], drawn_films=[None])).text.split())
    assert text.index(there) < text.index("What was seen")
    assert gone not in text

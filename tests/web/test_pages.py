"""What the pages do without a browser: forms, redirects, what is kept, and everything hostile."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from runfree.app.what_hurts import ASK_AGAIN, keep_answers, what_hurts
from runfree.coach.triage import questions
from runfree.core.errors import InputError
from runfree.journal import open_journal
from runfree.knowledge import load
from runfree.testing import watch

HTML = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'{{7123*7457}}"
YESTERDAY = datetime.now(UTC).replace(hour=0, minute=1, second=0, microsecond=0) - timedelta(days=1)
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def as_a_person(client: TestClient) -> None:
    client.headers["Accept"] = "text/html"


def knee(client: TestClient, *fits: str) -> None:
    assert client.post("/questions", data={"place": "knee", "fits": list(fits)}).status_code == 200


def test_the_questions_come_before_everything(client: TestClient) -> None:
    page = client.get("/questions?place=knee").text
    assert all(flag.question in page.replace("&#39;", "'") for flag in questions("knee"))
    before = client.get("/practise").text
    assert not any(exercise.name in before for exercise in load().exercises.values())
    knee(client)
    assert "data-picture" in client.get("/practise").text


@pytest.mark.parametrize("flag", [f.id for f in questions("knee") if f.level in ("E", "U")])
def test_an_urgent_answer_stands_first_and_holds_everything_back(client: TestClient, flag: str) -> None:
    knee(client, flag)
    start = client.get("/").text
    (known,) = (f for f in questions("knee") if f.id == flag)
    assert known.what_to_do in start.replace("&#39;", "'")
    assert "/practise" not in start.split("<main")[1]
    assert "data-picture" not in client.get("/practise").text


def test_the_questions_are_asked_again_after_four_weeks(tmp_path: Path) -> None:
    with open_journal(folder=tmp_path) as journal:
        assert what_hurts(journal, NOW) is None
        keep_answers(journal, "Kneecap", [], NOW - ASK_AGAIN)
        found = what_hurts(journal, NOW)
        assert found is not None
        assert (found.place, found.triage.answered) == ("knee", False)
        keep_answers(journal, "hip", [], NOW)
        found = what_hurts(journal, NOW)
        assert found is not None
        assert (found.place, found.triage.answered) == ("elsewhere", True)
        with pytest.raises(InputError):
            keep_answers(journal, "knee", ["no-such-flag"], NOW)


def test_a_practice_is_done_and_pain_noted(client: TestClient, tmp_path: Path) -> None:
    knee(client)
    assert "Well done" in client.post("/practise/done", data={"name": "knee-15min"}).text
    answer = client.post("/log/pain", data={"score": "3", "site": "knee", "back": "/practise"})
    assert answer.url.path == "/practise"
    with open_journal(folder=tmp_path) as journal:
        assert [(e.kind, e.what, e.score) for e in journal.entries()] == [
            ("complaint", "knee", None),
            ("practice", "knee-15min", None),
            ("pain", "knee", 3.0),
        ]


def test_another_practice_is_made_by_wishes_and_nonsense_is_refused_in_words(client: TestClient) -> None:
    knee(client)
    assert "10 minutes" in client.get("/practise?minutes=10&have=wall&avoid=kneeling&level=easy").text
    for wish in ("minutes=2", "minutes=nan", "minutes=1e9", "level=mad", "have=spaceship", "avoid=x", "seed=-1"):
        answer = client.get(f"/practise?{wish}")
        assert answer.status_code in (400, 422), wish
        assert "<h1>" in answer.text
    days = client.get("/practise/practice.ics?minutes=10")
    assert days.text.startswith("BEGIN:VCALENDAR")


def test_watch_files_come_in_once_and_what_is_no_run_is_said(client: TestClient) -> None:
    run = watch.fit_file(watch.Run(YESTERDAY, 900, 3.0, 168.0, 8.5, 252))
    files = [("files", ("a.fit", run)), ("files", ("../../b.fit", b"nonsense")), ("files", ("c.txt", b"x"))]
    answer = client.post("/run/import", files=files).text
    assert "1 new run" in answer
    assert "../" not in answer
    assert "b.fit" in answer
    assert "c.txt" in answer
    again = client.post("/run/import", files=[("files", ("other.fit", run))]).text
    assert "1 file was known already" in again
    assert client.post("/run/import", files=[("files", ("", b""))]).status_code in (400, 422)


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "/etc/passwd",
        "..\\..\\x.fit",
        "a\0b.fit",
        "\u202egpj.fit",
        "x" * 5000 + ".fit",
        ".fit",
        HTML + ".fit",
    ],
)
def test_the_name_of_a_file_does_no_harm(client: TestClient, name: str, tmp_path: Path) -> None:
    before = {p for p in tmp_path.rglob("*") if p.suffix not in (".db-wal", ".db-shm")}
    answer = client.post("/run/import", files=[("files", (name, b"nonsense"))])
    assert answer.status_code in (200, 400, 422)
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert {p for p in tmp_path.rglob("*") if p.suffix not in (".db-wal", ".db-shm")} == before


def test_html_in_every_text_is_shown_as_text(client: TestClient) -> None:
    knee(client)
    sent = [
        ("/log/note", {"text": HTML}),
        ("/log/shoes", {"name": HTML}),
        ("/log/pain", {"score": "1", "site": "knee", "note": HTML}),
        ("/practise/done", {"name": HTML}),
    ]
    for path, form in sent:
        assert client.post(path, data=form).status_code == 200, path
    for path in (
        "/",
        "/run",
        "/settings",
        "/practise",
        f"/settings/erase?what={HTML[:40]}",
        f"/poses/{HTML}",
        f"/guide/{HTML}",
    ):
        page = client.get(path).text
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
        assert str(7123 * 7457) not in page, path
    assert "&lt;script&gt;" in client.get("/run").text


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/log/pain", {"score": "11", "site": "knee"}),
        ("/log/pain", {"score": "nan", "site": "knee"}),
        ("/log/pain", {"score": "inf", "site": "knee"}),
        ("/log/pain", {"score": "3", "site": "elbow of a stranger"}),
        ("/log/pain", {"score": "3", "site": "knee", "at": "2999-01-01"}),
        ("/log/pain", {"score": "3", "site": "knee", "at": "yesterday"}),
        ("/log/pain", {"score": "3", "site": "knee", "back": "https://evil.example"}),
        ("/log/pain", {"score": "3", "site": "knee", "back": "//evil.example"}),
        ("/log/pain", {}),
        ("/log/note", {"text": " "}),
        ("/log/note", {"text": "x" * 5000}),
        ("/log/shoes", {"name": ""}),
        ("/log/shoes", {"name": "x", "since": "0000-00-00"}),
        ("/questions", {"place": "knee", "fits": "no-such"}),
        ("/questions", {"place": "\0"}),
        ("/practise/done", {"name": "x" * 300}),
        ("/settings/erase", {"what": "run:1; drop", "sure": "yes"}),
        ("/settings/erase", {"what": "run:99999999999999999999", "sure": "yes"}),
        ("/settings/erase", {"what": "run:٣", "sure": "yes"}),
        ("/settings/erase", {"what": "person:1", "sure": "yes"}),
    ],
)
def test_a_wrong_form_is_refused_in_words_and_nothing_is_kept(
    client: TestClient, tmp_path: Path, path: str, form: dict[str, str]
) -> None:
    answer = client.post(path, data=form)
    assert answer.status_code in (400, 422)
    assert "<h1>" in answer.text
    with open_journal(folder=tmp_path) as journal:
        assert journal.entries() == []


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "text/plain", "x", ""])
def test_a_malformed_body_is_refused(client: TestClient, kind: str) -> None:
    answer = client.post("/log/note", content=b"\x00\xff--x{" * 50, headers={"Content-Type": kind})
    assert answer.status_code in (400, 415, 422)


def test_a_self_check_is_answered_and_kept(client: TestClient) -> None:
    answers = {"points-left": "near", "points-right": "near", "alike": "yes", "history": "no", "rolls": "yes"}
    page = client.post("/checks/kneecaps-forward", data=answers).text
    clear = load().self_checks["kneecaps-forward"].clear
    assert clear.headline in page
    assert clear.headline in client.get("/checks").text
    for off in ({}, answers | {"alike": "maybe"}, answers | {"more": "x"}):
        assert client.post("/checks/kneecaps-forward", data=off).status_code == 400
    assert client.get("/checks/none").status_code == 400


def test_everything_is_taken_along_and_erased(client: TestClient, tmp_path: Path) -> None:
    knee(client)
    client.post("/log/note", data={"text": "calm"})
    answers = {"points-left": "near", "points-right": "near", "alike": "yes", "history": "no", "rolls": "yes"}
    client.post("/checks/kneecaps-forward", data=answers)
    with zipfile.ZipFile(io.BytesIO(client.post("/settings/export").content)) as archive:
        kept = json.loads(archive.read("journal.json"))
        assert [e["kind"] for e in kept["entries"]] == ["complaint", "note"]
        assert b"kneecaps-forward" in archive.read("self-checks.json")
    assert "calm" in client.get("/settings").text
    client.post("/settings/erase", data={"what": "entry:2", "sure": "yes"})
    assert "calm" not in client.get("/settings").text
    client.post("/settings/erase", data={"what": "everything"})
    assert "complaint knee" in client.get("/settings").text
    client.post("/settings/erase", data={"what": "everything", "sure": "yes"})
    assert "complaint knee" not in client.get("/settings").text
    assert "Not done yet" in client.get("/checks").text
    assert not [p for p in tmp_path.rglob("*") if p.is_file() and b"calm" in p.read_bytes()]


def test_a_get_changes_nothing(client: TestClient, tmp_path: Path) -> None:
    for path in ("/practise/done", "/log/note?text=x", "/settings/export", "/run/import"):
        assert client.get(path).status_code == 405, path
    client.get("/settings/erase?what=everything&sure=yes")
    with open_journal(folder=tmp_path) as journal:
        assert journal.entries() == []


def test_only_what_may_be_tried_now_is_offered(client: TestClient) -> None:
    (feet,) = (c for c in load().trial_changes.values() if c.feet)
    running = [c for c in load().trial_changes.values() if c.running and "knee" in c.complaints]
    assert running
    knee(client)
    page = client.get("/try").text
    assert f'value="{feet.id}"' not in page
    assert all(f'value="{c.id}"' in page for c in running if not c.feet)
    answers = {"points-left": "near", "points-right": "near", "alike": "yes", "history": "no", "rolls": "yes"}
    client.post("/checks/kneecaps-forward", data=answers)
    assert f'value="{feet.id}"' in client.get("/try").text
    serious = next(f.id for f in questions("knee") if f.level == "S" and f.practice)
    knee(client, serious)
    assert not any(f'value="{c.id}"' in client.get("/try").text for c in running)
    assert client.post("/try/start", data={"change": running[0].id, "for": "pain"}).status_code == 400


def test_a_trial_is_planned_followed_and_ended(client: TestClient, tmp_path: Path) -> None:
    knee(client)
    wish = {"change": "less-bounce", "for": "pain"}
    assert "Draw the order" in client.get("/try/plan", params=wish).text
    assert "It begins on" in client.post("/try/start", data=wish).text
    assert client.post("/try/start", data=wish).status_code == 400
    client.post("/try/1/log", data={"changed": HTML})
    page = client.get("/try/1").text
    assert "Cannot tell yet" in page
    assert "<script>alert" not in page
    client.post("/try/1/stop", data={"why": "enough"})
    for path in ("/try/1/stop", "/try/1/log", "/try/2/stop", "/try/0/log", "/try/x/log"):
        assert client.post(path, data={"missed": "true"}).status_code in (400, 422), path
    with open_journal(folder=tmp_path) as journal:
        assert [t.ending for t in journal.trials()] == ["left"]


def test_the_pack_holds_what_was_chosen_and_nothing_else(client: TestClient) -> None:
    knee(client)
    client.post("/log/pain", data={"score": "3", "site": "knee", "note": "secret"})
    client.post("/log/note", data={"text": "private"})
    form = {"parts": ["story", "questions"], "story": HTML, "questions": "May I run?\n\nHow far?"}
    pack = client.post("/consult", data=form)
    assert pack.headers["content-disposition"].startswith("attachment")
    assert "How far?" in pack.text
    assert not any(word in pack.text for word in ("secret", "private", "<script>alert", "<img src=x"))
    look = client.post("/consult", data=form | {"form": "look"})
    assert "script-src" not in look.headers["content-security-policy"]
    assert "default-src 'none'" in look.headers["content-security-policy"]
    assert client.post("/consult", data=form | {"form": "pdf"}).content.startswith(b"%PDF")
    for off in ({"form": "exe"}, {"weeks": "0"}, {"story": "x" * 5000}, {"parts": "x" * 5000}):
        assert client.post("/consult", data=form | off).status_code in (200, 400, 422)
    assert client.post("/consult", data=form | {"story": "x" * 5000}).status_code == 400

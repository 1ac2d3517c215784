"""Films over HTTP: pieces, plain forms, what is refused, and what is given out of a report."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from runfree.app import uploads
from runfree.journal import Journal
from runfree.journal.journal import ME

FILM = bytes(range(256)) * 40_000
HTML = "<img src=x onerror=alert(1)>.mp4"


def journal_of(client: TestClient) -> Journal:
    assert isinstance(client.app, FastAPI)
    return client.app.state.journals.of(ME)


def begin(client: TestClient, name: str = "run.mp4", size: int = len(FILM)):
    return client.post("/api/uploads", json={"name": name, "size": size})


def send(client: TestClient, upload: str, offset: int, data: bytes):
    return client.patch(f"/api/uploads/{upload}", content=data, headers={"Upload-Offset": str(offset)})


def finished(client: TestClient, files: dict[str, bytes]) -> str:
    """An analysis with these files in its report."""
    journal = journal_of(client)
    upload = journal.clips.begin("run.mp4", 4)
    journal.clips.write(upload, 0, b"film")
    clip = journal.clips.keep(upload, journal.clips.digest(upload))
    job = journal.jobs.add("analysis", [clip.id])
    folder = journal.jobs.report(job.id)
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    # Not claimed through the list: the server's own worker may be faster.
    mine = journal.jobs.claim("analysis", "test", 1e9)
    if mine is None:
        pytest.skip("the server's worker took it first")
    journal.jobs.finish(mine, "test", {"gait": "running", "findings": [], "left_out": []})
    return job.id


def test_a_film_in_pieces_with_a_cut(client: TestClient) -> None:
    told = begin(client).json()
    assert (told["offset"], told["size"]) == (0, len(FILM))
    assert send(client, told["id"], 0, FILM[:5_000_000]).json()["offset"] == 5_000_000
    again = send(client, told["id"], 0, FILM[:5_000_000])
    assert (again.status_code, again.json()["remedy"]) == (409, "Go on from there.")
    assert begin(client).json() == {"id": told["id"], "size": len(FILM), "offset": 5_000_000}
    assert client.get(f"/api/uploads/{told['id']}").json()["offset"] == 5_000_000
    send(client, told["id"], 5_000_000, FILM[5_000_000:])
    digest = {"sha256": sha256(FILM).hexdigest()}
    address = client.post(f"/api/uploads/{told['id']}/whole", json=digest).json()["film"]
    page = client.get(address)
    assert page.status_code == 200
    assert "run.mp4" in page.text
    assert client.get(f"/api/uploads/{told['id']}").status_code == 404
    (clip,) = journal_of(client).clips.clips()
    assert journal_of(client).clips.path(clip).read_bytes() == FILM


def test_what_is_not_whole_or_changed_is_not_kept(client: TestClient) -> None:
    told = begin(client).json()
    send(client, told["id"], 0, FILM[:-1])
    right, wrong = {"sha256": sha256(FILM).hexdigest()}, {"sha256": "0" * 64}
    assert client.post(f"/api/uploads/{told['id']}/whole", json=right).status_code == 409
    send(client, told["id"], len(FILM) - 1, FILM[-1:])
    assert client.post(f"/api/uploads/{told['id']}/whole", json=wrong).status_code == 400
    assert journal_of(client).clips.clips() == journal_of(client).clips.uploads() == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "a.mp4", "size": 0}, 400),
        ({"name": "a.mp4", "size": -1}, 400),
        ({"name": "a.mp4", "size": uploads.MAX_BYTES + 1}, 400),
        ({"name": "a.mp4", "size": 10**30}, 400),
        ({"name": "a.mp4", "size": "10"}, 422),
        ({"name": "a.mp4", "size": 1.5}, 422),
        ({"name": 5, "size": 5}, 422),
        ({"name": "a" * 2000, "size": 5}, 422),
        ({"name": "a.mp4", "size": 5, "path": "/etc"}, 422),
        ([], 422),
    ],
)
def test_an_upload_that_makes_no_sense_is_refused(client: TestClient, body: object, status: int) -> None:
    answer = client.post("/api/uploads", json=body)
    assert answer.status_code == status
    assert set(answer.json()) == {"what", "why", "remedy"}


@pytest.mark.parametrize("offset", ["-1", "x", "", "1e3", str(10**30)])
def test_an_offset_that_makes_no_sense_is_refused(client: TestClient, offset: str) -> None:
    told = begin(client).json()
    answer = client.patch(f"/api/uploads/{told['id']}", content=b"x", headers={"Upload-Offset": offset})
    assert answer.status_code == 422


def test_a_piece_is_capped_and_more_than_was_said_is_refused(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = begin(client, size=10).json()
    assert send(client, told["id"], 0, b"x" * 11).status_code == 409
    assert send(client, told["id"], 0, bytes(16_000_001)).status_code == 413
    assert client.get(f"/api/uploads/{told['id']}").json()["offset"] == 0


@pytest.mark.parametrize(
    "upload", ["0" * 32, "../../journal", "..%2f..%2fjournal.db", "%00", "x", "0" * 31 + "%0a"]
)
def test_an_unknown_upload_is_not_here(client: TestClient, upload: str) -> None:
    assert client.get(f"/api/uploads/{upload}").status_code in (404, 422)
    assert send(client, upload, 0, b"x").status_code in (404, 405, 422)
    assert client.delete(f"/api/uploads/{upload}").status_code in (404, 405, 422)


def test_an_upload_can_be_given_up(client: TestClient) -> None:
    told = begin(client).json()
    send(client, told["id"], 0, FILM[:1000])
    assert client.delete(f"/api/uploads/{told['id']}").status_code == 204
    assert list(journal_of(client).clips.folder.iterdir()) == []
    assert begin(client).json()["offset"] == 0


@pytest.mark.parametrize("name", [HTML, "../../etc/passwd.mp4", "run\u202e4pm.mp4", "a\nb.mp4", "läufe 😀.mov"])
def test_a_plain_form_without_scripts(client: TestClient, name: str) -> None:
    answer = client.post("/films", files={"film": (name, FILM, "video/mp4")}, follow_redirects=False)
    assert answer.status_code == 303
    page = client.get(answer.headers["location"])
    assert page.status_code == 200
    assert "<img src=x" not in page.text
    (clip,) = journal_of(client).clips.clips()
    assert journal_of(client).clips.path(clip).read_bytes() == FILM
    assert not set(clip.name) & set("/\\\n\u202e")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=other\r\n\r\nabc\r\n--x--\r\n",
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="film"\r\n\r\n\r\n--x--\r\n',
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="film"; filename=a\r\n\r\nabc',
        ),
        ("multipart/form-data; boundary=x", b"no form at all"),
        ("multipart/form-data", b"--x--"),
        ("application/x-www-form-urlencoded", b"film=abc"),
        ("text/plain", b"film"),
        ("", b"film"),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"A: b\r\n" * 5000 + b"\r\n"),
    ],
)
def test_a_form_without_a_whole_film_leaves_nothing(client: TestClient, kind: str, body: bytes) -> None:
    answer = client.post("/films", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 400
    journal = journal_of(client)
    assert journal.clips.clips() == journal.clips.uploads() == []
    assert not journal.clips.folder.exists() or list(journal.clips.folder.iterdir()) == []


def test_a_film_can_be_sought_anywhere(client: TestClient) -> None:
    job = finished(client, {"film-1.webm": FILM})
    whole = client.get(f"/analyses/{job}/film-1.webm")
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, FILM, "video/webm")
    part = client.get(f"/analyses/{job}/film-1.webm", headers={"Range": "bytes=1000-1999"})
    assert (part.status_code, part.content) == (206, FILM[1000:2000])
    assert part.headers["content-range"] == f"bytes 1000-1999/{len(FILM)}"
    assert client.get(f"/analyses/{job}/film-1.webm", headers={"Range": "bytes=99999999999-"}).status_code == 416


@pytest.mark.parametrize(
    "name", ["index.html", "player.json", "../journal.db", "..%2f..%2fjournal.db", "film-9.webm", "film-1.webm%00"]
)
def test_nothing_else_is_given_out(client: TestClient, name: str) -> None:
    job = finished(client, {"index.html": b"<main></main>", "player.json": b"[]", "measures.json": b"{}"})
    assert client.get(f"/analyses/{job}/measures.json").status_code == 200
    assert client.get(f"/analyses/{job}/{name}").status_code == 404


def test_a_film_is_deleted_only_when_said_twice(client: TestClient) -> None:
    job = finished(client, {"measures.json": b"{}"})
    (clip,) = journal_of(client).clips.clips()
    asked = client.get(f"/films/{clip.id}/delete")
    assert "1 analysis goes with it" in asked.text
    assert journal_of(client).clips.clips() == [clip]
    assert client.post(f"/films/{clip.id}/delete", follow_redirects=False).headers["location"] == "/films"
    assert client.get(f"/films/{clip.id}").status_code == 404
    assert client.get(f"/analyses/{job}/").status_code == 404
    assert not journal_of(client).clips.path(clip).exists()
    assert client.post(f"/films/{clip.id}/delete").status_code == 404


@pytest.mark.parametrize(
    "form",
    [
        {"film": []},
        {"film": ["nope"]},
        {"film": ["0" * 32]},
        {"film": [HTML]},
        {"height": "tall"},
        {"height": "9 m"},
        {"speed": "<b>"},
        {"slowmo": "1000"},
        {"slowmo": "nan"},
    ],
)
def test_an_analysis_that_makes_no_sense_is_refused(client: TestClient, form: dict[str, object]) -> None:
    address = client.post("/films", files={"film": ("a.mp4", FILM)}, follow_redirects=False).headers["location"]
    answer = client.post("/analyses", data={"film": [Path(address).name]} | form)
    assert answer.status_code in (400, 404)
    assert HTML not in answer.text
    assert journal_of(client).jobs.jobs("analysis") == []


def test_an_analysis_can_be_asked_for_seen_waiting_and_stopped(client: TestClient) -> None:
    address = client.post("/films", files={"film": (HTML, FILM)}, follow_redirects=False).headers["location"]
    form = {"film": Path(address).name, "height": "178 cm", "speed": "5:40/km", "blur_face": "true"}
    page = client.post("/analyses", data=form)
    assert page.status_code == 200
    assert "<img src=x" not in page.text
    (job,) = journal_of(client).jobs.jobs("analysis")
    assert job.asked["height_m"] == 1.78
    assert job.asked["speed_mps"] == pytest.approx(1000 / 340)
    assert job.asked["blur_face"] is True
    client.post("/analyses", data=form)
    assert len([j for j in journal_of(client).jobs.jobs("analysis") if not j.ended]) <= 1
    assert set(client.get(f"/api/jobs/{job.id}").json()) == {"state", "doing", "progress"}
    client.post(f"/analyses/{job.id}/cancel")
    stopped = client.get(f"/analyses/{job.id}/")
    assert "Try again" in stopped.text
    assert client.post(f"/analyses/{'0' * 32}/cancel").status_code == 404


def test_two_films_are_aligned_by_the_same_foot(client: TestClient) -> None:
    def film(stride_s: float, first_s: float) -> dict[str, object]:
        steps = [
            {"side": side, "mid": first_s + (i + shift) * stride_s, "down": None, "off": None, "left_out": None}
            for i in range(5)
            for side, shift in (("left", 0.0), ("right", 0.5))
        ]
        frames = [i / 30 for i in range(150)]
        return {
            "film": HTML, "what": "running, filmed from the side", "view": "side", "width": 4, "height": 4,
            "slowmo": 1.0, "frames": frames, "steps": steps, "plots": [], "src": "film-1.webm",
        }  # fmt: skip

    before = finished(client, {"player.json": json.dumps([film(0.7, 0.1)]).encode()})
    page = client.get(f"/compare?before={before}&after={before}")
    assert page.status_code == 200
    assert "<img src=x" not in page.text
    told = re.search(r"data-moments='([^']*)'", page.text)
    assert told is not None
    one, other = json.loads(told[1])
    assert one == other == pytest.approx([0.1 + 0.7 * i for i in range(5)])
    assert client.get(f"/compare?before={before}&after={'0' * 32}").status_code == 404
    assert client.get(f"/compare?before={before}").status_code == 422

"""Folders and lists of films, good and bad, on disk and behind a URL; and a film's bytes from both."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import fsspec
import pytest

from runfree.core.errors import FilmError, InputError
from runfree.io.film_list import list_films
from runfree.io.film_source import digest, local_copy, stamp


@pytest.fixture
def films(tmp_path: Path) -> Path:
    for name in ("b.mp4", "a.MOV", "deep/c.webm", ".hidden.mp4", "notes.txt", "out/motions/x.nc"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path


def written(folder: Path, text: str) -> str:
    (folder / "list.csv").write_text(text, encoding="utf-8-sig")
    return str(folder / "list.csv")


def test_a_folder_gives_its_films_in_order_and_not_its_results(films: Path) -> None:
    found = list(list_films(str(films), besides=films / "out"))
    assert [film.name for film in found] == ["a.MOV", "b.mp4", os.path.join("deep", "c.webm")]  # noqa: PTH118
    assert all(Path(film.source).is_absolute() for film in found)


@pytest.mark.parametrize("comma", [",", ";"])
def test_a_list_gives_height_speed_and_labels(films: Path, comma: str) -> None:
    lines = ["Film,Runner,height,speed,slowmo,group", "b.mp4,Ann,178cm,10.8kmh,8,a", "", "deep/c.webm,=1+1,,,,"]
    first, second = list_films(written(films, "\r\n".join(lines).replace(",", comma)))
    assert (first.source, first.name) == (str(films / "b.mp4"), "b.mp4")
    assert (first.height_m, first.speed_mps, first.slowmo) == (1.78, pytest.approx(3.0), 8.0)
    assert first.labels == {"runner": "Ann", "group": "a"}
    assert (second.height_m, second.labels["runner"]) == (None, "=1+1")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "no column film"),
        ("name\nb.mp4\n", "no column film"),
        ("film,film\nb.mp4,b.mp4\n", "name of another"),
        ("film,\nb.mp4,x\n", "no name"),
        ("film,key\nb.mp4,x\n", "one of our own"),
        ("film,height\nb.mp4,178\nb.mp4,tall\n", "row 3"),
        ("film,speed\nb.mp4,300kmh\n", "row 2"),
        ("film,slowmo\nb.mp4,-1\n", "row 2"),
        ("film,slowmo\nb.mp4,nan\n", "row 2"),
        ("film\nb.mp4,x\n", "more cells"),
        ("film,runner\n,Ann\n", "names no film"),
        ("film\nb\0.mp4\n", "row 2 names no film"),
        ("film\n" + "x" * 200_000 + "\n", "not a CSV"),
    ],
)
def test_a_list_that_cannot_be_understood_is_refused_with_its_row(films: Path, text: str, word: str) -> None:
    with pytest.raises(InputError, match=word):
        list(list_films(written(films, text)))


def test_a_list_that_is_no_text_and_a_place_that_is_not_there(films: Path) -> None:
    (films / "list.csv").write_bytes(b"film\n\xff\xfe\x00")
    for place, word in (
        (films / "list.csv", "UTF-8"),
        (films / "no.csv", "no such file"),
        (films / "no", "no such"),
    ):
        with pytest.raises(InputError, match=word):
            list(list_films(str(place)))


def test_urls_are_read_as_paths_are(films: Path) -> None:
    store = fsspec.filesystem("memory")
    store.pipe("/studio/b.mp4", b"b.mp4")
    store.pipe("/studio/notes.txt", b"x")
    store.pipe(
        "/studio/list.csv",
        b"film,group\nb.mp4,a\nmemory://studio/b.mp4,b\nfile://" + str(films / "b.mp4").encode() + b",c\n",
    )
    (alone,) = list_films("memory://studio")
    assert (alone.source, alone.name) == ("memory://studio/b.mp4", "b.mp4")
    listed = list(list_films("memory://studio/list.csv"))
    assert [film.source for film in listed] == [
        "memory://studio/b.mp4",
        "memory://studio/b.mp4",
        str(films / "b.mp4"),
    ]
    for film in listed:
        assert digest(film.source) == sha256(b"b.mp4").hexdigest()
        with local_copy(film.source) as path:
            assert (path.name, path.read_bytes()) == ("b.mp4", b"b.mp4")
    before = stamp("memory://studio/b.mp4")
    store.pipe("/studio/b.mp4", b"changed")
    assert stamp("memory://studio/b.mp4") != before


def test_a_stamp_changes_with_the_file(films: Path) -> None:
    path = films / "b.mp4"
    before = stamp(str(path))
    assert stamp(str(path)) == before
    path.write_bytes(b"longer than before")
    assert stamp(str(path)) != before


def test_what_cannot_be_read_is_said(films: Path) -> None:
    os.mkfifo(films / "pipe.mp4")
    for source, word in (
        (films / "no.mp4", "no such file"),
        (films / "pipe.mp4", "not an ordinary file"),
        ("memory://nowhere/x.mp4", "no such file"),
        ("nonsense://x/y.mp4", "no such kind"),
    ):
        with pytest.raises(FilmError, match=word):
            stamp(str(source))

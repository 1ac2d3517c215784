"""Fetching weights from a server on this machine that does what servers on the way do: cut, ignore, refuse, mislead."""

from __future__ import annotations

import io
import socket
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import numpy as np
import pytest

from runfree.cli import main
from runfree.core.errors import InputError, MissingPartError
from runfree.pose.rtmpose import weights as released_weights
from runfree.pose.rtmpose.fetch import fetch
from runfree.pose.rtmpose.weights import LICENCE, Weights, read_onnx, sha256_of

ONNX = np.random.default_rng(0).bytes(300_000)
CUT = 100_000


def zip_of(data: bytes) -> bytes:
    with zipfile.ZipFile(file := io.BytesIO(), "w") as archive:
        archive.writestr("20230605/rtmpose/end2end.onnx", data)
        archive.writestr("20230605/rtmpose/deploy.json", "{}")
    return file.getvalue()


WHOLE = zip_of(ONNX)
WEIGHTS = Weights("a network", "network.zip", sha256_of(ONNX))


@dataclass
class Place:
    """What the server does, and what it was asked."""

    data: bytes = WHOLE
    cut_after: int | None = None
    ranges: bool = True
    status: int = 200
    length: int | None = None
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""


class Handler(BaseHTTPRequestHandler):
    place: Place

    def log_message(self, *_: object) -> None:
        """Keep the terminal quiet."""

    def do_CONNECT(self) -> None:
        self.place.asked.append((f"CONNECT {self.path}", None))
        self.send_error(403)

    def do_GET(self) -> None:
        place, wanted = self.place, self.headers.get("Range")
        place.asked.append((self.path, wanted))
        if place.status != 200:
            self.send_error(place.status)
            return
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and place.ranges else 0
        if start >= len(place.data):
            self.send_error(416)
            return
        body = place.data[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(place.data) - 1}/{len(place.data)}")
        self.send_header("Content-Length", str(place.length or len(body)))
        self.end_headers()
        self.wfile.write(body[: place.cut_after])


@pytest.fixture
def place(monkeypatch) -> Iterator[Place]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    what = Place()
    with ThreadingHTTPServer(("127.0.0.1", 0), type("H", (Handler,), {"place": what})) as server:
        what.url = f"http://127.0.0.1:{server.server_port}/sdk"
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield what
        server.shutdown()
        thread.join()


def quiet(done: int, total: int) -> None:
    """Progress that nobody watches."""


def test_a_file_is_fetched_once_and_is_whole(place, tmp_path) -> None:
    seen: list[tuple[int, int]] = []
    folder = tmp_path / "new" / "weights"
    path = fetch(WEIGHTS, folder, lambda *counts: seen.append(counts), source=place.url)
    assert read_onnx(path) == ONNX
    assert [p.name for p in folder.iterdir()] == ["network.zip"]
    assert seen[0] == (0, len(WHOLE))
    assert seen[-1] == (len(WHOLE), len(WHOLE))
    assert fetch(WEIGHTS, folder, quiet, source=place.url) == path
    assert place.asked == [("/sdk/network.zip", None)]


def test_a_cut_line_is_said_and_the_next_run_goes_on(place, tmp_path) -> None:
    place.cut_after = CUT
    for done in (CUT, 2 * CUT):
        with pytest.raises(MissingPartError, match="goes on where it stopped"):
            fetch(WEIGHTS, tmp_path, quiet, source=place.url)
        assert [p.name for p in tmp_path.iterdir()] == ["network.zip.part"]
        assert (tmp_path / "network.zip.part").read_bytes() == WHOLE[:done]
    place.cut_after = None
    assert read_onnx(fetch(WEIGHTS, tmp_path, quiet, source=place.url)) == ONNX
    assert [wanted for _, wanted in place.asked] == [None, f"bytes={CUT}-", f"bytes={2 * CUT}-"]


@pytest.mark.parametrize("left", [WHOLE[:CUT], WHOLE, WHOLE + b"more", b"\0" * CUT])
def test_a_server_that_cannot_go_on_starts_from_the_beginning(place, tmp_path, left) -> None:
    place.ranges = False
    (tmp_path / "network.zip.part").write_bytes(left)
    assert read_onnx(fetch(WEIGHTS, tmp_path, quiet, source=place.url)) == ONNX


def test_a_part_that_was_spoilt_is_found_out_and_not_gone_on_with_again(place, tmp_path) -> None:
    (tmp_path / "network.zip.part").write_bytes(b"\0" * CUT)
    with pytest.raises(MissingPartError, match="checksum"):
        fetch(WEIGHTS, tmp_path, quiet, source=place.url)
    assert read_onnx(fetch(WEIGHTS, tmp_path, quiet, source=place.url)) == ONNX


def test_a_part_longer_than_the_file_is_started_anew(place, tmp_path) -> None:
    (tmp_path / "network.zip.part").write_bytes(b"\0" * (len(WHOLE) + 1))
    assert read_onnx(fetch(WEIGHTS, tmp_path, quiet, source=place.url)) == ONNX
    assert len(place.asked) == 2


@pytest.mark.parametrize("data", [zip_of(ONNX[::-1]), zip_of(b""), b"<html>Please log in</html>", ONNX])
def test_another_checksum_is_thrown_away(place, tmp_path, data) -> None:
    place.data = data
    if data == ONNX:
        assert read_onnx(fetch(WEIGHTS, tmp_path, quiet, source=place.url)) == ONNX  # the bare network is as good
        return
    with pytest.raises(MissingPartError, match="checksum"):
        fetch(WEIGHTS, tmp_path, quiet, source=place.url)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_that_is_there_is_fetched_again(place, tmp_path) -> None:
    (tmp_path / "network.zip").write_bytes(WHOLE[:-1])
    assert read_onnx(fetch(WEIGHTS, tmp_path, quiet, source=place.url)) == ONNX


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"status": 404}, "answered 404"),
        ({"status": 503}, "answered 503"),
        ({"length": 10_000_000_000}, "far larger"),
    ],
)
def test_an_answer_that_is_no_file_is_said(place, tmp_path, change, why) -> None:
    for name, value in change.items():
        setattr(place, name, value)
    with pytest.raises(MissingPartError, match=why):
        fetch(WEIGHTS, tmp_path, quiet, source=place.url)
    assert list(tmp_path.iterdir()) == []


def test_the_proxy_of_the_environment_is_asked(place, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("http_proxy", place.url.removesuffix("/sdk"))
    assert read_onnx(fetch(WEIGHTS, tmp_path, quiet, source="http://weights.invalid/sdk")) == ONNX
    assert place.asked == [("http://weights.invalid/sdk/network.zip", None)]
    monkeypatch.setenv("no_proxy", "weights.invalid")
    with pytest.raises(MissingPartError, match="cannot be reached"):
        fetch(WEIGHTS, tmp_path / "other", quiet, source="http://weights.invalid/sdk")


@pytest.mark.parametrize("source", ["file:///etc", "ftp://example.org", "/somewhere", "http:/x", ""])
def test_what_is_no_web_address_is_refused(tmp_path, source) -> None:
    with pytest.raises(InputError, match="no web address"):
        fetch(WEIGHTS, tmp_path / "w", quiet, source=source)
    assert list(tmp_path.iterdir()) == []


def nobody_listens() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_the_command_shows_the_licence_and_says_in_one_sentence_that_it_is_offline(
    tmp_path, capsys, monkeypatch
) -> None:
    for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert main(["fetch-weights", "--out", str(tmp_path / "w"), "--mirror", nobody_listens()]) == 2
    said = capsys.readouterr()
    assert LICENCE in said.out
    assert "Apache-2.0" in said.out
    assert len(said.err.splitlines()) == 1
    assert "cannot be reached (Connection refused)" in said.err
    assert "--weights" in said.err


def test_the_command_asks_openmmlab_through_the_proxy(place, tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("https_proxy", place.url.removesuffix("/sdk"))
    assert main(["fetch-weights", "--out", str(tmp_path / "w")]) == 2
    assert place.asked == [("CONNECT download.openmmlab.com:443", None)]
    assert "403" in capsys.readouterr().err


def test_the_command_fetches_both_networks(place, tmp_path, capsys, monkeypatch) -> None:
    for name in ("POSE", "FINDER"):
        monkeypatch.setattr(released_weights, name, Weights(name, f"{name}.zip", sha256_of(ONNX)))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert main(["fetch-weights", "--mirror", place.url]) == 0
    folder = released_weights.default_folder()
    assert sorted(p.name for p in folder.iterdir()) == ["FINDER.zip", "POSE.zip"]
    assert str(folder) in capsys.readouterr().out

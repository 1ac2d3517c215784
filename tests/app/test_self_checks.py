"""Self-checks are kept in one small file, newest answer last."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from runfree.app.self_checks import FILE, due_checks, feet_allowed, keep_check, last_checks
from runfree.core.errors import InputError, OutputError

CLEAR = {"points-left": "near", "points-right": "near", "alike": "yes", "history": "no", "rolls": "yes"}


def test_the_newest_answer_counts(tmp_path: Path) -> None:
    assert feet_allowed(tmp_path) == "ask"
    keep_check("kneecaps-forward", CLEAR, date(2026, 3, 1), tmp_path)
    assert feet_allowed(tmp_path) == "parallel"
    keep_check("kneecaps-forward", CLEAR | {"alike": "no"}, date(2026, 3, 20), tmp_path)
    keep_check("kneecaps-forward", CLEAR, date(2026, 3, 10), tmp_path)
    assert feet_allowed(tmp_path) == "own"
    assert last_checks(tmp_path)["kneecaps-forward"].on == date(2026, 3, 20)


def test_a_check_is_due_after_two_weeks(tmp_path: Path) -> None:
    keep_check("kneecaps-forward", CLEAR, date(2026, 3, 1), tmp_path)
    assert due_checks(date(2026, 3, 14), tmp_path) == []
    assert due_checks(date(2026, 3, 15), tmp_path) == ["kneecaps-forward"]


def test_a_refused_answer_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        keep_check("kneecaps-forward", {"alike": "yes"}, date(2026, 3, 1), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[]", b'{"version": 9}', b'{"version": 1, "checks": [{"check": "x"}]}']
)
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(InputError, match="cannot be read"):
        last_checks(tmp_path)


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        keep_check("kneecaps-forward", CLEAR, date(2026, 3, 1), tmp_path / "file" / "folder")

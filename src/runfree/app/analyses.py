"""What a person does with films that are here: has them analysed, looks at them side by side, deletes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from runfree.app.what_hurts import what_hurts
from runfree.coach.triage import ELSEWHERE
from runfree.core.clip import Clip
from runfree.core.errors import InputError, NotHereError
from runfree.core.job import Job
from runfree.core.units import parse_height, parse_speed
from runfree.report.player import DATA

if TYPE_CHECKING:
    from runfree.journal import Journal

MAX_FILMS = 6
MAX_WAITING = 20


@dataclass(frozen=True, slots=True)
class FilmAtHand:
    """A film with the newest look at it and every analysis it is part of, the newest first."""

    clip: Clip
    check: Job | None
    analyses: tuple[Job, ...]


def films_at_hand(journal: Journal) -> list[FilmAtHand]:
    """Every whole film, the newest first."""
    jobs = journal.jobs.jobs()
    return [_at_hand(clip, jobs) for clip in journal.clips.clips()]


def film_at_hand(journal: Journal, clip_id: str) -> FilmAtHand:
    """One whole film.

    Raises
    ------
    NotHereError
        If there is none of this id.
    """
    return _at_hand(journal.clips.clip(clip_id), journal.jobs.jobs(clip=clip_id))


def _at_hand(clip: Clip, jobs: Sequence[Job]) -> FilmAtHand:
    mine = [job for job in jobs if clip.id in job.clips]
    check = next((job for job in mine if job.kind == "check"), None)
    return FilmAtHand(clip, check, tuple(job for job in mine if job.kind == "analysis"))


def look_again(journal: Journal, clip_id: str, slowmo: str = "") -> Job:
    """Ask for another look at a film, perhaps with how slowly it plays.

    Raises
    ------
    InputError
        If it cannot be understood; NotHereError if there is no such film.
    """
    clip = journal.clips.clip(clip_id)
    return _ask(journal, "check", [clip.id], {"slowmo": _slowmo(slowmo)})


def ask_for_analysis(
    journal: Journal,
    clip_ids: Sequence[str],
    now: datetime,
    *,
    height: str = "",
    speed: str = "",
    slowmo: str = "",
    blur_face: bool = False,
) -> Job:
    """Ask for an analysis of films of one runner, for what hurts now.

    Parameters
    ----------
    journal, clip_ids, now
        Whose, which films, and the time on the person's clock.
    height, speed, slowmo : str
        As people write them; empty where not known.
    blur_face : bool
        Make the runner's face unrecognisable.

    Raises
    ------
    InputError
        If something cannot be understood; NotHereError if a film is not there.
    """
    ids = list(dict.fromkeys(clip_ids))
    if not 1 <= len(ids) <= MAX_FILMS:
        raise InputError(
            f"{len(ids)} films", f"one to {MAX_FILMS} can be analysed together", "Choose fewer, or one."
        )
    clips = [journal.clips.clip(i) for i in ids]
    hurting = what_hurts(journal, now)
    place = None if hurting is None or hurting.place == ELSEWHERE else hurting
    answered = place is not None and place.triage.answered
    asked = {
        "height_m": parse_height(height) if height.strip() else None,
        "speed_mps": parse_speed(speed) if speed.strip() else None,
        "slowmo": _slowmo(slowmo),
        "complaint": None if place is None else place.place,
        "triage": [flag.id for flag in place.triage.fits] if answered and place is not None else None,
        "blur_face": blur_face,
    }
    return _ask(journal, "analysis", [clip.id for clip in clips], asked)


def again(journal: Journal, job_id: str) -> Job:
    """Ask for the same once more."""
    job = journal.jobs.job(job_id)
    return _ask(journal, job.kind, job.clips, job.asked)


def _ask(journal: Journal, kind: Any, clips: Sequence[str], asked: dict[str, Any]) -> Job:
    """The same work that is under way already is not begun twice."""
    going = [job for job in journal.jobs.jobs(kind) if not job.ended]
    same = next((job for job in going if job.clips == tuple(clips) and job.asked == asked), None)
    if same is not None:
        return same
    if len(going) >= MAX_WAITING:
        raise InputError("This film", f"{len(going)} others are waiting already", "Wait for one, or cancel some.")
    return journal.jobs.add(kind, clips, asked)


def _slowmo(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = 0.0
    if not 1 <= value <= 40:
        raise InputError(
            f"Slow motion {text!r}", "it is no number from 1 to 40", "Write 8 for 240 frames a second at 30."
        )
    return value


def last_height(journal: Journal) -> str:
    """The body height given last, as a form shows it."""
    known = (job.asked.get("height_m") for job in journal.jobs.jobs("analysis"))
    return next((f"{100 * height:.0f} cm" for height in known if height), "")


def report_file(journal: Journal, job_id: str, name: str) -> Path:
    """Return a file of a report.

    Raises
    ------
    NotHereError
        If there is none of this name.
    """
    journal.jobs.job(job_id)
    folder = journal.jobs.report(job_id)
    found = {path.name: path for path in folder.iterdir()} if folder.is_dir() else {}
    if name not in found:
        raise NotHereError("The file", "it is not part of this analysis", "Go back to your films.")
    return found[name]


def newest_report(journal: Journal) -> Path | None:
    """Return the folder of the newest report, or None where no film was analysed."""
    done = [job for job in journal.jobs.jobs("analysis") if job.state == "done"]
    return journal.jobs.report(done[0].id) if done else None


def players(journal: Journal, job: Job) -> list[dict[str, Any]]:
    """Return what a page needs to play the films of an analysis; see :mod:`runfree.report.player`."""
    return json.loads(report_file(journal, job.id, DATA).read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two films with the moments that belong together: the same foot in the middle of its stance, stride by stride."""

    side: str
    films: tuple[dict[str, Any], dict[str, Any]]
    moments: tuple[tuple[float, ...], tuple[float, ...]]


def side_by_side(one: dict[str, Any], other: dict[str, Any]) -> SideBySide | None:
    """Align two films by their strides; None where one of them has no two steps of a foot in a row.

    The foot is the one that both show for longer; a stride lasts from the middle of its stance to the next.
    """
    rows = {side: (strides(one, side), strides(other, side)) for side in ("left", "right")}
    side = max(rows, key=lambda s: min(map(len, rows[s])))
    if min(map(len, rows[side])) < 2:
        return None
    return SideBySide(side, (one, other), rows[side])


def strides(film: dict[str, Any], side: str) -> tuple[float, ...]:
    """The longest row of steps of one foot without a gap: the middle of each stance, in seconds of the film."""
    at = sorted(s["mid"] for s in film["steps"] if s["side"] == side and s["left_out"] is None)
    if len(at) < 2:
        return tuple(at)
    usual = median(b - a for a, b in pairwise(at))
    row: list[float] = [at[0]]
    best = row
    for before, now in pairwise(at):
        row = [*row, now] if 0.6 * usual <= now - before <= 1.4 * usual else [now]
        best = max(best, row, key=len)
    return tuple(best)

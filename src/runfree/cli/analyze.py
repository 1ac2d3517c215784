"""``runfree analyze``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from runfree.core.units import parse_height, parse_speed

if TYPE_CHECKING:
    from runfree.core.activity import Activity
    from runfree.core.analysis import Analysis
    from runfree.recovery.light import Light
    from runfree.watch.witness import Beside


def analyze(
    film: Annotated[list[Path], Parameter(name="FILM...", json_list=False)],
    /,
    *,
    height: str | None = None,
    speed: str | None = None,
    complaint: str | None = None,
    triage: str | None = None,
    out: Path = Path("report"),
    video: bool = False,
    blur_face: bool = False,
    earlier: Path | None = None,
    workers: int | None = None,
    backend: str = "blazepose",
    weights: Path | None = None,
    slowmo: float | None = None,
    person: int | None = None,
    forces: Path | None = None,
    rate: float | None = None,
    watch: Path | None = None,
    journal: bool = False,
    json: bool = False,
) -> int:
    """Measure how a runner runs, from one or several films, and write a report.

    Parameters
    ----------
    film
        One or more films of one runner (MP4, MOV, WebM), a motion.nc of an earlier report, or trials of a laboratory
        (TRC, C3D and others).
    height
        Body height: 178cm, 1.78m or 5ft10. Without it there are no centimetres.
    speed
        Running speed or pace: 10.5kmh, 2.9m/s, 6.5mph or 5:40/km.
    complaint
        What hurts: foot, knee, hamstrings or back.
    triage
        Answers to the warning-sign questions of the complaint: clear, or those that fit (FLAG,FLAG). Left out, they are asked.
    out
        Folder for the report (report/ unless given). A report that is already there is replaced.
    video
        Also draw the skeleton, contacts and angles over the film.
    blur_face
        Blur the runner's face in pictures and film. Other people in the picture are not blurred.
    earlier
        The measures.json of an earlier report of the same runner at the same speed, to compare with.
    workers
        How many processes to use (one a core unless given). The numbers are the same for any.
    backend
        What finds the body in the film (blazepose unless given); runfree doctor lists them.
    weights
        With --backend rtmpose: another network (.onnx or .zip) in place of the fetched ones, or the folder they are in.
    slowmo
        How many times slower than life the films play, if their metadata do not tell: 8 for 240 frames a second played at 30.
    person
        Whom to follow where several people are in the film: runfree people FILM shows their numbers. The largest who runs unless given.
    forces
        Forces under a laboratory trial (MOT); a file named after the trial is found by itself.
    rate
        Frames a second, for keypoint files that hold no times.
    watch
        The watch's file of the same run, to compare the film with.
    journal
        Keep the measures and the motion in your journal (not the film), and compare with the run it holds of that time.
    json
        Print the measures as JSON, and nothing else, on stdout.
    """
    height_m = parse_height(height) if height is not None else None
    speed_mps = parse_speed(speed) if speed is not None else None

    from runfree.app.analyze import analyze as analyze_films
    from runfree.app.films import name_films
    from runfree.app.practice import practice_beside
    from runfree.cli.progress import bars
    from runfree.report import check_place, write_report

    activities = _watched(watch)
    named = name_films(film)
    check_place(out, film)
    fits = _answers(complaint, triage)
    light = _light(complaint)
    with bars() as show:
        analysis = analyze_films(
            film,
            height_m=height_m,
            speed_mps=speed_mps,
            complaint=complaint,
            triage=fits,
            earlier=earlier,
            workers=workers,
            backend=backend,
            weights=weights,
            slowmo=slowmo,
            person=person,
            forces=forces,
            rate_hz=rate,
            progress=show,
        )
        beside = _beside(analysis, named, activities, journal=journal)
        write_report(
            analysis,
            out,
            film_paths=[named[used.film] for used in analysis.films],
            blur_face=blur_face,
            video=video,
            practice=practice_beside(analysis, light),
            beside=beside,
            progress=lambda done, total: show("drawn film", done, total),
        )
    _show(analysis, out, as_json=json)
    if journal:
        from runfree.cli.film_and_watch import keep

        keep(analysis, named, quiet=json)
    if beside is not None:
        from runfree.cli.film_and_watch import say

        say(beside, quiet=json)
    return 1 if analysis.left_out else 0


def _answers(complaint: str | None, given: str | None) -> tuple[str, ...] | None:
    from runfree.app.complaint import parse_complaint
    from runfree.app.triage import parse_triage
    from runfree.cli.triage import answers

    if complaint is None:
        return None if given is None else parse_triage(given)
    return answers(parse_complaint(complaint), given)


def _watched(watch: Path | None) -> list[Activity]:
    if watch is None:
        return []
    from runfree.app.film_and_watch import check_watch

    return check_watch(watch)


def _beside(
    analysis: Analysis, named: Mapping[str, Path], activities: list[Activity], *, journal: bool
) -> Beside | None:
    if not (activities or journal):
        return None
    from runfree.cli.film_and_watch import compared

    return compared(analysis, named, activities, journal=journal)


def _light(complaint: str | None) -> Light | None:
    """What the pain in the journal says, asked before the long work begins."""
    if complaint is None:
        return None
    from datetime import date

    from runfree.app.complaint import parse_complaint
    from runfree.app.practice import pain_light

    return pain_light(parse_complaint(complaint), date.today())


def _show(analysis: Analysis, out: Path, *, as_json: bool) -> None:
    from runfree.cli.summary import summary
    from runfree.io.results import measures_json

    for item in analysis.left_out:
        print(f"{item.film} was left out: {item.why}. {item.remedy}", file=sys.stderr)
    if as_json:
        print(measures_json(analysis), end="")
    else:
        print(summary(analysis, out, width=min(get_terminal_size().columns, 100), plain=not _spells_symbols()))


def _spells_symbols() -> bool:
    """Only a person's terminal in Unicode gets degree and minus signs; what is piped stays plain."""
    return sys.stdout.isatty() and (sys.stdout.encoding or "").lower().startswith("utf")

"""The main use case: films of one runner in, one analysis out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from os import PathLike
from pathlib import Path

from runfree import coach, gait, pose
from runfree.app.complaint import parse_complaint
from runfree.app.film_check import FilmCheck, check_film, undeclared
from runfree.app.films import check_films, name_films
from runfree.app.laboratory import measure_trial, read_trial
from runfree.app.notes import notes
from runfree.coach.triage import Triage, hold_back
from runfree.coach.triage import triage as triage_of
from runfree.core.analysis import Analysis, FilmAnalysis, LeftOut, Measured
from runfree.core.errors import FilmError, InputError, MotionError, NothingAssessableError, RunfreeError
from runfree.core.metrics import Gait
from runfree.core.motion import Motion
from runfree.core.recording import Recording
from runfree.core.units import HEIGHT_RANGE_M, SPEED_RANGE_MPS
from runfree.io.readers import check_rate, is_recording, reader_of
from runfree.io.results import Earlier, read_earlier

SAME_SPEED = 0.05
SLOWMO_RANGE = (1.0, 40.0)
Progress = Callable[[str, int, int], None]
"""Called as ``progress(name of the film, frames done, frames in all)``."""


def analyze(
    films: str | PathLike[str] | Sequence[str | PathLike[str]] | Mapping[str, str | PathLike[str]],
    *,
    height_m: float | None = None,
    speed_mps: float | None = None,
    complaint: str | None = None,
    triage: Sequence[str] | None = None,
    earlier: str | PathLike[str] | None = None,
    workers: int | None = None,
    backend: str = "blazepose",
    weights: str | PathLike[str] | None = None,
    slowmo: float | None = None,
    person: int | None = None,
    forces: str | PathLike[str] | None = None,
    rate_hz: float | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Measure one runner from one or several films and say what it means.

    Parameters
    ----------
    films : path, sequence of paths, or mapping of names to paths
        Films, motion files (``.nc``) saved by an earlier analysis, or trials of a laboratory (TRC, C3D and others; see
        ``docs/laboratory.md``). All of the same runner, all running or all walking.
    height_m : float, optional
        Body height in metres (1.0 to 2.3). Without it, lengths are in body heights.
    speed_mps : float, optional
        Speed in metres per second (0.5 to 12.5). Without it, findings use the range from 8 to 15 km/h.
    complaint : str, optional
        ``foot``, ``knee``, ``hamstrings`` or ``back`` (or an everyday word for one of them).
    triage : sequence of str, optional
        Ids of the red-flag questions of the complaint that are answered with yes (``[]``: none fits). Without it the report
        begins with the questions; a serious yes holds the advice on running back.
    earlier : path, optional
        ``measures.json`` of an earlier film of the same runner, to compare with. One of another gait, or of a speed
        that differs by more than 5 %, is listed in ``left_out`` instead.
    workers : int, optional
        Processes to use; by default one for each core. The numbers do not depend on it.
    backend : str
        Which pose backend looks at the films.
    weights : path, optional
        Network for the backend ``rtmpose``: an ONNX file, its released zip, or a folder with the released files.
    slowmo : float, optional
        How many times slower than life the films play (1 to 40), where it is not 1 and their metadata do not tell: 8 for 240
        frames a second played at 30. A film that seems to play in slow motion is refused until it is given.
    person : int, optional
        Number of the person to follow in a film of several people (``runfree people FILM`` shows the numbers); by default the
        largest who runs.
    forces : path, optional
        Forces of the plates under a laboratory trial (MOT or text); one named after the trial is found by itself.
    rate_hz : float, optional
        Frames a second, for keypoint files that hold no times.
    progress : callable, optional
        ``progress(film, done, total)``, called now and then.

    Returns
    -------
    Analysis
        If one of several films cannot be used, the others are analysed and it is listed in ``left_out``.

    Raises
    ------
    InputError
        If something given cannot be understood, or no film can be read.
    NothingAssessableError
        If no film shows anything that can be measured.
    MissingPartError
        If the backend is not available here.

    Examples
    --------
    >>> import runfree
    >>> analysis = runfree.analyze("run.mp4", height_m=1.78)  # doctest: +SKIP
    >>> analysis.estimate("cadence")  # doctest: +SKIP
    """
    _check_numbers(height_m, speed_mps, workers, slowmo)
    place = parse_complaint(complaint) if complaint is not None else None
    asked = _asked(place, triage)
    network = Path(weights) if weights is not None else None
    before = read_earlier(Path(earlier)) if earlier is not None else None
    named = name_films([films] if isinstance(films, (str, PathLike)) else films)
    _check_person(person, len(named))
    problems: dict[str, RunfreeError] = check_films(named)
    _check_for_trials(named, forces=forces, rate_hz=rate_hz)
    done: list[FilmAnalysis] = []
    for name, path in named.items():
        if name in problems:
            continue
        try:
            reader = reader_of(path)
            if reader is None:
                done.append(
                    _one_film(name, path, height_m, speed_mps, workers, backend, network, slowmo, person, progress)
                )
            else:
                _only_for_films(name, slowmo, person)
                held = read_trial(path, reader, Path(forces) if forces is not None else None, rate_hz)
                done.append(_measured(name, held, height_m, speed_mps))
        except (FilmError, MotionError, NothingAssessableError) as problem:
            problems[name] = problem
    walk_or_run = _gait(done)
    used = tuple(film for film in done if film.measured.gait == walk_or_run)
    if not used:
        raise _nothing(problems)
    estimates, not_assessable = gait.merge([film.measured for film in used])
    unlike = _unlike(before, walk_or_run, speed_mps) if before else None
    own = before.estimates if before and not unlike else ()
    findings = coach.judge(
        estimates, not_assessable, gait=walk_or_run, complaint=place, speed_mps=speed_mps, earlier=own
    )
    if asked is not None:
        findings = hold_back(findings, asked)
    left_out = _left_out(named, problems, done, walk_or_run)
    if unlike:
        left_out += (LeftOut(str(earlier), unlike, "Compare films of the same gait and speed."),)
    return Analysis(
        films=used,
        estimates=estimates,
        not_assessable=not_assessable,
        findings=findings,
        complaint=place,
        triage=None if triage is None else tuple(triage),
        height_m=height_m,
        speed_mps=speed_mps,
        left_out=left_out,
        earlier=own,
    )


def _asked(place: str | None, fits: Sequence[str] | None) -> Triage | None:
    if place is not None:
        return triage_of(place, fits)
    if fits is not None:
        raise InputError(
            "Triage", "its questions belong to a complaint", "Name one: foot, knee, hamstrings or back."
        )
    return None


def _check_numbers(
    height_m: float | None, speed_mps: float | None, workers: int | None, slowmo: float | None
) -> None:
    for what, value, (low, high), unit in (
        ("Body height", height_m, HEIGHT_RANGE_M, "m"),
        ("Speed", speed_mps, SPEED_RANGE_MPS, "m/s"),
    ):
        if value is not None and not low <= value <= high:
            raise InputError(
                f"{what} {value:g} {unit}", f"it lies outside {low} to {high} {unit}", f"Give it in {unit}."
            )
    if slowmo is not None and not SLOWMO_RANGE[0] <= slowmo <= SLOWMO_RANGE[1]:
        raise InputError(
            f"Slow motion of {slowmo:g}",
            f"it lies outside {SLOWMO_RANGE[0]:g} to {SLOWMO_RANGE[1]:g}",
            "Say how many times slower than life the film plays: 8 for 240 frames a second played at 30.",
        )
    if workers is not None and workers < 1:
        raise InputError(f"{workers} workers", "at least one is needed", "Leave it out to use every core.")


def _check_person(person: int | None, films: int) -> None:
    if person is not None and person < 1:
        raise InputError(f"Person {person}", "people are counted from 1", "See who is in it: runfree people FILM.")
    if person is not None and films > 1:
        raise InputError(
            f"Person {person}", "every film has its own numbers", "Give one film, and others by themselves."
        )


def _check_for_trials(
    named: dict[str, Path], *, forces: str | PathLike[str] | None, rate_hz: float | None
) -> None:
    """Refuse what only a laboratory trial can use where there is none."""
    trials = [path for path in named.values() if reader_of(path) is not None]
    if forces is not None and len(trials) != 1:
        raise InputError(
            "Forces", f"they belong to one laboratory trial, and {len(trials)} are given", "Give that trial alone."
        )
    if rate_hz is not None and not trials:
        raise InputError("A rate", "films carry their own times", "Leave --rate out (slow motion: --slowmo).")
    check_rate(rate_hz)


def _one_film(
    name: str,
    path: Path,
    height_m: float | None,
    speed_mps: float | None,
    workers: int | None,
    backend: str,
    weights: Path | None,
    slowmo: float | None,
    person: int | None,
    progress: Progress | None,
) -> FilmAnalysis:
    check = check_film(path, backend=backend, weights=weights, slowmo=slowmo, person=person)
    _ask_for_slow_motion(name, check.slowmo)
    motion = pose.track(
        path,
        backend=backend,
        weights=weights,
        workers=workers,
        slowmo=slowmo,
        person=person,
        progress=partial(progress, name) if progress else None,
    )
    if check.tilt_deg is not None:
        motion.attrs["tilt_deg"] = check.tilt_deg
    return _measured(name, motion, height_m, speed_mps, check)


def _only_for_films(name: str, slowmo: float | None, person: int | None) -> None:
    if slowmo is not None:
        raise InputError(name, "a file of motions holds the runner's own times already", "Leave --slowmo out.")
    if person is not None:
        raise InputError(name, "a file of motions holds one person only", "Leave --person out.")


def _measured(
    name: str,
    held: Motion | Recording,
    height_m: float | None,
    speed_mps: float | None,
    check: FilmCheck | None = None,
) -> FilmAnalysis:
    measured = measure_trial(held, height_m=height_m, speed_mps=speed_mps)
    if measured.gait != "running" and not is_recording(held):
        _ask_for_slow_motion(name, undeclared(Motion(held)))
    _check_measured(name, measured)
    said = () if is_recording(held) else notes(Motion(held), check)
    return FilmAnalysis(film=name, motion=held, measured=measured, notes=said)


def _ask_for_slow_motion(name: str, found: dict[float, float]) -> None:
    """Ask, and never guess, how much slower than life a film plays in which somebody runs as slowly as nobody can."""
    if not found:
        return
    usual = min(found, key=lambda factor: abs(found[factor] - 170))
    choices = ", ".join(f"--slowmo {factor:g} makes {spm:.0f} steps a minute" for factor, spm in found.items())
    raise FilmError(
        name,
        "it seems to play in slow motion (steps slower than anyone runs), and nothing in the file says how slow",
        f"Say how many times slower than life it plays, such as --slowmo {usual:g} ({choices}); "
        "--slowmo 1 if it is no slow motion.",
    )


def _check_measured(name: str, measured: Measured) -> None:
    if measured.gait == "nobody" and "camera_lost" in measured.flags:
        raise NothingAssessableError(
            name,
            "the camera moves, and the background does not show how",
            "Stand the phone on something firm, where walls, trees or other things are in the picture.",
        )
    if measured.gait == "nobody":
        raise NothingAssessableError(
            name,
            "nobody can be followed in it",
            "Film one person in full, head to feet, in good light, so that they fill most of the picture.",
        )
    if measured.gait == "neither":
        raise NothingAssessableError(
            name,
            "the person in it is neither running nor walking for long enough",
            "Film at least ten steps of steady running or walking. In slow motion, say how slow it plays: --slowmo 8.",
        )
    if not measured.estimates:
        reasons = sorted({item.reason.rstrip(".") for item in measured.not_assessable})
        raise NothingAssessableError(
            name,
            "nothing in it can be measured" + (f" ({'; '.join(reasons[:2])})" if reasons else ""),
            "Film a longer stretch with the whole body in the picture.",
        )


def _gait(done: Sequence[FilmAnalysis]) -> Gait:
    return "running" if any(film.measured.gait == "running" for film in done) else "walking"


def _nothing(problems: dict[str, RunfreeError]) -> RunfreeError:
    if len(problems) == 1:
        return next(iter(problems.values()))
    seen = any(isinstance(problem, NothingAssessableError) for problem in problems.values())
    kind = NothingAssessableError if seen else FilmError
    why = "; ".join(f"{problem.what}: {problem.why}" for problem in problems.values())
    return kind("None of the films could be used", why, next(iter(problems.values())).remedy)


def _left_out(
    named: dict[str, Path], problems: dict[str, RunfreeError], done: Sequence[FilmAnalysis], walk_or_run: Gait
) -> tuple[LeftOut, ...]:
    out = {name: LeftOut(name, problem.why, problem.remedy) for name, problem in problems.items()}
    for film in done:
        if film.measured.gait != walk_or_run:
            why = f"it shows {film.measured.gait}, the others {walk_or_run}"
            out[film.film] = LeftOut(film.film, why, "Analyse it by itself.")
    return tuple(out[name] for name in named if name in out)


def _unlike(before: Earlier, gait: Gait, speed_mps: float | None) -> str | None:
    """Say why an earlier film cannot be compared with this one, if so: most numbers follow gait and speed."""
    if before.activity != gait:
        return f"it is of {before.activity}, and this film of {gait}"
    if speed_mps and before.speed_mps and abs(speed_mps / before.speed_mps - 1) > SAME_SPEED:
        earlier_kmh, now_kmh = 3.6 * before.speed_mps, 3.6 * speed_mps
        return f"it was filmed at {earlier_kmh:.1f} km/h, this film at {now_kmh:.1f}, and speed alone changes the numbers"
    return None

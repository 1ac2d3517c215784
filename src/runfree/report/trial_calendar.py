"""A trial as a calendar file and, for runs with blocks, a plan of laps."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from pathlib import Path

from icalendar import Calendar, Event

from runfree.core.errors import OutputError
from runfree.core.trial import Trial
from runfree.knowledge.loader import load


def write_trial_files(trial: Trial, folder: Path) -> list[Path]:
    """Write ``trial.ics`` and, for a fast trial, ``laps.txt``.

    Raises
    ------
    OutputError
        If one cannot be written.
    """
    files = {"trial.ics": trial_calendar(trial)}
    if trial.plan.pace == "fast":
        files["laps.txt"] = laps(trial).encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            part = folder / f".{name}.part"
            part.write_bytes(content)
            part.replace(folder / name)
    except OSError as error:
        raise OutputError(
            str(folder), (error.strerror or "it cannot be written").lower(), "Choose another folder."
        ) from error
    return [folder / name for name in files]


def trial_calendar(trial: Trial) -> bytes:
    """Return one all-day event for each block of days, or each run, as iCalendar text (RFC 5545)."""
    out = Calendar()
    out.add("prodid", "-//Runfree//Trial//EN")
    out.add("version", "2.0")
    plan = trial.plan
    change = load().trial_changes[plan.change]
    if plan.pace == "fast":
        for session in range(plan.sessions):
            day = plan.session_day(session)
            out.add_component(
                _event(trial, f"Trial run {session + 1}: {plan.title}", laps(trial, session), day, 1)
            )
        return out.to_ical()
    if plan.baseline_days:
        text = "Log your pain each day. Nothing new yet: these days show what is usual for you."
        out.add_component(_event(trial, "Trial: as usual", text, plan.start, plan.baseline_days))
    for block in range(2 * plan.pairs):
        day = plan.start + timedelta(days=plan.baseline_days + block * plan.block)
        on = plan.is_on(block)
        text = f"{change.with_it if on else change.without_it}\nLog each day. Pain over 5 of 10, or new pain: stop, and runfree trial today."
        out.add_component(
            _event(trial, f"Trial: {'with' if on else 'without'} ({plan.title})", text, day, plan.block)
        )
    return out.to_ical()


def laps(trial: Trial, session: int | None = None) -> str:
    """Return the plan of laps of one run of a fast trial, or of all."""
    plan = trial.plan
    each = 2 * plan.pairs_per_run
    lines: list[str] = []
    for one in range(plan.sessions) if session is None else (session,):
        lines += [
            f"Run {one + 1}. Even speed, flat ground. Press lap at each line.",
            f"{plan.warm_up_s / 60:5.1f} min  warm up",
        ]
        for i in range(each):
            state = "WITH" if plan.is_on(one * each + i) else "without"
            lines.append(
                f"{plan.block / 60:5.1f} min  {state}  (from minute {(plan.warm_up_s + i * plan.block) / 60:.1f})"
            )
        lines.append("")
    return "\n".join(lines)


def _event(trial: Trial, title: str, text: str, day: date, days: int) -> Event:
    event = Event()
    event.add("uid", f"{trial.sha256[:16]}-{day.isoformat()}@runfree")
    event.add("dtstamp", trial.locked_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=days))
    event.add("summary", title)
    event.add("description", text)
    return event

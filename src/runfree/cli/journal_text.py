"""The journal on a terminal."""

from __future__ import annotations

from runfree.core.entry import Entry
from runfree.core.run import Run
from runfree.recovery.forms import FORMS
from runfree.recovery.light import Light, what_to_do
from runfree.report.overview import Overview
from runfree.watch.baseline import MEASURES, Change

RUNS_SHOWN = 20
NAMES = {
    "cadence_spm": "Cadence",
    "vertical_oscillation_cm": "Bounce",
    "contact_time_ms": "Contact time",
    "vertical_ratio_pct": "Bounce per step length",
}
_ADVICE = {"go": "Go", "ease": "Ease", "rest": "Rest", None: "No advice"}


def journal_text(seen: Overview) -> str:
    """Say the last weeks in lines: load first, for it is about the next run, then pain, glide, runs and what was logged."""
    blocks = [
        [limit_line(seen)],
        [line for one in seen.lights for line in light_lines(one)],
        _block(
            "Glide: the last 4 weeks against your own year, at equal speed", [change_line(c) for c in seen.changes]
        ),
        _block(f"Runs since {seen.first}", _runs(seen)),
        _block("Logged", [entry_line(e) for e in (*seen.pains, *seen.practices, *seen.forms, *seen.notes)]),
        _block("Shoes", [f"  {s.name}: {s.distance_m / 1000:.0f} km since {s.since}" for s in seen.shoes]),
        _block(
            "Films", [f"  {f.local_date}  film {f.id}: {f.name} ({len(f.estimates)} numbers)" for f in seen.films]
        ),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _block(title: str, lines: list[str]) -> list[str]:
    return [title, *lines] if lines else []


def limit_line(seen: Overview) -> str:
    """What is within the usual for the next run."""
    if seen.limit.up_to_m is None or seen.limit.longest_m is None:
        return "Next run: no run with a distance in the last 30 days, so start short and easy."
    return (
        f"Next run: up to {seen.limit.up_to_m / 1000:.1f} km is within what you are used to"
        f" (longest of the last 30 days: {seen.limit.longest_m / 1000:.1f} km on {seen.limit.longest_on})."
    )


def light_lines(one: Light) -> list[str]:
    """What the pain of one place says about running today."""
    head = f"{one.site.capitalize()}: {_ADVICE[one.advice]} ({'; '.join(one.reasons)})."
    ask = "  Pain at night or at rest, swelling, numbness or a hot joint: see someone with training first."
    return [head, *([f"  {what_to_do(one.advice)}", ask] if one.advice else [])]


def change_line(c: Change) -> str:
    """One measure of one sensor: changed, not beyond noise, or too few runs to tell."""
    where = "" if c.position == "unknown" else f", {c.position}"
    head = f"  {NAMES[c.measure]} ({c.sensor}{where}): "
    if c.change is None or c.low is None or c.high is None:
        return f"{head}too few runs yet ({c.runs_recent} recent, {c.runs_before} before)"
    digits = 0 if c.measure == "contact_time_ms" else 1
    return f"{head}{c.verdict} ({c.change:+.{digits}f}, {c.low:+.{digits}f} to {c.high:+.{digits}f} {MEASURES[c.measure]})"


def _runs(seen: Overview) -> list[str]:
    spiked = {(s.day, s.distance_m): s for s in seen.spikes}
    lines = [run_line(r, (r.local_date, r.distance_m) in spiked) for r in seen.runs[-RUNS_SHOWN:]]
    if len(seen.runs) > RUNS_SHOWN:
        lines.insert(0, f"  … {len(seen.runs) - RUNS_SHOWN} earlier runs")
    if seen.undated:
        lines.append(f"  {seen.undated} more have no date: their watch did not know it")
    return lines


def run_line(run: Run, longer: bool) -> str:
    """One run."""
    far = "" if run.distance_m is None else f"{run.distance_m / 1000:5.1f} km"
    steps = "" if run.cadence_spm is None else f"{run.cadence_spm:4.0f} steps/min"
    more = "  over 110 % of the longest of 30 days" if longer else ""
    return f"  {run.local_start:%Y-%m-%d %H:%M}  run {run.id:<5} {far:>9}  {run.timer_s / 60:4.0f} min  {steps}{more}".rstrip()


def entry_line(e: Entry) -> str:
    """One thing logged."""
    said = {
        "pain": f"pain {e.score:g} of 10, {e.what}, {e.moment}" if e.score is not None else "pain",
        "practice": f"practice {e.what}, {e.moment}",
        "shoes": f"shoes {e.what}",
        "form": f"{FORMS[e.what].title}: {e.score:.0f}" if e.what in FORMS and e.score is not None else e.what,
        "note": "note",
        "complaint": f"what hurts: {e.what}",
    }[e.kind]
    note = f": {' '.join(e.note.split())}" if e.note else ""
    return f"  {e.at:%Y-%m-%d %H:%M}  entry {e.number}: {said}{note}"

"""A trial in the journal from plan to verdict: what may be tried, days and blocks, late files, corrections, stop rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from runfree.app import trial_plan
from runfree.app.importing import import_files
from runfree.app.trial_plan import find_change, new_plan, start_trial
from runfree.app.trial_results import cut, day_of, pain_days, running_clock
from runfree.app.trials import find_trial, record, stop, today, verdict
from runfree.core.activity import Sensor, make_activity
from runfree.core.entry import Entry
from runfree.core.errors import InputError
from runfree.core.estimate import Estimate
from runfree.core.kept_film import KeptFilm
from runfree.core.trial import Plan, Trial
from runfree.journal import Journal, open_journal
from runfree.report.judged import Judged
from runfree.testing import watch

ZONE = timezone(timedelta(hours=2))
BEFORE = date(2026, 5, 31)
FIRST = date(2026, 6, 1)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with open_journal(None, tmp_path / "data") as kept:
        yield kept


def at(day: date, hour: int = 20, zone: timezone | ZoneInfo = ZONE) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone)


def pain(
    journal: Journal, day: date, score: float, site: str = "knee", moment: str = "worst", hour: int = 20
) -> Entry:
    return journal.log(Entry("pain", site, at(day, hour), moment, score))


def usual(journal: Journal, mean: float = 3, days: int = 14) -> None:
    for i in range(days):
        pain(journal, FIRST - timedelta(days=days - i), mean + (i % 2))


def begin(journal: Journal, change: str = "less-bounce", for_: str = "pain", **given: object) -> Trial:
    asked: dict[str, object] = {"today": BEFORE, "fits": (), "feet": "ask", "seed": 3, "site": "knee"} | given
    return start_trial(journal, new_plan(journal, change, for_, **asked), at(BEFORE))  # pyright: ignore[reportArgumentType]


def live(journal: Journal, plan: Plan, effect: float, *, noise: float = 0.6, until: int | None = None) -> None:
    rng = np.random.default_rng(1)
    for i in range(2 * plan.pairs * plan.block)[:until]:
        day = plan.start + timedelta(days=plan.baseline_days + i)
        score = 3.4 + noise * rng.standard_normal() + effect * plan.is_on(i // plan.block)
        pain(journal, day, float(np.clip(np.round(score), 0, 5)))


def test_a_trial_from_plan_to_verdict(journal: Journal):
    usual(journal)
    plan = begin(journal).plan
    assert (plan.baseline_days, plan.block, plan.skip, plan.important) == (0, 4, 1, 1.1)
    assert today(journal, plan.start).do == ("with" if plan.order[0] else "without")
    live(journal, plan, -1.6)
    assert verdict(journal, plan.start + timedelta(days=12)).verdict.code == "unknown"
    end = plan.last + timedelta(days=1)
    found = verdict(journal, end, now=at(end))
    assert found.verdict.code == "helped"
    assert journal.trials()[0].ending == "done"
    assert verdict(journal, end + timedelta(days=90)).verdict.sentence == found.verdict.sentence


def test_a_change_that_does_nothing(journal: Journal):
    usual(journal)
    plan = begin(journal).plan
    live(journal, plan, 0.0, noise=0.4)
    assert verdict(journal, plan.last + timedelta(days=1)).verdict.code == "same"


def test_the_baseline_is_what_the_journal_does_not_have_yet(journal: Journal):
    usual(journal, days=5)
    plan = begin(journal).plan
    assert plan.baseline_days == 9
    told = today(journal, plan.start)
    assert told.do == "baseline"
    assert "usual" in verdict(journal, plan.start).verdict.sentence


def test_the_plan_says_its_chance_and_what_would_be_better(journal: Journal):
    rng = np.random.default_rng(5)
    for i in range(28):
        pain(
            journal,
            FIRST - timedelta(days=28 - i),
            float(np.clip(np.round(2.5 + 2.2 * rng.standard_normal()), 0, 5)),
        )
    proposal = new_plan(
        journal, "less-bounce", "pain", site="knee", today=BEFORE, fits=(), feet="ask", pairs=6, seed=1
    )
    mine = proposal.options[0]
    assert proposal.plan.promised == pytest.approx(mine.chance, abs=1e-3)
    assert mine.chance < 0.6
    assert [o.pairs for o in proposal.options] == sorted(o.pairs for o in proposal.options)
    assert proposal.options[-1].chance > mine.chance
    assert any("only" in advice for advice in proposal.advice)
    assert journal.trials() == []


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"fits": None}, "not answered"),
        ({"fits": ("bone-rest",)}, "red-flag"),
        ({"pairs": 5}, "pairs"),
        ({"block": 2}, "Blocks of 2 days"),
        ({"start": date(2026, 5, 1)}, "past"),
        ({"important": 0.0}, "above zero"),
        ({"important": float("nan")}, "above zero"),
        ({"site": None}, "where it hurts"),
        ({"site": "hamstrings"}, "it is tried for"),
        ({"change": "feet-parallel"}, "kneecaps-forward"),
        ({"change": "feet-parallel", "feet": "own"}, "keep their own angle"),
        ({"change": "bridge"}, "stays for months"),
        ({"change": "moon dust"}, "not among"),
        ({"for_": "happiness"}, "not tried for that"),
        ({"change": "toe-spacers", "for_": "glide"}, "not tried for that"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_what_may_not_be_tried_is_refused(journal: Journal, given: dict[str, object], word: str):
    from runfree.coach.triage import questions

    if given.get("fits"):
        given = {**given, "fits": (next(q.id for q in questions("knee") if q.level == "S"),)}
    with pytest.raises(InputError, match=word):
        begin(journal, **given)  # pyright: ignore[reportArgumentType]
    assert journal.trials() == []


def test_feet_that_may_turn_are_allowed(journal: Journal):
    assert begin(journal, "feet-parallel", feet="parallel").plan.change == "feet-parallel"


def test_a_red_light_begins_no_trial(journal: Journal):
    pain(journal, BEFORE, 7)
    with pytest.raises(InputError, match="red"):
        begin(journal)


def test_one_trial_for_a_complaint(journal: Journal):
    begin(journal)
    with pytest.raises(InputError, match="still running"):
        begin(journal, "softer-landing")
    stop(journal, why="moved")
    assert verdict(journal, FIRST).verdict.code == "left"
    begin(journal, "softer-landing")


def test_names_of_a_change():
    assert find_change("low-ceiling cue").id == find_change("Less bounce").id == "less-bounce"
    assert find_change("cadence +5 %").id == "more-steps-5"


# --- days and blocks


def test_a_night_and_a_morning_belong_to_the_day_before():
    def said(moment: str, hour: int) -> date:
        return day_of(Entry("pain", "knee", at(date(2026, 6, 10), hour), moment, 3))

    assert said("after", 1) == date(2026, 6, 9)
    assert said("morning", 7) == date(2026, 6, 9)
    assert said("morning", 2) == date(2026, 6, 9)
    assert said("during", 7) == date(2026, 6, 10)
    assert said("worst", 23) == date(2026, 6, 10)


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kolkata", "Pacific/Kiritimati"]
)
def test_every_local_day_is_one_day_also_when_clocks_change(zone: str):
    """A whole year of evenings on one clock: each day once, whatever UTC says."""
    days = [date(2026, 1, 1) + timedelta(days=i) for i in range(365)]
    said = [Entry("pain", "knee", at(day, 23, ZoneInfo(zone)), "worst", 2) for day in days]
    assert list(pain_days(said, "knee")) == days


def test_a_runner_who_travels_keeps_the_day_of_the_place():
    east = Entry("pain", "knee", datetime(2026, 6, 10, 6, tzinfo=ZoneInfo("Asia/Tokyo")), "before", 2)
    west = Entry("pain", "knee", datetime(2026, 6, 9, 22, tzinfo=ZoneInfo("America/New_York")), "worst", 4)
    assert pain_days([east, west], "knee") == {date(2026, 6, 10): 2, date(2026, 6, 9): 4}


def test_what_moved_since_the_last_look_is_said(journal: Journal):
    usual(journal)
    plan = begin(journal).plan
    live(journal, plan, 0.0, until=20)
    first = verdict(journal, FIRST + timedelta(days=20), now=at(FIRST + timedelta(days=20)))
    assert first.notes == ()
    entry = next(e for e in journal.entries("pain") if e.local_date == FIRST + timedelta(days=6))
    journal.revise(entry.number, Entry("pain", "knee", entry.at, "worst", 0.5))
    gone = next(e for e in journal.entries("pain") if e.local_date == FIRST + timedelta(days=9))
    journal.delete_entry(gone.number)
    pain(journal, FIRST - timedelta(days=40), 2)
    told = " ".join(verdict(journal, FIRST + timedelta(days=21)).notes)
    state = "with" if plan.is_on(1) else "without"
    assert f"7 June (block 2, {state}) changed from {entry.score:g} to 0.5" in told
    assert "10 June" in told
    assert "taken away" in told
    assert "came late" in told
    assert "before the blocks" in told


def test_what_is_new_since_the_last_look_is_no_move(journal: Journal):
    usual(journal)
    plan = begin(journal).plan
    live(journal, plan, 0.0, until=9)
    verdict(journal, FIRST + timedelta(days=9), now=at(FIRST + timedelta(days=9)))
    pain(journal, FIRST + timedelta(days=10), 3)
    assert verdict(journal, FIRST + timedelta(days=11)).notes == ()


def test_later_changes_of_the_plan_are_listed(journal: Journal):
    begin(journal)
    record(journal, at(FIRST), changed="new shoes")
    record(journal, at(FIRST), missed=True)
    notes = verdict(journal, FIRST + timedelta(days=1)).notes
    assert any("new shoes" in note for note in notes)
    assert any("not followed" in note for note in notes)


@pytest.mark.parametrize(
    "given",
    [{}, {"value": 3.0}, {"value": 3.0, "block": 2}, {"block": 0, "missed": True}, {"block": 99, "missed": True}],
)
def test_a_log_that_says_nothing_is_refused(journal: Journal, given: dict[str, float]):
    begin(journal)
    with pytest.raises(InputError):
        record(journal, at(FIRST), **given)  # pyright: ignore[reportArgumentType]
    assert journal.trial_entries(1) == []


# --- stop and refer


@pytest.mark.parametrize(
    ("site", "score", "stops"),
    [
        ("knee", 6, True),
        ("knee", 5, False),
        ("calf", 3, True),
        ("calf", 2, False),
        ("achilles", 4, True),
        ("hip", 1, False),
        ("shin", 4, False),
    ],
)
def test_when_less_bounce_stops(journal: Journal, site: str, score: float, stops: bool):
    usual(journal)
    begin(journal)
    pain(journal, FIRST + timedelta(days=3), score, site)
    told = today(journal, FIRST + timedelta(days=3))
    assert (told.do == "stopped") == stops
    if stops:
        assert site in told.text
        assert verdict(journal, FIRST + timedelta(days=4)).verdict.code == "stopped"
        assert len(verdict(journal, FIRST + timedelta(days=4)).verdict.sentence.split()) <= 25
        with pytest.raises(InputError, match="ended"):
            record(journal, at(FIRST), missed=True)


def test_new_pain_at_the_hip_stops_turning_the_feet(journal: Journal):
    usual(journal)
    begin(journal, "feet-parallel", feet="parallel")
    pain(journal, FIRST + timedelta(days=2), 1, "hip")
    assert today(journal, FIRST + timedelta(days=2)).do == "stopped"


def test_an_old_ache_at_the_calf_is_no_new_pain(journal: Journal):
    usual(journal)
    pain(journal, FIRST - timedelta(days=10), 3, "calf")
    begin(journal)
    pain(journal, FIRST + timedelta(days=2), 4, "calf")
    assert today(journal, FIRST + timedelta(days=2)).do != "stopped"
    pain(journal, FIRST + timedelta(days=3), 5, "calf")
    assert today(journal, FIRST + timedelta(days=3)).do == "stopped"


def test_a_red_flag_stops(journal: Journal):
    from runfree.coach.triage import questions

    begin(journal)
    flag = next(q.id for q in questions("knee") if q.level in ("E", "U"))
    assert today(journal, FIRST, fits=[flag]).do == "stopped"
    assert "red-flag" in find_trial(journal).why


def test_one_red_day_is_rest_and_two_are_the_end(journal: Journal):
    usual(journal, mean=1)
    begin(journal)
    for offset in (2, 4):
        day = FIRST + timedelta(days=offset)
        pain(journal, day, 1, moment="before", hour=8)
        pain(journal, day, 2, moment="during", hour=9)
        pain(journal, day + timedelta(days=1), 3, moment="morning", hour=7)
        assert today(journal, day + timedelta(days=1)).do == ("rest" if offset == 2 else "stopped")


# --- fast trials


def fast(journal: Journal, **given: object) -> Trial:
    return begin(journal, "low-ceiling cue", "glide", site=None, start=FIRST, **given)


def cued_run(plan: Plan, session: int, effect: float, *, start: datetime, seed: int = 4):
    rng = np.random.default_rng(seed)
    time = np.arange(0.0, plan.warm_up_s + 2 * plan.pairs_per_run * plan.block + 120)
    block = ((time - plan.warm_up_s) // plan.block).astype(int)
    inside = (block >= 0) & (block < 2 * plan.pairs_per_run)
    on = np.array(
        [ok and plan.is_on(session * 2 * plan.pairs_per_run + b) for ok, b in zip(inside, block, strict=True)]
    )
    bounce = 8.5 + effect * on + 0.3 * rng.standard_normal(len(time))
    sensor = Sensor("HRM", "chest")
    return make_activity(
        start, time,
        {"vertical_oscillation": (bounce, sensor), "speed": (3 + 0.02 * rng.standard_normal(len(time)), sensor),
         "cadence": (np.full(len(time), 168.0), sensor)},
        sport="running", utc_offset_s=7200,
    )  # fmt: skip


def test_a_run_is_cut_into_its_blocks(journal: Journal):
    plan = fast(journal).plan
    found = cut(cued_run(plan, 0, -1.0, start=at(FIRST)), plan, "run")
    on = [found[i].value for i in range(12) if plan.is_on(i)]
    off = [found[i].value for i in range(12) if not plan.is_on(i)]
    assert np.mean(on) == pytest.approx(7.5, abs=0.05)
    assert np.mean(off) == pytest.approx(8.5, abs=0.05)


def test_a_pause_does_not_move_the_blocks():
    time = np.concatenate([np.arange(0.0, 100), np.arange(400.0, 500)])
    assert running_clock(time)[-1] == pytest.approx(198)


def test_blocks_typed_by_hand_reach_a_verdict(journal: Journal):
    plan = fast(journal).plan
    told = today(journal, FIRST)
    assert (told.do, len(told.blocks), told.blocks[0][0]) == ("session", 12, 10.0)
    rng = np.random.default_rng(3)
    for i in range(12):
        value = 8.5 - 1.2 * plan.is_on(i) + 0.1 * rng.standard_normal()
        kept = record(journal, at(FIRST), block=i + 1, value=value, speed_mps=3.0)
    assert verdict(journal, FIRST).verdict.code == "helped"
    record(journal, at(FIRST), block=12, value=30.0, correct=kept.number)
    assert verdict(journal, FIRST).verdict.code == "unknown"


def film(plan: Plan, i: int, value: float, day: date) -> KeptFilm:
    estimate = Estimate("vertical_oscillation", "both", value, "cm", value - 0.5, value + 0.5, 30, "good", "hips")
    when = at(day, 10) + timedelta(minutes=2 * i)
    return KeptFilm(f"{i}.mp4", when, when, "side", "running", 3.0, (estimate,))


def test_films_of_the_day_are_the_blocks_in_their_order(journal: Journal):
    plan = fast(journal).plan
    for i in reversed(range(12)):
        journal.add_film(film(plan, i, 8.5 - 1.2 * plan.is_on(i) + 0.02 * i, FIRST), b"%d" % i)
    assert verdict(journal, FIRST).verdict.code == "helped"
    journal.add_film(film(plan, 13, 9, FIRST), b"one too many")
    assert verdict(journal, FIRST).verdict.code == "unknown"


def test_a_watch_file_two_weeks_late_counts_for_its_day(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A run around midnight: its file comes late, and counts for the local day on which it began."""
    plan = fast(journal).plan
    begun = datetime(2026, 6, 1, 21, 50, tzinfo=UTC)
    run = watch.Run(begun, 1700, 3.0, 168.0, 8.5, 252)
    (tmp_path / "late.fit").write_bytes(watch.fit_file(run))
    assert verdict(journal, FIRST + timedelta(days=1), now=at(FIRST + timedelta(days=1))).blocks == {}
    import_files([tmp_path / "late.fit"], journal, workers=1)
    (kept,) = journal.runs()
    later = FIRST + timedelta(days=14)
    found: Judged = verdict(journal, later)
    if kept.local_date == plan.start:
        assert sorted(found.blocks) == list(range(12))
        assert all(block.source == f"run {kept.id}" for block in found.blocks.values())
    else:
        assert found.blocks == {}


def test_the_chance_of_a_fast_trial_needs_no_history(journal: Journal):
    proposal = new_plan(journal, "more-steps-5", "cadence", today=BEFORE, fits=(), feet="ask", seed=1)
    assert (proposal.plan.better, proposal.plan.unit, proposal.plan.sessions) == ("higher", "spm", 1)
    assert 0 < proposal.plan.promised <= 1
    assert trial_plan.named(proposal.plan) == "cadence"

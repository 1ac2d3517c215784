"""A cohort of made results: what was put in is found, and nothing that was not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cohort_kit as kit
from runfree.app.cohort import cohort
from runfree.cli import main
from runfree.core.cohort import CohortMeasure
from runfree.core.errors import InputError, NothingAssessableError
from runfree.jobs.state import Result
from runfree.report.cohort import render_cohort


def by_metric(folder: Path, by: str | None) -> dict[str, CohortMeasure]:
    return {measure.metric: measure for measure in cohort(folder, by=by).measures}


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kit.before_and_after(tmp_path_factory.mktemp("changed"))


def test_what_changed_is_found_within_runners_and_what_did_not_is_not(changed: Path) -> None:
    found = by_metric(changed, "session")
    for metric, truth in (("cadence", 4.0), ("vertical_oscillation", -0.8)):
        (difference,) = found[metric].comparison.differences
        assert (difference.level, difference.reference) == ("after", "before")
        assert found[metric].comparison.design == "within runners"
        assert difference.low - 0.2 < truth < difference.high + 0.2
        assert difference.p <= difference.p_adjusted < 0.05
    assert found["trunk_lean"].comparison.differences[0].p_adjusted > 0.05


def test_errors_of_measurement_are_those_of_the_films(changed: Path) -> None:
    found = by_metric(changed, None)
    assert {m: round(found[m].error_sd, 2) for m in kit.SHOWN} == {m: error for m, (_, error) in kit.SHOWN.items()}
    assert found["cadence"].comparison.why_not == "there is one group only"


def test_every_film_is_used_or_left_out_with_its_reason(changed: Path) -> None:
    seen = cohort(changed, by="session")
    assert (seen.films, seen.runners, seen.levels) == (56, 14, (("before", 28, 14), ("after", 28, 14)))
    assert dict(seen.left_out) == {
        "nobody can be followed in it. Film one person": ("blurred.mp4",),
        "it took longer than 3600 s": ("hung.mp4",),
    }


def test_chance_alone_is_rarely_called_clear(tmp_path: Path) -> None:
    clear = 0
    for seed in range(12):
        folder = kit.before_and_after(tmp_path / str(seed), effect=0.0, runners=8, seed=seed)
        clear += any(
            d.p_adjusted < 0.05 for m in cohort(folder, by="session").measures for d in m.comparison.differences
        )
    assert clear <= 3


def film(name: str, value: float, **labels: str):
    return name, labels, kit.tables([kit.estimate("cadence", value, 0.2)]), None


def test_small_cohorts_and_unnamed_runners_are_answered_honestly(tmp_path: Path) -> None:
    few = kit.make(
        tmp_path / "few", [film(f"{i}.mp4", 160 + i, runner=f"R{i}", group="ab"[i % 2]) for i in range(4)]
    )
    assert "2 runners" in by_metric(few, "group")["cadence"].comparison.why_not
    unnamed = kit.make(tmp_path / "unnamed", [film(f"{i}.mp4", 160 + i, group="ab"[i % 2]) for i in range(20)])
    assert "no runner" in by_metric(unnamed, "group")["cadence"].comparison.why_not


def test_an_outlier_other_views_other_units_and_walkers_are_set_apart(tmp_path: Path) -> None:
    films = [film(f"{i}.mp4", 160 + i % 3, runner=f"R{i}", group="a") for i in range(10)]
    films.append(film("far.mp4", 199.0, runner="R90", group="a"))
    films.append(
        (
            "rear.mp4",
            {"runner": "R91", "group": "a"},
            kit.tables([kit.estimate("cadence", 160, 0.2, view="rear")]),
            None,
        )
    )
    films.append(
        (
            "walk.mp4",
            {"runner": "R92", "group": "a"},
            kit.tables([kit.estimate("cadence", 110, 0.2)], "walking"),
            None,
        )
    )
    films.append(film("nobody.mp4", 160, runner="R93", group=""))
    seen = cohort(kit.make(tmp_path / "c", films), by="group")
    (cadence,) = seen.measures
    assert [one.film for one in cadence.outliers] == ["far.mp4"]
    assert cadence.other_view == 1
    assert dict(seen.left_out) == {
        "it shows walking, and most films running": ("walk.mp4",),
        "the list gives it no group": ("nobody.mp4",),
    }


def test_the_page_escapes_what_people_type_and_asks_nothing_of_the_network(tmp_path: Path) -> None:
    rude = "<script>alert(1)</script>\"'"
    films = [film(f"{rude}{i}.mp4", 160 + i, runner=f"{rude}{i}", group=rude if i % 2 else "b") for i in range(12)]
    page = render_cohort(cohort(kit.make(tmp_path / "c", films), by="group"))
    assert "<script" not in page
    assert not re.search(r"(src|href)=\"?https?:", page)


@pytest.mark.parametrize("table", ["films", "estimates"])
def test_a_damaged_table_is_said_in_one_sentence(table: str, tmp_path: Path) -> None:
    folder = kit.make(tmp_path / "c", [film("a.mp4", 160.0, runner="R1")])
    next((folder / "estimates").rglob("*.parquet")).write_bytes(b"damaged")
    if table == "films":
        (folder / ".runfree").rename(folder / "elsewhere")
        (folder / "films" / "films.parquet").write_bytes(b"damaged")
    with pytest.raises(InputError, match=table):
        cohort(folder)


def test_what_is_no_cohort_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cohort", str(tmp_path / "nothing")]) == 2
    assert "there are none" in capsys.readouterr().err
    folder = kit.make(tmp_path / "c", [film("a.mp4", 160.0, runner="R1")])
    assert main(["cohort", str(folder), "--by", "shoe"]) == 2
    assert "It had: height_m, speed_mps, runner" in capsys.readouterr().err
    only_bad = kit.make(tmp_path / "bad", [("x.mp4", {}, Result("refused", "The film x.mp4: no."), None)])
    with pytest.raises(NothingAssessableError, match="failures"):
        cohort(only_bad)


def test_text_and_page_from_the_command_line(
    changed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cohort", str(changed), "--by", "session"]) == 0
    assert "after − before" in capsys.readouterr().out
    assert main(["cohort", str(changed), "--by", "session", "--html", str(tmp_path / "c.html")]) == 0
    assert "2 of 4 differences stand out" in (tmp_path / "c.html").read_text(encoding="utf-8")

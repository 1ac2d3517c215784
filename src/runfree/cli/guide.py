"""``runfree guide`` and ``runfree poses``."""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps
from pathlib import Path
from shutil import get_terminal_size
from textwrap import fill
from typing import Any


def guide(
    complaint: str | None = None, /, *, triage: str | None = None, html: Path | None = None, json: bool = False
) -> int:
    """Say what the method and the research say to a complaint: warning signs first, then what to do and why.

    Parameters
    ----------
    complaint
        What hurts: foot, knee, hamstrings or back. Left out, the complaints and alignments are listed.
    triage
        Answers to the warning-sign questions: clear, or those that fit (FLAG,FLAG). Left out, they are asked.
    html
        Write it as one page that opens offline, to this file.
    json
        Print it as JSON, and nothing else, on stdout.
    """
    from runfree.app import guide as use_case

    if complaint is None:
        print(dumps(use_case.overview(), indent=2) if json else "\n".join(_overview(use_case.overview())))
        return 0
    from runfree.app.complaint import parse_place
    from runfree.app.self_checks import feet_allowed
    from runfree.cli.triage import answers

    fits = answers(parse_place(complaint), triage)
    told = use_case.guide(complaint, fits, feet=feet_allowed())
    if html is not None:
        from runfree.report.guide import write_guide

        write_guide(told, html)
    if json:
        print(dumps(told, indent=2, ensure_ascii=False))
    else:
        print("\n".join(_lines(told)))
        if html is not None:
            print(f"\nPage: {html}")
    return 0


def poses(name: str | None = None, /, *, html: Path | None = None, json: bool = False) -> int:
    """List the poses, drills and breathing, or explain one.

    Parameters
    ----------
    name
        One of them, such as chair. Left out, all are listed.
    html
        Write it with its picture as one page that opens offline, to this file.
    json
        Print it as JSON, and nothing else, on stdout.
    """
    from runfree.app.guide import poses as use_case

    found = use_case(name)
    if html is not None:
        from runfree.report.guide import write_poses

        write_poses(found, html)
    if json:
        print(dumps(found if name is None else found[0], indent=2, ensure_ascii=False))
    else:
        print("\n".join(_pose(found[0]) if name is not None else _list(found)))
    return 0


def _text(text: str, indent: str = "  ", first: str | None = None) -> str:
    width = min(get_terminal_size().columns, 100)
    return fill(text, max(30, width), initial_indent=indent if first is None else first, subsequent_indent=indent)


def _overview(told: dict[str, Any]) -> Iterator[str]:
    yield "Where does it hurt?"
    yield from (f"  runfree guide {c['id']:<12}{c['title']}" for c in told["complaints"])
    yield from ("", "The five alignments")
    yield from (_text(f"{a['title']}: {a['one_line']}") for a in told["alignments"])
    yield from ("", "Every tip says what the method says, what research says, and how sure that is.")


def _lines(told: dict[str, Any]) -> Iterator[str]:
    yield told["title"]
    yield from _triage(told["triage"])
    if told["triage"]["stop"]:
        return
    if "says" in told:
        yield from ("", _text(told["says"], ""))
    else:
        yield from _explained(told)
    yield from _ending(told)


def _triage(asked: dict[str, Any]) -> Iterator[str]:
    if asked["fits"]:
        yield from ("", "This comes first")
        for flag in asked["fits"]:
            yield _text(f"{flag['urgency']}. {flag['what_to_do']}", "    ", "  * ")
            yield _text(f"({flag['question']})", "    ")
    if asked["stop"]:
        yield from ("", "Everything else can wait: no practice and no running advice until then.")
    if not asked["answered"]:
        yield from ("", "Before anything else: does one of these fit you?")
        for flag in asked["questions"]:
            yield _text(flag["question"], "    ", "  * ")
            yield _text(f"-> {flag['what_to_do']} [{flag['id']}]", "       ", "    ")
        yield from (
            "",
            "Then: --triage clear if none fits, else --triage with the names in brackets, with commas.",
        )


def _explained(told: dict[str, Any]) -> Iterator[str]:
    yield from ("", "Where it comes from", _text(told["cause"]))
    if "waiting" in told:
        yield from ("", told["waiting"])
    if told.get("what_to_do"):
        yield from ("", "What to do")
        for i, tip in enumerate(told["what_to_do"], 1):
            yield from _tip(i, tip)
    if "held_back" in told:
        yield from ("", told["held_back"])
    yield from ("", "Why it works", _text(told["why_it_works"]))
    yield from ("", f"What research says (certainty: {told['grade']})", _text(told["research"]))
    if told["corrections"]:
        yield from ("", "Where research corrects the method")
        for correction in told["corrections"]:
            yield _text(f"The method: {correction['method']}", "    ", "  * ")
            yield _text(correction["instead"], "    ")
    yield from _practised(told)


def _tip(i: int, tip: dict[str, Any]) -> Iterator[str]:
    yield _text(tip["text"], "     ", f"  {i}. ")
    yield _text(f"The method says: {tip['method'] or 'nothing; research adds this.'}", "       ")
    note = f" {tip['grade_note']}" if tip["grade_note"] else ""
    yield _text(
        f"Research says ({tip['verdict'] + ', ' if tip['verdict'] else ''}certainty {tip['grade']}; {', '.join(tip['evidence'])}): {tip['research']}{note}",
        "       ",
    )
    if tip["feet"]:
        yield _text(tip["feet"], "       ")


def _practised(told: dict[str, Any]) -> Iterator[str]:
    for branch in told.get("branches", ()):
        yield from ("", f"{branch['title']}: {branch['tells']}", _text(branch["text"]))
    if "plan" in told:
        plan = told["plan"]
        yield from (
            "",
            f"Practice, {plan['per_week']} times a week, and {plan['daily_minutes']} minutes every day",
        )
        yield _text(f"{', '.join(e['name'] for e in plan['session'])}. {plan['why']}")
        yield _text(f"Every day: {', '.join(e['name'] for e in plan['daily'])}.")
        yield from (_text(f"Left out: {e['name']}. {e['why']}") for e in plan["left_out"])
        yield _text(f"runfree practice --complaint {told['complaint']} makes it; runfree poses NAME explains one.")
    if told.get("cues"):
        yield from ("", "Words to run with, one at a time")
        yield from (f'  {c["title"]}: "{c["say"][0]}" (not: "{c["avoid"]}")' for c in told["cues"])
    if told.get("self_checks"):
        yield from ("", "See or feel for yourself, every two weeks")
        yield from (f"  runfree check {c['id']:<20}{c['title']}" for c in told["self_checks"])
    for shoe in told.get("footwear", ()):
        yield from ("", shoe["title"], _text(shoe["text"]))
        if shoe["method"]:
            yield _text(f"The method says: {shoe['method']}", "    ")
        yield _text(f"Research says: {shoe['research']}", "    ")


def _ending(told: dict[str, Any]) -> Iterator[str]:
    rule = told["pain_rule"]
    yield from ("", "When to stop, and whom to see", _text(rule["stop"]))
    for light in rule["lights"]:
        yield _text(
            f"{light['light'].capitalize()}: {light['during']}; next morning {light['next_morning']}. {light['run']}"
        )
    yield from (_text(exception, "    ", "  * ") for exception in rule["exceptions"])
    yield _text(rule["consult"])
    yield from (_text(who, "    ", "  * ") for who in rule["see"])


def _list(found: list[dict[str, Any]]) -> Iterator[str]:
    titles = {True: "Poses", False: "Drills and breath"}
    for is_pose, title in titles.items():
        yield title
        for e in found:
            if ("sanskrit" in e) == is_pose:
                places = ", ".join(c["complaint"] for c in e["complaints"])
                yield f"  {e['id']:<26}{e.get('sanskrit', e['name']):<46}{places}".rstrip()
        yield ""
    yield "runfree poses NAME explains one."


def _pose(e: dict[str, Any]) -> Iterator[str]:
    from runfree.report.guide import dose_words

    yield e["name"] + (f", {e['sanskrit']}" if "sanskrit" in e else "")
    yield _text(e["alt"])
    yield from ("", "Steps", *(_text(step, "     ", f"  {i}. ") for i, step in enumerate(e["steps"], 1)))
    yield from ("", "Words", *(_text(cue, "    ", "  * ") for cue in e["cues"]), _text(f"Toes: {e['toes']}"))
    yield from ("", "How much")
    for kind, title in (("moving", "Before a run"), ("hold", "After a run")):
        if e[kind]:
            yield _text(
                f"{title}: {e[kind]['how']} {', '.join(f'{x} {dose_words(e[kind][x])}' for x in ('easy', 'medium', 'strong'))}."
            )
    if e["sides"] == "each":
        yield "  On each side."
    yield from ("", _text(f"Easier: {e['easier']['text']}."), _text(f"Harder: {e['harder']['text']}."))
    if e["cautions"]:
        yield from ("", "Not, or not like this, if")
        for caution in e["cautions"]:
            word = "leave it out" if caution["do"] == "leave_out" else "change it"
            yield _text(f"{caution['name']}: {word}. {caution['text']}")
    yield from ("", "Good for", *(_text(f"{c['complaint']}: {c['why']}") for c in e["complaints"]))
    yield _text(f"The method says: {e['method']}")
    grade = next(iter(e["claims"].values()))["grade"] if e["basis"] == "research" else "very low"
    label = f"certainty {grade}; {', '.join(e['evidence'])}" if e["evidence"] else f"certainty {grade}"
    yield _text(f"Research says ({label}): {e['research']}")
    yield _text(f"Its use here rests on: {_BASIS[e['basis']]}.")


_BASIS = {"research": "research", "expert": "a teacher's judgement", "tradition": "tradition"}

"""Every exercise, check and alignment has a picture that is safe, self-contained, described and follows the colour scheme."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from runfree.knowledge import figure, load

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {"svg", "title", "desc", "style", "g", "path", "circle", "rect", "clipPath", "text"}
LARGEST_BYTES, LARGEST_ALL_BYTES = 80_000, 4_000_000
KNOWLEDGE = load()
NAMES = sorted({*KNOWLEDGE.exercises, *KNOWLEDGE.self_checks, *KNOWLEDGE.alignments})


def problems(name: str, svg: str) -> Iterator[str]:
    if len(svg.encode()) > LARGEST_BYTES:
        yield "too large"
    root = fromstring(svg)
    if root.get("role") != "img" or "viewBox" not in root.attrib:
        yield "no role or viewBox"
    described = {e.get("id"): (e.text or "") for e in root if e.tag in (f"{SVG}title", f"{SVG}desc")}
    named = root.get("aria-labelledby", "").split()
    if len(named) != 2 or any(len(described.get(i, "")) < 3 for i in named):
        yield "no title and description"
    if not svg.count("prefers-color-scheme:dark") >= 1:
        yield "no dark scheme"
    for element in root.iter():
        yield from _element_problems(name, element)


def _element_problems(name: str, element: Element) -> Iterator[str]:
    tag = element.tag.removeprefix(SVG)
    if tag not in ALLOWED:
        yield f"element {tag}"
    if (i := element.get("id")) and not i.startswith(f"{name}-"):
        yield f"id {i} would clash with another picture's on one page"
    for key, value in [*element.attrib.items(), ("text", element.text or "")]:
        if key.startswith("on") or "href" in key:
            yield f"attribute {key}"
        outside = [u for u in re.findall(r"url\(([^)]*)\)", value) if not u.startswith("#")]
        if outside or "@import" in value or "javascript:" in value:
            yield f"reference {value[:40]}"
    if tag == "path" and "nan" in element.get("d", ""):
        yield "a path that is no number"


def test_nothing_is_without_a_picture() -> None:
    assert [n for n in NAMES if figure(n) is None] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_safe_and_described(name: str) -> None:
    assert list(problems(name, figure(name) or "")) == []


def test_no_picture_is_of_nothing() -> None:
    drawn = {f.name.removesuffix(".svg") for f in (files("runfree.knowledge") / "figures").iterdir()}
    assert drawn - set(NAMES) == set()


def test_together_they_stay_small() -> None:
    assert sum(len((figure(n) or "").encode()) for n in NAMES) < LARGEST_ALL_BYTES


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("</svg>", "<script>1</script></svg>", "element script"),
        ("</svg>", '<image href="https://example.org/a.png"/></svg>', "attribute href"),
        ("<g ", '<g onclick="x()" ', "attribute onclick"),
        ("url(#", "url(https://example.org/#", "reference"),
        ("<desc", "<g><desc", None),
        ("prefers-color-scheme:dark", "print", "no dark scheme"),
        ('id="chair-t"', 'id="t"', "clash"),
        ('role="img"', "", "no role"),
        ("</svg>", " " * LARGEST_BYTES + "</svg>", "too large"),
    ],
)
def test_a_bad_picture_is_refused(old: str, new: str, found: str | None) -> None:
    svg = (figure("chair") or "").replace(old, new)
    if found is None:
        svg = svg.replace("</desc>", "</desc></g>")
        found = "no title and description"
    assert any(found in p for p in problems("chair", svg))

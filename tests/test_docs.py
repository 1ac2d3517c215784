"""The pages say what the code says, their links lead somewhere, and their drawings can be made again."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from runfree.core.metrics import METRICS

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "examples" / "README.md"])
MEASURES = ROOT / "docs" / "measures.md"
IMAGES = ROOT / "docs" / "images"
DRAWINGS = sorted(p for folder in ("measures", "filming") for p in (IMAGES / folder).glob("*.svg"))
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def anchors(page: Path) -> set[str]:
    """Return the anchors GitHub makes of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in headings}


def broken_links(text: str, page: Path) -> list[str]:
    """Return the links of a page that lead to no file or no heading; the web is not asked."""
    broken: list[str] = []
    for link in _LINK.findall(_CODE.sub("", text)):
        if link.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    return broken


def section(metric: str) -> str:
    """Return the part of the page on the measures that is about one of them, with its heading."""
    parts = re.split(r"^(?=### )", MEASURES.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = [p for p in parts if f"<!-- facts:{metric} -->" in p]
    assert len(found) == 1, f"{metric}: {len(found)} sections in docs/measures.md"
    return found[0]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_leads_to_a_file_or_a_heading(page: Path) -> None:
    assert broken_links(page.read_text(encoding="utf-8"), page) == []


def test_broken_links_are_found() -> None:
    text = "[a](nowhere.md) [b](measures.md#nothing) [c](measures.md#cadence) [d](https://example.org/x) `[e](code.md)`"
    assert broken_links(text, MEASURES) == ["nowhere.md", "measures.md#nothing"]


@pytest.mark.parametrize("metric", METRICS)
def test_every_measure_has_its_section_with_title_and_drawing(metric: str) -> None:
    text = section(metric)
    assert text.startswith(f"### {METRICS[metric].title}\n")
    assert f"(images/measures/{metric}.svg)" in text


def test_every_measure_has_its_row_in_the_table_of_signs() -> None:
    table = MEASURES.read_text(encoding="utf-8").split("## All signs")[1]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", table, re.MULTILINE)
    assert {(metric, title.strip()) for metric, title in rows} == {(m.id, m.title) for m in METRICS.values()}


def test_the_facts_on_the_page_are_those_of_the_code(tmp_path: Path) -> None:
    """Where this fails: ``uv run python tools/measure_facts.py``."""
    again = tmp_path / "measures.md"
    again.write_bytes(MEASURES.read_bytes())
    subprocess.run([sys.executable, ROOT / "tools" / "measure_facts.py", again], check=True)
    assert again.read_text(encoding="utf-8") == MEASURES.read_text(encoding="utf-8")


def test_stale_facts_are_replaced(tmp_path: Path) -> None:
    again = tmp_path / "measures.md"
    again.write_text(
        MEASURES.read_text(encoding="utf-8").replace("Half-width: ±", "Half-width: ± 9"), encoding="utf-8"
    )
    subprocess.run([sys.executable, ROOT / "tools" / "measure_facts.py", again], check=True)
    assert again.read_text(encoding="utf-8") == MEASURES.read_text(encoding="utf-8")


def test_the_drawings_are_made_again_byte_for_byte(tmp_path: Path) -> None:
    """Where this fails: ``uv run python tools/drawings/draw.py``."""
    subprocess.run([sys.executable, ROOT / "tools" / "drawings" / "draw.py", tmp_path], check=True)
    made = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*.svg")}
    assert made == {p.relative_to(IMAGES): p.read_bytes() for p in DRAWINGS}


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda p: p.stem)
def test_a_drawing_is_small_named_for_screen_readers_and_brings_nothing_along(drawing: Path) -> None:
    root = ElementTree.fromstring(drawing.read_bytes())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("aria-label")
    assert drawing.stat().st_size < 10_000
    assert not [e for e in root.iter() if "href" in " ".join(e.attrib) or e.tag.endswith(("script", "image"))]

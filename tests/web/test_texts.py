"""Every text stands in the catalogue, and the pictures are those of the documentation."""

from __future__ import annotations

from pathlib import Path

import pytest
from web_texts import POT, catalogue

from runfree.web.pages import static_files

ROOT = Path(__file__).resolve().parents[2]


def test_the_catalogue_is_that_of_the_code() -> None:
    """Where this fails: ``uv run python tools/web_texts.py``."""
    assert POT.read_bytes() == catalogue()


@pytest.mark.parametrize("name", ["side", "front"])
def test_the_pictures_for_filming_are_those_of_the_documentation(name: str) -> None:
    assert static_files()[f"filming-{name}.svg"] == (ROOT / "docs/images/filming" / f"{name}.svg").read_bytes()

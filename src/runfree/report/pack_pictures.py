"""The stills of a report, taken from its page for a pack."""

from __future__ import annotations

import base64
import binascii
import io
import warnings
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from PIL import Image, UnidentifiedImageError

from runfree.core.errors import InputError
from runfree.report.pack import Picture
from runfree.report.page import GENERATOR

MOST_BYTES: Final = 20_000_000
MOST_PICTURES: Final = 6
MOST_PIXELS: Final = 8_000_000
_KINDS: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


class _Stills(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep pictures that stand inside the page."""
        given = dict(attrs)
        source = given.get("src") or ""
        if tag == "img" and source.startswith("data:image/") and "svg" not in source[:20]:
            self.found.append((source, given.get("alt") or "A still of the film"))


def pictures_of(folder: Path) -> tuple[Picture, ...]:
    """Return the first stills of a report; each is opened, so that only pictures get into a pack.

    Raises
    ------
    InputError
        If the folder holds no report of Runfree.
    """
    page = folder / "index.html"
    remedy = "Give the folder that runfree analyze wrote."
    if not page.is_file() or page.stat().st_size > MOST_BYTES:
        raise InputError(f"The report {folder.name!r}", "there is no page of a report in it", remedy)
    text = page.read_text(encoding="utf-8", errors="replace")
    if GENERATOR not in text[:4000]:
        raise InputError(f"The report {folder.name!r}", "its page was not written by Runfree", remedy)
    reader = _Stills()
    reader.feed(text)
    made = (_picture(source, alt) for source, alt in reader.found[:MOST_PICTURES])
    return tuple(one for one in made if one is not None)


def _picture(source: str, alt: str) -> Picture | None:
    """A picture, written anew without anything that is hidden in the file; None if it is none."""
    try:
        data = base64.b64decode(source.partition(",")[2], validate=True)
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as opened:
                if opened.format not in _KINDS or opened.width * opened.height > MOST_PIXELS:
                    return None
                out = io.BytesIO()
                opened.convert("RGB").save(out, "JPEG", quality=82)
    except (
        binascii.Error,
        UnidentifiedImageError,
        OSError,
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
    ):
        return None
    return Picture(f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}", alt[:200])

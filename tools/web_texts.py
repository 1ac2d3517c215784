"""Write the catalogue of the web app's texts, for translators: ``uv run python tools/web_texts.py``."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

WEB = Path(__file__).resolve().parents[1] / "src" / "runfree" / "web"
POT = WEB / "locale" / "runfree.pot"
METHODS = [("**.py", "python"), ("templates/**.j2", "jinja2")]
OPTIONS = {"templates/**.j2": {"trimmed": "true"}}


def catalogue() -> bytes:
    """Return the catalogue of every text in the code and the templates."""
    found = Catalog(charset="utf-8")
    for name, line, message, comments, context in extract_from_dir(WEB, METHODS, OPTIONS):
        found.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    text = io.BytesIO()
    write_po(text, found, omit_header=True, sort_by_file=True, include_lineno=False, width=115)
    head = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    return head + text.getvalue()


if __name__ == "__main__":
    Path(sys.argv[1] if len(sys.argv) > 1 else POT).write_bytes(catalogue())

"""XML from anywhere, as a stream of elements: no entity, no network, bounded depth and length of a token."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from runfree.core.errors import ActivityError

MAX_DEPTH = 60
MAX_SILENCE = 8_000_000
"""Bytes without the end of a tag: no export has a longer one."""
_CHUNK = 1 << 18

Start = Callable[[str, AttributesImpl], None]
End = Callable[[str, str], None]


class _Elements(ContentHandler):
    def __init__(self, start: Start, end: End, keep_text: bool) -> None:
        super().__init__()
        self._start, self._end, self._keep_text = start, end, keep_text
        self._text: list[str] = []
        self.depth = self.seen = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        self.depth += 1
        self.seen += 1
        if self.depth > MAX_DEPTH:
            raise SAXException("nested too deeply")
        self._text.clear()
        self._start(name.rpartition(":")[2], attrs)

    def endElement(self, name: str) -> None:
        self.depth -= 1
        self._end(name.rpartition(":")[2], "".join(self._text).strip())
        self._text.clear()

    def characters(self, content: str) -> None:
        if self._keep_text:
            self._text.append(content)


def read_elements(file: IO[bytes], name: str, start: Start, end: End, *, keep_text: bool = True) -> str | None:
    """Call ``start(tag, attributes)`` and ``end(tag, text)`` for every element, tags without their prefix.

    Parameters
    ----------
    file : binary file
        Read in pieces, so that memory does not grow with its size. Blanks before the XML declaration are skipped.
    name : str
        What errors call it.
    start, end : callable
        Told of each element.
    keep_text : bool
        Whether ``end`` gets the element's text; without it only attributes are read.

    Returns
    -------
    str or None
        What is damaged; everything before it was told.

    Raises
    ------
    ActivityError
        If it declares entities or refers to the outside, as files that attack a reader do.
    """
    handler = _Elements(start, end, keep_text)
    parser = make_parser()
    parser.setContentHandler(handler)
    silence = 0
    chunk = file.read(_CHUNK).removeprefix(b"\xef\xbb\xbf").lstrip()
    try:
        while chunk:
            before = handler.seen
            parser.feed(chunk)
            silence = 0 if handler.seen > before else silence + len(chunk)
            if silence > MAX_SILENCE:
                return "one of its tags never ends"
            chunk = file.read(_CHUNK)
        parser.close()
    except DefusedXmlException as error:
        raise ActivityError(
            name, "it declares entities, which no watch or app writes and attacks do", "Export it again."
        ) from error
    except SAXParseException as error:
        return f"it breaks off or is damaged at line {error.getLineNumber()}"
    except SAXException:
        return "its elements are nested too deeply"
    return None

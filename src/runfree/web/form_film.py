"""A film in a plain form (multipart/form-data), written to the disk as it comes."""

from __future__ import annotations

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from runfree.app.uploads import add_piece, begin_upload, finish_upload
from runfree.core.clip import Clip, Upload
from runfree.core.errors import InputError
from runfree.journal import Journal

FIELD = b"film"
_REMEDY = "Choose one film and send the form again."


class FilmOfForm:
    """Takes the body of a form piece by piece; the film is its field ``film``.

    Parameters
    ----------
    journal : Journal
        Whose.
    content_type : str
        Of the request.
    length : int
        Of the whole body, which the film is shorter than.

    Raises
    ------
    InputError
        If it is no such form.
    """

    def __init__(self, journal: Journal, content_type: str, length: int) -> None:
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or not options.get(b"boundary") or length <= 0:
            raise InputError("The form", "it carries no film", _REMEDY)
        self._journal, self._length = journal, length
        self._upload: Upload | None = None
        self._at, self._wanted, self._whole = 0, False, False
        self._headers: dict[bytes, bytes] = {}
        self._name, self._value = b"", b""
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": self._part_begins,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_ends,
                "on_headers_finished": self._headers_end,
                "on_part_data": self._data,
                "on_end": self._ends,
            },
        )

    def take(self, data: bytes) -> None:
        """Take the next piece of the body.

        Raises
        ------
        InputError
            If it is no form.
        """
        try:
            self._parser.write(data)
        except MultipartParseError as error:
            raise InputError("The form", "it is cut off or damaged", _REMEDY) from error

    def finish(self) -> Clip:
        """Keep the film.

        Raises
        ------
        InputError
            If there was none, or the form does not reach its end.
        """
        if not self._whole:
            raise InputError("The form", "it is cut off or damaged", _REMEDY)
        if self._upload is None or self._at == 0:
            raise InputError("The form", "no film was chosen, or it is empty", _REMEDY)
        return finish_upload(self._journal, self._journal.clips.settle(self._upload))

    def drop(self) -> None:
        """Give up what came."""
        if self._upload is not None:
            self._journal.clips.drop(self._upload)

    def _part_begins(self) -> None:
        self._headers, self._name, self._value, self._wanted = {}, b"", b"", False

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_ends(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name, self._value = b"", b""

    def _headers_end(self) -> None:
        _, told = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._wanted = told.get(b"name") == FIELD and self._upload is None
        if self._wanted:
            name = told.get(b"filename", b"").decode("utf-8", "replace")
            self._upload = begin_upload(self._journal, name, self._length)

    def _ends(self) -> None:
        self._whole = True

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._wanted and self._upload is not None:
            self._at = add_piece(self._journal, self._upload, self._at, data[start:end])

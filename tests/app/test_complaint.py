import pytest

from runfree.app.complaint import COMPLAINTS, parse_complaint
from runfree.core.errors import InputError


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("foot", "foot"),
        ("Knee", "knee"),
        ("hamstring", "hamstrings"),
        ("low back", "back"),
        ("Low-Back", "back"),
        (" lower  back ", "back"),
        ("runner's knee", "knee"),
    ],
)
def test_everyday_words(text: str, place: str) -> None:
    assert parse_complaint(text) == place


def test_no_word_stands_for_two_places() -> None:
    words = [word for place, aliases in COMPLAINTS.items() for word in (place, *aliases)]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("text", ["", "elbow", "knee; rm -rf /", "back to front", "🦵"])
def test_other_places_are_refused_with_the_ones_known(text: str) -> None:
    with pytest.raises(InputError, match="foot, knee, hamstrings and back"):
        parse_complaint(text)


def test_a_slip_gets_a_hint() -> None:
    with pytest.raises(InputError, match="Did you mean hamstrings"):
        parse_complaint("hamstirngs")

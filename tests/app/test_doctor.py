import re

from runfree.app.doctor import Check, can_analyse, examine


def test_what_this_suite_uses_works() -> None:
    found = {(check.area, check.name): check for check in examine()}
    assert found["backend", "replay"].works
    assert found["reader", "films in H.264"].works
    assert re.fullmatch(r"[\d.]+ GiB", found["this computer", "free disk here"].detail)


def test_everything_that_does_not_work_says_what_to_do() -> None:
    assert [check.name for check in examine() if not check.works and not check.remedy] == []


def test_replay_alone_cannot_analyse_a_film() -> None:
    film = Check("reader", "films", True, "")
    replay, network = Check("backend", "replay", True, ""), Check("backend", "blazepose", True, "")
    assert not can_analyse((film, replay))
    assert can_analyse((film, replay, network))
    assert not can_analyse((Check("reader", "films", False, ""), network))

import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

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


@pytest.mark.skipif(find_spec("mediapipe") is None, reason="the default backend is not available here")
@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("libGL.so.1: cannot open shared object file", "apt-get install libgl1 libglib2.0-0"),
        ("libgthread-2.0.so.0: cannot open shared object file", "apt-get install libgl1 libglib2.0-0"),
        ("DLL load failed", "pip install mediapipe"),
    ],
)
def test_an_opencv_that_does_not_load_names_its_remedy(tmp_path: Path, said: str, advice: str) -> None:
    (tmp_path / "cv2.py").write_text(f"raise ImportError({said!r})")
    command = [sys.executable, "-m", "runfree", "doctor", "--json"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(tmp_path)}
    )
    assert done.returncode == 1, done.stderr
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert not checks["blazepose"]["works"]
    assert said in checks["blazepose"]["detail"]
    assert advice in checks["blazepose"]["remedy"]

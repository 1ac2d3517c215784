"""How long the first moments take, in seconds of a fresh process. Run: make bench."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "words",
    [
        ["-c", "pass"],
        ["-c", "import runfree"],
        ["-m", "runfree", "--help"],
        ["-m", "runfree", "analyze", "--help"],
    ],
    ids=["python itself", "import runfree", "--help", "analyze --help"],
)
def test_startup(benchmark, words):
    benchmark.pedantic(
        subprocess.run, args=([sys.executable, *words],), kwargs={"check": True, "capture_output": True}, rounds=10
    )

"""What a batch does with one film: in a worker, and there in a guarded child process."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import runfree
from runfree.core.errors import FilmError, MissingPartError, RunfreeError
from runfree.io.film_source import digest, local_copy
from runfree.jobs.dataset import pack
from runfree.jobs.guarded import Limits
from runfree.jobs.state import Result
from runfree.jobs.workers import guarded

MOTION = ".nc"


def read_digest(source: str) -> str | RunfreeError:
    """SHA-256 of a film, or why it cannot be read."""
    try:
        return digest(source)
    except RunfreeError as problem:
        return problem


def analyze_one(
    source: str, name: str, provenance: dict[str, Any], *, limits: Limits, weights: str | None, motion: bool
) -> tuple[Result, dict[str, bytes]]:
    """Fetch a film, analyse it in a child process, and say how that ended; the motion too, if asked."""
    try:
        with local_copy(source) as path:
            outcome, tries = guarded(limits, analyze_here, path, name, provenance, weights, motion)
    except RunfreeError as problem:
        return Result("refused", str(problem)), {}
    payload, files = outcome.value if outcome.end == "done" else (None, {})
    return Result(outcome.end, outcome.why, tries, outcome.seconds, outcome.peak_bytes, payload), files


def analyze_here(
    path: Path, name: str, provenance: dict[str, Any], weights: str | None, motion: bool
) -> tuple[bytes, dict[str, bytes]]:
    """Analyse a film that is here and is what its provenance says.

    Raises
    ------
    FilmError
        If it has changed since it was listed.
    MissingPartError
        If this worker has another version of Runfree or of the pose network than the driver.
    """
    from runfree.app.analyze import analyze
    from runfree.io.motion_file import write_motion
    from runfree.io.result_tables import tables_of
    from runfree.pose.backend import load_backend

    settings = json.loads(provenance["settings"])
    part = load_backend(settings.pop("backend"), Path(weights) if weights else None)
    here = {"runfree": runfree.__version__, "backend": f"{part.name} {part.version}"}
    for what, version in here.items():
        if version != provenance[what]:
            raise MissingPartError(
                f"A worker's {what}",
                f"it is {version}, and the driver's {provenance[what]}",
                "Install the same version of Runfree and its packages on every machine.",
            )
    if digest(str(path)) != provenance["film_sha256"]:
        raise FilmError(f"The film {name}", "it changed while it was being read", "Run the batch again.")
    analysis = analyze(path, workers=1, backend=part.name, weights=weights, **settings)
    files: dict[str, bytes] = {}
    if motion:
        with tempfile.TemporaryDirectory(prefix="runfree-") as folder:
            written = Path(folder) / "motion.nc"
            write_motion(written, analysis.films[0].motion)
            files[MOTION] = written.read_bytes()
    return pack(tables_of(analysis)), files

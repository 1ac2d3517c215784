"""The networks' files: which they are, where they are kept, and how one is read with suspicion."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from platformdirs import user_cache_path

from runfree.core.errors import InputError, MissingPartError

MAX_BYTES = 300_000_000
_ZIP = b"PK\x03\x04"
_REMEDY = "Give RTMPose with 26 points (HALPE-26) as .onnx or as the released .zip, or run: runfree fetch-weights"


@dataclass(frozen=True, slots=True)
class Weights:
    """One released network.

    Attributes
    ----------
    title, file : str
        What it is, and its name where it is released: a zip with one ONNX file in it.
    sha256 : str
        Of the ONNX file (where it is known from: docs/decisions/0008-rtmpose-weights.md).
    """

    title: str
    file: str
    sha256: str


POSE = Weights(
    "RTMPose-m, 26 points with heels and toes (HALPE-26), 52 MB",
    "rtmpose-m_simcc-body7_pt-body7-halpe26_700e-256x192-4d3e73dd_20230605.zip",
    "26f3a19e61304a600dfb82d1001d41d24343b89fc70a33ffc84657e0b0bf2ecf",
)
FINDER = Weights(
    "YOLOX-tiny, finds people (Human-Art), 20 MB",
    "yolox_tiny_8xb8-300e_humanart-6f3252f9.zip",
    "ceb11c07298f95c50d7c5abeb906d03340c85f23aa79e3e66966e7fb6c307250",
)
LICENCE = """\
Both networks are released by OpenMMLab under the Apache-2.0 licence
(https://github.com/open-mmlab/mmpose/tree/main/projects/rtmpose). They were trained on public collections of pictures,
some of which their owners gave for research only; OpenMMLab says that the networks are free to use
(https://github.com/open-mmlab/mmpose/issues/3062). If you earn money with them, judge for yourself."""


def default_folder() -> Path:
    """Return the folder in this user's cache where fetched weights are kept."""
    return user_cache_path("runfree", appauthor=False) / "weights"


def read_onnx(path: Path) -> bytes:
    """Read an ONNX file, or the one inside a released zip, of at most 300 MB.

    Raises
    ------
    InputError
        If it is not there, too large, or a zip that holds no ONNX file or more than one.
    """
    try:
        if not path.is_file():
            raise refused(path, "there is no such file", "Check the name and the folder.")
        if path.stat().st_size > MAX_BYTES:
            raise refused(path, "it is far larger than such a network")
        with path.open("rb") as file:
            zipped = file.read(len(_ZIP)) == _ZIP
        return _unzipped(path) if zipped else path.read_bytes()
    except OSError as error:
        raise refused(path, f"it cannot be read ({error.strerror or error})", "Check its permissions.") from error


def _unzipped(path: Path) -> bytes:
    try:
        with ZipFile(path) as archive:
            inside = [item for item in archive.infolist() if item.filename.endswith(".onnx")]
            if len(inside) != 1:
                raise refused(path, f"there are {len(inside)} ONNX files in this zip, one is expected")
            if inside[0].file_size > MAX_BYTES:
                raise refused(path, "it unpacks to far more than such a network")
            return archive.read(inside[0])
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise refused(path, "it is a damaged zip") from error


def refused(path: Path, why: str, remedy: str = _REMEDY) -> InputError:
    """Return the error for weights that cannot be used."""
    return InputError(f"The weights {path.name}", why, remedy)


def sha256_of(data: bytes) -> str:
    """Return the SHA-256 as hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def released(folder: Path, weights: Weights) -> Path:
    """Return the file of released weights in a folder, its checksum checked.

    Raises
    ------
    MissingPartError
        If it is not there, or is not the released one.
    """
    path = folder / weights.file
    if not path.exists():
        raise _missing(f"{weights.file} is not in {folder}")
    if sha256_of(read_onnx(path)) != weights.sha256:
        raise _missing(f"{path} does not have the checksum of the released file")
    return path


def _missing(why: str) -> MissingPartError:
    return MissingPartError(
        "The pose backend 'rtmpose'",
        why,
        "Run: runfree fetch-weights (once, with a network), or give the file with --weights.",
    )

"""The contract for pose backends accepts an honest one and refuses each kind of fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from runfree.core.motion import KEYPOINTS
from runfree.io.video import frames_at, probe
from runfree.pose.backend import load_backend
from runfree.testing.contracts import PoseBackendContract


class Blob:
    """An honest backend: the person is whatever is bright."""

    name, version, keypoints = "blob", "1", KEYPOINTS

    @contextmanager
    def session(self) -> Iterator[Blob]:
        yield self

    @contextmanager
    def following(self) -> Iterator[BlobNear]:
        yield BlobNear(self)

    @contextmanager
    def people_finder(self):
        def find(rgb: np.ndarray) -> np.ndarray:
            seen = self.infer(rgb)
            if seen is None:
                return np.empty((0, 3))
            low, high = seen[0].min(axis=0), seen[0].max(axis=0)
            return np.array([[*(low + high) / 2, (high[1] - low[1]) / 2]])

        yield find

    def infer(self, rgb: np.ndarray):
        rows, columns = np.nonzero(rgb[..., 0] > 128)
        if not len(rows):
            return None
        down = np.linspace(rows.min(), rows.max(), len(KEYPOINTS), dtype=np.float32)
        position = np.column_stack([np.full_like(down, columns.mean()), down])
        return position, np.ones(len(KEYPOINTS), dtype=np.float32)


class BlobNear:
    def __init__(self, blob: Blob) -> None:
        self.blob = blob

    def infer(self, rgb: np.ndarray, near: np.ndarray):
        x, _, radius = near
        there = np.zeros_like(rgb)
        there[:, int(max(0, x - radius / 2)) : int(x + radius / 2)] = 1
        return self.blob.infer(rgb * there)


class LooksElsewhere(Blob):
    @contextmanager
    def following(self):
        class Anybody:
            def infer(_, rgb: np.ndarray, near: np.ndarray):
                return self.infer(rgb)

        yield Anybody()


class Guesses(Blob):
    def infer(self, rgb: np.ndarray):
        return super().infer(rgb) or (np.zeros((len(KEYPOINTS), 2)), np.ones(len(KEYPOINTS)))


class Remembers(Blob):
    seen = 0

    def infer(self, rgb: np.ndarray):
        Remembers.seen += 1
        found = super().infer(rgb)
        return found and (found[0] + Remembers.seen, found[1])


class SharesNotPixels(Blob):
    def infer(self, rgb: np.ndarray):
        found = super().infer(rgb)
        return found and (found[0] / max(rgb.shape), found[1])


class Paints(Blob):
    def infer(self, rgb: np.ndarray):
        rgb[0] = 0
        return super().infer(rgb)


class Swallows(Blob):
    @contextmanager
    def session(self) -> Iterator[Blob]:
        try:
            yield self
        except Exception:  # noqa: BLE001 - the fault under test
            return


class NoToes(Blob):
    keypoints = tuple(k for k in KEYPOINTS if "toe" not in k)


class TestAnHonestBackend(PoseBackendContract):
    def backend(self):
        return Blob()

    def picture(self):
        picture = np.zeros((90, 60, 3), dtype=np.uint8)
        picture[20:80, 25:35] = 200
        return picture


class TestBlazePose(PoseBackendContract):
    """The default backend on a frame of a phantom film."""

    @pytest.fixture(autouse=True)
    def _frame(self, shared_data: Path) -> None:
        pytest.importorskip("mediapipe", reason="mediapipe has no build for this Python")
        self._picture = frames_at(probe(shared_data / "phantom" / "front_fpa_10_20.mp4"), [30])[30]

    def backend(self):
        return load_backend("blazepose")

    def picture(self):
        return self._picture.copy()


@pytest.mark.parametrize(
    ("faulty", "check"),
    [
        (Guesses, "test_nobody_is_none"),
        (Remembers, "test_deterministic_and_without_memory_between_sessions"),
        (SharesNotPixels, "test_shape_and_range"),
        (Paints, "test_the_picture_is_left_alone"),
        (Swallows, "test_closes_cleanly"),
        (NoToes, "test_it_says_what_it_is"),
        (LooksElsewhere, "test_it_follows_whom_it_is_told"),
    ],
)
def test_a_faulty_backend_is_refused(faulty, check) -> None:
    contract = TestAnHonestBackend()
    contract.backend = faulty
    with pytest.raises((AssertionError, ValueError)):
        getattr(contract, check)()

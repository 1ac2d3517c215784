"""What a part from outside must hold to: inherit a contract in your tests, fill in its two methods, run pytest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from runfree.core.motion import REQUIRED
from runfree.pose.backend import FrameBackend

Found = tuple[NDArray[np.float32], NDArray[np.float32]] | None


class PoseBackendContract:
    """Checks of a :class:`runfree.pose.backend.FrameBackend`.

    Examples
    --------
    >>> class TestMine(PoseBackendContract):
    ...     def backend(self): return my_backend()
    ...     def picture(self): return one_upright_rgb_frame_with_a_runner
    """

    def backend(self) -> FrameBackend:
        """Return the backend under test."""
        raise NotImplementedError

    def picture(self) -> NDArray[np.uint8]:
        """Return an upright RGB picture (H, W, 3) of one person."""
        raise NotImplementedError

    def _infer(self, *pictures: NDArray[np.uint8]) -> list[Found]:
        with self.backend().session() as session:
            return [session.infer(picture) for picture in pictures]

    def test_it_says_what_it_is(self) -> None:
        """Name, version, and at least the keypoints every measure needs, none twice."""
        backend = self.backend()
        assert isinstance(backend, FrameBackend)
        assert backend.name
        assert backend.version
        assert len(set(backend.keypoints)) == len(backend.keypoints)
        assert set(backend.keypoints) >= REQUIRED

    def test_shape_and_range(self) -> None:
        """Positions (K, 2) in pixels near the picture, or NaN; confidence (K,) from 0 to 1, never NaN."""
        picture = self.picture()
        (found,) = self._infer(picture)
        assert found is not None, "the person in the picture was not found"
        position, confidence = found
        n = len(self.backend().keypoints)
        assert position.shape == (n, 2)
        assert confidence.shape == (n,)
        assert ((confidence >= 0) & (confidence <= 1)).all()
        assert not np.isinf(position).any()
        height, width = picture.shape[:2]
        middle = np.nanmedian(position, axis=0)
        assert (middle >= 0).all()
        assert (middle <= (width, height)).all(), "positions must be pixels of the picture given"
        assert np.nanmax(np.ptp(position, axis=0)) > 2, "positions look like shares of the picture, not pixels"

    def test_nobody_is_none(self) -> None:
        """An empty picture gives None, not a guess."""
        assert self._infer(np.full_like(self.picture(), 90)) == [None]

    def test_deterministic_and_without_memory_between_sessions(self) -> None:
        """The same frames in a new session give the same numbers to the last bit."""
        picture = self.picture()
        frames = (picture, np.roll(picture, 3, axis=1), picture)
        for one, other in zip(self._infer(*frames), self._infer(*frames), strict=True):
            assert one is not None
            assert other is not None
            np.testing.assert_array_equal(one[0], other[0])
            np.testing.assert_array_equal(one[1], other[1])

    def test_it_follows_whom_it_is_told(self) -> None:
        """Of two people side by side, each is found at their own place."""
        one = self.picture()
        with self.backend().people_finder() as find:
            (place,) = find(one)
        two = np.concatenate([one, one], axis=1)
        for shift in (0, one.shape[1]):
            with self.backend().following() as following:
                seen = following.infer(two, place + np.array([shift, 0, 0]))
            assert seen is not None
            assert abs(float(np.nanmean(seen[0][:, 0])) - place[0] - shift) < place[2]

    def test_the_picture_is_left_alone(self) -> None:
        """The frame belongs to the caller and may be read-only."""
        picture = self.picture()
        before = picture.copy()
        picture.flags.writeable = False
        self._infer(picture)
        np.testing.assert_array_equal(picture, before)

    def test_closes_cleanly(self) -> None:
        """An error inside a session comes out unchanged, and the next session works."""

        class OurError(Exception):
            pass

        try:
            with self.backend().session():
                raise OurError
        except OurError:
            pass
        else:
            raise AssertionError("the session swallowed an error")
        assert self._infer(self.picture())[0] is not None

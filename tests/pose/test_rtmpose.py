"""RTMPose on tiny networks of its shapes: what it reads from pictures and films, and which weights it refuses."""

from __future__ import annotations

import json
import pickle
import zipfile
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("onnxruntime", reason="the extra 'rtmpose' is not installed")
pytest.importorskip("onnx")

from rtmpose_kit import COLOURS, DOTS, finder_onnx, picture, pose_onnx

from runfree.app.doctor import examine
from runfree.cli import main
from runfree.core.errors import InputError, MissingPartError
from runfree.core.flags import FLAGS
from runfree.io.film_writer import FilmWriter
from runfree.pose import track
from runfree.pose.backend import load_backend
from runfree.pose.rtmpose import backend as rtmpose
from runfree.pose.rtmpose.backend import HALPE, NAMES, RTMPose, backend
from runfree.pose.rtmpose.topdown import around, crop_of, cut_out, decode, letterbox, sure_boxes
from runfree.pose.rtmpose.weights import FINDER, POSE, Weights, default_folder, read_onnx, sha256_of
from runfree.testing import scenes
from runfree.testing.contracts import PoseBackendContract
from runfree.testing.film import Synthetic


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("networks")
    pose_onnx(folder / "pose.onnx")
    finder_onnx(folder / "finder.onnx")
    return folder


def with_finder(files: Path) -> RTMPose:
    """The backend as ``runfree fetch-weights`` leaves it, with tiny networks in place of the released ones."""
    pose, finder = (
        (files / name, sha256_of((files / name).read_bytes())) for name in ("pose.onnx", "finder.onnx")
    )
    return RTMPose(pose, finder, "tiny")


class TestContract(PoseBackendContract):
    @pytest.fixture(autouse=True)
    def _files(self, files: Path) -> None:
        self._folder = files

    def backend(self) -> RTMPose:
        return backend(self._folder / "pose.onnx")

    def picture(self):
        return picture()[0]


class TestContractWithFinder(TestContract):
    def backend(self) -> RTMPose:
        return with_finder(self._folder)


@pytest.mark.parametrize("size", [(192, 256), (288, 384)])
@pytest.mark.parametrize("finder", [False, True])
def test_every_point_is_where_its_dot_is(files, tmp_path, size, finder) -> None:
    path = pose_onnx(tmp_path / "pose.onnx", width=size[0], height=size[1])
    used = RTMPose((path, sha256_of(path.read_bytes())), with_finder(files).finder if finder else None, "tiny")
    with used.session() as session:
        for centre, top, height in ((320, 20, 430), (300, 24, 420), (310, 30, 400)):
            rgb, places = picture(centre, top, height)
            found = session.infer(rgb)
            assert found is not None
            pixel = 1.25 * 1.1 * height / size[1]
            off = found[0] - places[list(HALPE)]
            assert np.abs(off).max() < 1.5 * pixel
            assert found[1].min() > 0.5


def test_a_person_small_in_the_picture_needs_the_finder_and_is_then_found_well(files) -> None:
    rgb, places = picture(1000, 300, 220, size=(1280, 720))
    with with_finder(files).session() as session:
        found = session.infer(rgb)
    assert found is not None
    assert np.abs(found[0] - places[list(HALPE)]).max() < 2.5


def test_someone_who_leaves_is_gone_and_someone_who_comes_is_found(files) -> None:
    empty = np.full((480, 640, 3), (0, 0, 90), dtype=np.uint8)
    here, there = picture(150)[0], picture(500)[0]
    with with_finder(files).session() as session:
        seen = [session.infer(frame) for frame in (here, empty, empty, there)]
    assert [s is None for s in seen] == [False, True, True, False]
    assert seen[3] is not None
    assert np.median(seen[3][0][:, 0]) == pytest.approx(500, abs=5)


def test_the_places_of_the_points_are_those_of_halpe() -> None:
    # Fang et al., Halpe-FullBody, README: keypoints format, 26 body keypoints.
    halpe = (
        (
            "Nose LEye REye LEar REar LShoulder RShoulder LElbow RElbow LWrist RWrist LHip RHip LKnee Rknee LAnkle RAnkle "
            "Head Neck Hip LBigToe RBigToe LSmallToe RSmallToe LHeel RHeel"
        )
        .lower()
        .split()
    )
    for name, place in zip(NAMES, HALPE, strict=True):
        side, _, part = name.rpartition("left_") if "left" in name else name.rpartition("right_")
        spoken = {"left_": "l", "right_": "r", "": ""}[
            side + ("left_" if "left" in name else "right_" if "right" in name else "")
        ]
        assert halpe[place] == spoken + {"toe": "bigtoe"}.get(part, part.replace("_", ""))


def film_of_dots(path: Path, frames: int = 40) -> tuple[Path, np.ndarray]:
    """A person who sways and bounces; places (T, 26, 2)."""
    places = []
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"crf": "8"})
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv444p"
        stream.codec_context.time_base = Fraction(1, 30)
        for i in range(frames):
            rgb, at = picture(320 + 60 * np.sin(i / 5), 40 + 15 * np.cos(i / 2), 380)
            places.append(at)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")))
        container.mux(stream.encode(None))
    return path, np.array(places)


def test_a_film_gives_its_motion_and_the_same_bytes_with_any_number_of_workers(
    files, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr("runfree.pose.runner.CHUNK_FRAMES", 20)
    film, places = film_of_dots(tmp_path / "dots.mp4")
    one = track(film, backend="rtmpose", weights=files / "pose.onnx", workers=1)
    two = track(film, backend="rtmpose", weights=files / "pose.onnx", workers=2)
    for name in ("position", "confidence", "second_look"):
        assert one[name].to_numpy().tobytes() == two[name].to_numpy().tobytes()
    off = one["position"].to_numpy() - places[:, list(HALPE)]
    assert np.abs(off).max() < 4
    assert np.abs(off.mean(axis=(0, 1))).max() < 0.25  # a half of a pixel would show
    assert one.attrs["backend"].startswith("rtmpose ")
    assert one.attrs["swapped_frames"] == 0


def test_it_travels_to_another_process(files) -> None:
    used = with_finder(files)
    assert pickle.loads(pickle.dumps(used)) == used


@settings(max_examples=25)
@given(
    st.integers(0, 2**31),
    st.floats(-50, 200),
    st.floats(-50, 150),
    st.floats(40, 300),
    st.floats(40, 300),
)
def test_a_picture_is_cut_out_as_opencv_would(seed, left, top, width, height) -> None:
    smooth = cv2.GaussianBlur(
        np.random.default_rng(seed).integers(0, 255, (120, 160, 3), dtype=np.uint8), (0, 0), 4
    )
    crop = crop_of(np.array([left, top, left + width, top + height]), 96, 128)
    scale = (crop[2] - crop[0]) / 96
    assert scale == pytest.approx((crop[3] - crop[1]) / 128)
    # OpenCV counts from the middle of the first pixel.
    matrix = np.array([[scale, 0, crop[0] + scale / 2 - 0.5], [0, scale, crop[1] + scale / 2 - 0.5]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    expected = cv2.warpAffine(smooth, matrix, (96, 128), flags=flags).astype(float)
    standard = cut_out(smooth, crop, 96, 128)[0].transpose(1, 2, 0)
    got = standard * (58.395, 57.12, 57.375) + (123.675, 116.28, 103.53)
    inside = cv2.warpAffine(np.ones((120, 160)), matrix, (96, 128), flags=flags) > 0.999
    assert np.abs(got - expected)[inside].max(initial=0) < 3


@given(st.integers(0, 383), st.integers(0, 511), st.floats(0.01, 1.0), st.floats(0.01, 1.0), st.floats(-99, 99))
def test_responses_are_read_at_their_peak(bin_x, bin_y, score_x, score_y, left) -> None:
    x, y = np.zeros((1, 384), np.float32), np.zeros((1, 512), np.float32)
    x[0, bin_x], y[0, bin_y] = score_x, score_y
    crop = np.array([left, 10.0, left + 384.0, 10.0 + 512.0])  # two pixels of the picture for one of the network's
    position, score = decode(x, y, crop)
    np.testing.assert_allclose(position[0], (left + bin_x + 1, 10 + bin_y + 1))
    assert score[0] == pytest.approx(min(score_x, score_y))


def test_a_response_that_is_no_number_is_none() -> None:
    x, y = np.full((26, 384), np.nan, np.float32), np.full((26, 512), np.inf, np.float32)
    position, score = decode(x, y, np.array([0.0, 0, 192, 256]))
    assert (score == 0).all()
    assert np.isfinite(position).all()
    assert around(position, score) is None


def test_the_largest_sure_person_is_taken() -> None:
    found = np.array(
        [
            [0, 0, 10, 20, 0.9],
            [5, 5, 35, 65, 0.6],
            [0, 0, 400, 400, 0.2],
            [9, 9, 2, 2, 0.9],
            [0, 0, np.nan, 9, 0.9],
        ]
    )
    box = sure_boxes(found.astype(np.float32), 0.5)[0]
    assert box is not None
    np.testing.assert_allclose(box, [10, 10, 70, 130])
    assert len(sure_boxes(found[2:].astype(np.float32), 0.5)) == 0


def test_a_wide_picture_is_padded_with_grey_below() -> None:
    rgb = np.full((90, 160, 3), (200, 100, 50), dtype=np.uint8)
    shown, scale = letterbox(rgb, 416, 416)
    assert scale == pytest.approx(2.6)
    assert shown.shape == (1, 3, 416, 416)
    np.testing.assert_array_equal(shown[0, :, 100, 100], (50, 100, 200))
    np.testing.assert_array_equal(shown[0, :, 300, 100], (114, 114, 114))


# Weights that are not what they should be


def zipped(path: Path, *names: str, data: bytes = b"x") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, data)
    return path


def sparse(path: Path, size: int) -> Path:
    with path.open("wb") as file:
        file.truncate(size)
    return path


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def claiming(path: Path, size: int) -> Path:
    """A zip whose directory claims that its ONNX file unpacks to ``size`` bytes."""
    data = bytearray(zipped(path, "end2end.onnx").read_bytes())
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = size.to_bytes(4, "little")
    return written(path, bytes(data))


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda p: p / "none.onnx", "no such file"),
        (lambda p: written(p / "w.onnx", b""), "not an ONNX network"),
        (lambda p: written(p / "w.onnx", b"\x08\x09" + b"junk" * 500), "not an ONNX network"),
        (lambda p: written(p / "w.onnx", b"\x89HDF\r\n\x1a\n" + bytes(99)), "not an ONNX network"),
        (lambda p: sparse(p / "w.onnx", 10_000_000_000), "far larger"),
        (lambda p: written(p / "w.zip", b"PK\x03\x04" + bytes(99)), "damaged zip"),
        (lambda p: zipped(p / "w.zip", "readme.txt"), "0 ONNX files"),
        (lambda p: zipped(p / "w.zip", "a.onnx", "b.onnx"), "2 ONNX files"),
        (lambda p: claiming(p / "w.zip", 4_000_000_000), "unpacks to far more"),
        (
            lambda p: written(
                p / "w.zip", zipped(p / "z", "a.onnx", data=b"123456").read_bytes().replace(b"123456", b"123457")
            ),
            "damaged zip",
        ),
        (lambda p: pose_onnx(p / "w.onnx", points=17), r"\(1, 17, 384\).*in place of \(1, 26, 384\)"),
        (lambda p: finder_onnx(p / "w.onnx"), r"in place of \(1, 26, 832\)"),
        (lambda p: pose_onnx(p / "w.onnx", width=2048, height=2048), r"it takes \(batch, 3, 2048, 2048\)"),
    ],
)
def test_weights_that_cannot_be_used_end_in_one_sentence(tmp_path, make, why) -> None:
    with pytest.raises(InputError, match=why) as caught:
        backend(make(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_network_whose_answers_are_no_numbers_sees_nobody(tmp_path) -> None:
    used = backend(pose_onnx(tmp_path / "w.onnx", broken=float("nan")))
    with used.session() as session:
        assert session.infer(picture()[0]) is None


def test_weights_that_change_meanwhile_are_not_taken(tmp_path) -> None:
    used = backend(pose_onnx(tmp_path / "w.onnx"))
    moved = RTMPose((pose_onnx(tmp_path / "other.onnx", broken=0.01), used.pose[1]), None, "")
    with pytest.raises(InputError, match="changed"), moved.session():
        pass


def test_a_folder_holds_the_released_files_or_is_refused(tmp_path, files, monkeypatch) -> None:
    with pytest.raises(MissingPartError, match="runfree fetch-weights") as caught:
        backend(tmp_path)
    assert POSE.file in str(caught.value)
    zipped(tmp_path / POSE.file, "end2end.onnx", data=(files / "pose.onnx").read_bytes())
    with pytest.raises(MissingPartError, match="checksum"):
        backend(tmp_path)
    for name, weights in (("POSE", POSE), ("FINDER", FINDER)):
        data = (files / f"{name.lower()}.onnx").read_bytes()
        zipped(tmp_path / weights.file, "x/end2end.onnx", data=data)
        monkeypatch.setattr(rtmpose, name, Weights("tiny", weights.file, sha256_of(data)))
    used = backend(tmp_path)
    assert used.finder is not None
    assert read_onnx(used.pose[0]) == (files / "pose.onnx").read_bytes()
    with used.session() as session:
        assert session.infer(picture(500)[0]) is not None


def test_the_other_backends_take_no_weights(tmp_path) -> None:
    with pytest.raises(InputError, match="takes no weights"):
        load_backend("replay", tmp_path)


def test_without_onnxruntime_the_exact_command_is_given(monkeypatch) -> None:
    from importlib import metadata

    def nothing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", nothing)
    with pytest.raises(MissingPartError, match=r'pip install "onnxruntime>=1\.20"'):
        backend()


def test_every_dot_has_a_colour_of_its_own() -> None:
    dots = COLOURS[list(DOTS)]
    apart = np.abs(dots[:, None] - dots[None]).sum(-1) + 1e3 * np.eye(len(dots))
    assert apart.min() >= 100


# From the command line


def film_of_a_run(path: Path, run: Synthetic) -> Path:
    """The runner as coloured dots in place of a body, at half the size; where dots meet, knees and ankles lie on top."""
    names = [str(k) for k in run.motion["keypoint"].to_numpy()]
    drawn = sorted(NAMES, key=lambda name: name.endswith(("knee", "ankle")))
    order, places = [names.index(name) for name in drawn], [HALPE[NAMES.index(name)] for name in drawn]
    with FilmWriter(path, width_px=640, height_px=360) as film:
        for time_s, position in zip(run.motion["time"].to_numpy(), run.motion["position"].to_numpy(), strict=True):
            rgb = np.full((360, 640, 3), (0, 0, 90), dtype=np.uint8)
            for place, (x, y) in zip(places, position[order] / 2, strict=True):
                cv2.circle(rgb, (round(x), round(y)), 6, COLOURS[place].tolist(), -1)
            film.write(rgb, float(time_s))
    return path


def test_a_film_becomes_a_report_that_says_whose_numbers_these_are(files, tmp_path, capsys) -> None:
    run = scenes.front_run(forefoot=True, fps=30.0, seconds=5.0, noise_px=0.0, drift_px=0.0)
    film = film_of_a_run(tmp_path / "run.mp4", run)
    command = [
        "analyze",
        str(film),
        "--backend",
        "rtmpose",
        "--weights",
        str(files / "pose.onnx"),
        "--workers",
        "1",
    ]
    assert main([*command, "--out", str(tmp_path / "report"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    (cadence,) = [e for e in found["estimates"] if e["metric"] == "cadence"]
    assert cadence["low"] < run.truth["cadence_spm"] < cadence["high"]
    assert found["films"][0]["flags"].count("network_unproven") == 1
    assert FLAGS["network_unproven"] in (tmp_path / "report" / "index.html").read_text()


@pytest.mark.parametrize("weights", [None, "bad.onnx", "none.onnx", "folder"])
def test_without_weights_that_work_the_command_says_so_in_one_sentence(
    files, tmp_path, film, capfd, monkeypatch, weights
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "bad.onnx").write_bytes(b"not a network")
    (tmp_path / "folder").mkdir()
    given = ["--weights", str(tmp_path / weights)] if weights else []
    command = ["analyze", str(film()), "--backend", "rtmpose", *given, "--out", str(tmp_path / "report")]
    assert main(command) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "runfree fetch-weights" in err or weights == "none.onnx"
    assert not (tmp_path / "report").exists()


def test_weights_for_a_backend_that_has_its_own_are_refused(tmp_path, film, capsys) -> None:
    pytest.importorskip("mediapipe")
    assert main(["analyze", str(film()), "--weights", str(tmp_path)]) == 2
    assert "'blazepose': it takes no weights" in capsys.readouterr().err


def test_the_doctor_tells_its_state(files, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (check,) = [c for c in examine() if c.name == "rtmpose"]
    assert not check.works
    assert "runfree fetch-weights" in check.remedy
    default_folder().mkdir(parents=True)
    for name, weights in (("POSE", POSE), ("FINDER", FINDER)):
        data = (files / f"{name.lower()}.onnx").read_bytes()
        zipped(default_folder() / weights.file, "end2end.onnx", data=data)
        monkeypatch.setattr(rtmpose, name, Weights("tiny", weights.file, sha256_of(data)))
    (check,) = [c for c in examine() if c.name == "rtmpose"]
    assert check.works
    assert "onnxruntime" in check.detail

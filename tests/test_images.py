"""Images become rows: what their features tell apart, whose computation they match, and which files are refused."""

import io
import struct
import sys
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from skimage.color import rgb2gray
from skimage.feature import hog
from streamlit.testing.v1 import AppTest

from planner.cli import main
from planner.errors import BadTable, PlannerError
from planner.sample.images import image_vector, with_images
from planner.sample.reading import encode, make_sample, read_sample
from planner.sample.tables import findings_of, read_table

OUTLINES = 324  # three by three blocks of two by two cells, nine directions: 9 x 4 x 9
RED, BLUE = (220, 30, 30), (30, 30, 220)


def png(pixels: np.ndarray, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(file, kind)
    return file.getvalue()


def stripes(seed: int, along: int) -> np.ndarray:
    """Noisy gray stripes: along 0 they lie, along 1 they stand."""
    rng = np.random.default_rng(seed)
    wave = np.sign(np.sin((np.arange(48) + rng.integers(8)) * 2 * np.pi / 8))
    shape = np.broadcast_to(wave[:, None] if along == 0 else wave[None, :], (48, 48))
    gray = np.clip(128 + 60 * shape + rng.normal(0, 20, (48, 48)), 0, 255)
    return np.repeat(gray[:, :, None], 3, axis=2)


def plain(color: tuple[int, int, int], seed: int = 0, size: tuple[int, int] = (40, 30)) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 10, (*size, 3))
    return np.clip(np.array(color) + noise, 0, 255)


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def colors(per_class: int = 30) -> dict[str, bytes]:
    made = {f"red/{i}.png": png(plain(RED, i)) for i in range(per_class)}
    return made | {f"blue/{i}.png": png(plain(BLUE, 1000 + i)) for i in range(per_class)}


def codes(table: pd.DataFrame) -> list[str]:
    return [finding.code for finding in findings_of(table)]


# --- features ---------------------------------------------------------------------------------------------------------


def test_a_vector_is_what_scikit_image_and_numpy_make_of_the_pixels() -> None:
    """Peer: HOG by scikit-image and a three-way histogram by numpy, on an image that needs no resizing."""
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3)).astype(np.uint8)
    vector = image_vector(png(pixels))
    outlines = hog(rgb2gray(pixels), 9, (16, 16), (2, 2))
    counts, _ = np.histogramdd(pixels.reshape(-1, 3), bins=4, range=[(0, 256)] * 3)
    np.testing.assert_allclose(vector[:OUTLINES], outlines, atol=1e-5)
    np.testing.assert_allclose(vector[OUTLINES:], np.sqrt(counts.ravel() / 64**2), atol=1e-5)


def test_outlines_tell_lying_from_standing_stripes_and_colours_do_not() -> None:
    lying, standing = (np.array([image_vector(png(stripes(seed, along))) for seed in range(10)]) for along in (0, 1))
    part = slice(0, OUTLINES)
    inside = max(np.linalg.norm(side[:, None, part] - side[None, :, part], axis=2).max() for side in (lying, standing))
    between = np.linalg.norm(lying[:, None, part] - standing[None, :, part], axis=2).min()
    assert between > 2 * inside
    part = slice(OUTLINES, None)
    assert np.linalg.norm(lying[:, part].mean(axis=0) - standing[:, part].mean(axis=0)) < 0.1


def test_colours_tell_red_from_blue() -> None:
    """220 is in the highest quarter of 0-255 and 30 in the lowest: bin (3, 0, 0) of 4 x 4 x 4 is number 48, blue 3."""
    exact = [image_vector(png(np.full((64, 64, 3), color)))[OUTLINES:] for color in (RED, BLUE)]
    assert [np.flatnonzero(one).tolist() for one in exact] == [[48], [3]]
    assert [one.max() for one in exact] == [1.0, 1.0]


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "GIF", "WEBP", "JPEG"])
def test_every_format_gives_nearly_the_same_vector(kind: str) -> None:
    pixels = np.full((64, 64, 3), 40)
    pixels[16:48, 16:48] = 200
    np.testing.assert_allclose(image_vector(png(pixels, kind)), image_vector(png(pixels)), atol=0.1)


def test_an_image_is_turned_upright_before_it_is_described() -> None:
    upright = Image.fromarray(stripes(0, 0).astype(np.uint8))
    turned, tag = io.BytesIO(), Image.Exif()
    tag[0x0112] = 6  # the camera was held on its side: turn by 270 degrees to see it upright
    upright.transpose(Image.Transpose.ROTATE_90).save(turned, "PNG", exif=tag)
    np.testing.assert_array_equal(image_vector(turned.getvalue()), image_vector(png(np.asarray(upright))))


def test_transparent_is_white_and_sixteen_bits_are_not_cut_off() -> None:
    clear = io.BytesIO()
    Image.new("RGBA", (64, 64), (255, 0, 0, 0)).save(clear, "PNG")
    np.testing.assert_array_equal(image_vector(clear.getvalue()), image_vector(png(np.full((64, 64, 3), 255))))
    deep = io.BytesIO()
    Image.fromarray((np.full((64, 64), 100 * 257)).astype(np.uint16)).save(deep, "PNG")
    np.testing.assert_array_equal(image_vector(deep.getvalue()), image_vector(png(np.full((64, 64, 3), 100))))


# --- folders in a ZIP -------------------------------------------------------------------------------------------------


def test_a_zip_of_class_folders_is_a_table_with_a_row_for_each_image() -> None:
    table = read_table(zipped(colors(3)), "colors.zip")
    assert list(table.columns) == ["image", "image features", "label"]
    assert table["label"].tolist() == ["red"] * 3 + ["blue"] * 3
    assert table["image"].tolist()[0] == "red/0.png"
    np.testing.assert_array_equal(table["image features"][4], image_vector(png(plain(BLUE, 1001))))
    assert codes(table) == ["image_features"]


def test_the_name_of_an_image_is_never_learned_from() -> None:
    """The name holds the class folder; names with spaces would otherwise be read as text."""
    files = {name.replace("/", "/holiday photo number "): data for name, data in colors().items()}
    sample = read_sample(zipped(files), "label")
    used = {column.name: (column.kind, column.used) for column in sample.facts.columns}
    assert used["image"] == ("identifier", False)
    assert used["image features"] == ("embedding", True)
    assert sample.facts.kind == "embedding"
    assert encode(sample).shape == (60, 388)


@pytest.mark.parametrize(
    ("prefix", "label"),
    [("{label}/", "red"), ("photos/{label}/", "red"), ("a/b/{label}/day 1/", "red"), ("photos/{part}/{label}/", "red"),
     ("{part}/{label}/x/y/", "red")],
)  # fmt: skip
def test_the_class_is_the_outermost_folder_that_tells_images_apart(prefix: str, label: str) -> None:
    image = png(plain(RED))
    files = {
        f"{prefix.format(label=name, part=part)}{i}.png": image
        for i, (name, part) in enumerate([("red", "train"), ("red", "test"), ("blue", "train"), ("blue", "test")])
    }
    assert read_table(zipped(files))["label"].tolist() == [label, label, "blue", "blue"]


def test_images_beside_the_folders_have_no_label_yet() -> None:
    image = png(plain(RED))
    files = colors(2) | {"loose.png": image, "unlabeled/1.png": image, "Unlabelled/2.png": image}
    table = read_table(zipped(files))
    assert table["label"].isna().tolist() == [False] * 4 + [True] * 3
    assert make_sample(table, "label").facts.labeled == 4


def test_what_programs_leave_behind_and_other_files_are_passed_over() -> None:
    extra = {"__MACOSX/red/._0.png": b"x", "red/.DS_Store": b"x", "blue/Thumbs.db": b"x", "readme.md": b"hello"}
    assert len(read_table(zipped(colors(2) | extra))) == 4


def test_broken_images_are_left_out_and_named() -> None:
    good = png(plain(RED))
    files = colors(2) | {
        "red/half.png": good[: len(good) // 2],
        "red/text.jpg": b"this is no image",
        "blue/empty.gif": b"",
        "blue/program.png": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    }
    table = read_table(zipped(files))
    assert len(table) == 4
    (found,) = [finding for finding in findings_of(table) if finding.code == "broken_images"]
    assert found.finding.startswith("4 images could not be read. Left out: 'red/half.png' (broken), 'red/text.jpg'")
    assert found.set_aside


def test_an_image_with_more_pixels_than_its_bytes_promise_is_left_out() -> None:
    """A PNG of 60,000 bytes that would unpack to 3.6 billion pixels, refused from its header alone."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    bomb += struct.pack(">I", 60_000) + b"IDAT" + zlib.compress(bytes(60_000)).ljust(60_000, b"\0") + bytes(4)
    wide = io.BytesIO()
    Image.new("1", (10_000, 6_000)).save(wide, "PNG")
    table = read_table(zipped(colors(2) | {"red/bomb.png": bomb, "red/wide.png": wide.getvalue()}))
    told = findings_of(table)[1].finding
    assert "'red/bomb.png' (over 50 million pixels) and 'red/wide.png' (over 50 million pixels)" in told


# --- a table that names images ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written", ["{0}.png", "all/{0}.png", "./all/{0}.png", "/home/me/set/all/{0}.png", "all\\{0}.png"]
)
def test_a_table_in_the_zip_names_its_images_by_any_part_of_their_path(written: str) -> None:
    files = {f"set/all/{i}.png": png(plain(RED if i < 3 else BLUE, i)) for i in range(6)}
    listed = pd.DataFrame({"file": [written.format(i) for i in range(6)], "size": range(6), "mood": list("aaabbb")})
    table = read_table(zipped(files | {"set/list.csv": listed.to_csv(index=False).encode()}))
    assert list(table.columns) == ["file", "image features", "size", "mood"]
    assert table["mood"].tolist() == list("aaabbb")
    np.testing.assert_array_equal(table["image features"][5], image_vector(files["set/all/5.png"]))
    assert make_sample(table, "mood").facts.columns[0].kind == "identifier"


def test_rows_whose_image_is_not_in_the_zip_are_left_out_and_named() -> None:
    files = {f"{i}.png": png(plain(RED, i)) for i in range(4)}
    listed = b"file,label\n0.png,a\n1.png,b\ngone.png,a\n3.png,b\n,a\n"
    table = read_table(zipped(files | {"list.csv": listed}))
    assert table["label"].tolist() == ["a", "b", "b"]
    assert "'gone.png' (not there)" in findings_of(table)[1].finding


def test_a_name_that_two_images_share_needs_its_folder() -> None:
    files = {"a/1.png": png(plain(RED)), "b/1.png": png(plain(BLUE)), "b/2.png": png(plain(BLUE))}
    table = read_table(zipped(files | {"list.csv": b"file,label\nb/1.png,x\na/1.png,y\n1.png,z\n"}))
    assert table["label"].tolist() == ["x", "y"]
    np.testing.assert_array_equal(table["image features"][1], image_vector(files["a/1.png"]))


def test_a_table_that_names_no_images_does_not_hide_the_folders() -> None:
    table = read_table(zipped(colors(2) | {"notes.csv": b"who,when\nme,today\n", "odd.json": b"{"}))
    assert list(table.columns) == ["image", "image features", "label"]


def test_paths_in_a_table_are_read_by_whoever_can_open_files(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    for i in range(4):
        (tmp_path / "photos" / f"{i}.png").write_bytes(png(plain(RED, i)))
    listed = pd.DataFrame({"path": [f"photos/{i}.png" for i in range(5)], "label": list("ababa")})
    table = with_images(listed, "path", lambda name: (tmp_path / name).read_bytes())
    assert table["label"].tolist() == list("abab")
    assert list(listed.columns) == ["path", "label"]
    with pytest.raises(BadTable, match="no column 'file'"):
        with_images(listed, "file", lambda _: b"")


def test_the_command_plans_with_images_named_by_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for i in range(200):
        (tmp_path / f"{i}.png").write_bytes(png(plain(RED if i % 2 else BLUE, i)))
    listed = pd.DataFrame({"path": [f"{i}.png" for i in range(200)], "label": ["blue", "red"] * 100})
    listed.to_csv(tmp_path / "list.csv", index=False)
    words = ["pilot", str(tmp_path / "list.csv"), "--label", "label", "--image", "path", "--jobs", "1"]
    words += ["--strategies", "margin", "--repeats", "1", "--model", "logistic_regression"]
    assert main([*words, "--out", str(tmp_path / "pilot.json")]) == 0
    assert '"image features"' in (tmp_path / "pilot.json").read_text("utf-8")
    assert main([*words[:5], "pth", *words[6:], "--out", str(tmp_path / "pilot.json")]) == 2
    assert "no column 'pth'" in capsys.readouterr().err


def test_a_zip_can_be_uploaded_and_says_what_its_features_are_worth() -> None:
    app = AppTest.from_file(str(Path(__file__).parents[1] / "app.py"), default_timeout=60).run()
    app.switch_page("planner/ui/views/data.py").run()
    app.file_uploader(key="file").upload("colors.zip", zipped(colors()), "application/zip").run()
    assert not app.exception
    assert app.title[0].value == "Ready to run: 60 labeled rows"
    assert any("worth much less than what a trained network sees" in one.value for one in app.markdown)


# --- refusals ---------------------------------------------------------------------------------------------------------


def locked() -> bytes:
    """A ZIP whose only entry says that it is encrypted: bit 0 of its flags."""
    data = bytearray(zipped({"a/1.png": png(plain(RED))}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def bomb() -> bytes:
    """A ZIP of a few hundred bytes that says it unpacks to 3 GB."""
    data = bytearray(zipped({"a/1.png": b"", "b/1.png": b""}))
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = struct.pack("<I", 3_000_000_000)
    return bytes(data)


ONE = {"cat/1.png": png(plain(RED)), "cat/2.png": png(plain(BLUE))}
REFUSED = {
    "one class folder": (zipped(ONE), r"2 images in one class folder, 'cat'\. At least two"),
    "no class folder": (zipped({"1.png": png(plain(RED))}), "1 image in no class folder"),
    "only unlabeled": (zipped({"cat/1.png": b"", "unlabeled/1.png": b""}), "one class folder, 'cat'"),
    "no image at all": (zipped({"a.txt": b"hello"}), "without an Excel workbook and without images"),
    "every image broken": (
        zipped({"a/1.png": b"x", "b/1.png": b"y"}),
        r"Not one image could be read: 'a/1.png' \(broken",
    ),
    "cut in half": (zipped(ONE)[:300], "ZIP file is damaged"),
    "locked": (locked(), "locked with a password"),
    "unpacks to gigabytes": (bomb(), "unpacks to over 2 GB"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_zip_that_cannot_be_used_is_refused_with_a_sentence(case: str) -> None:
    data, sentence = REFUSED[case]
    with pytest.raises(BadTable, match=sentence) as raised:
        read_table(data, "images.zip")
    assert str(raised.value).endswith(".")


@pytest.mark.parametrize("missing", ["PIL", "skimage.feature"])
def test_without_the_packages_a_sentence_says_how_to_get_them(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped(colors(1))
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(PlannerError, match=r"not installed\. Run: pip install 'planner\[images\]'\.$"):
        read_table(data, "images.zip")

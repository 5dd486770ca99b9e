"""The door for images: a ZIP of images, or a table that names some, becomes a table with a vector for each image.

Each image is drawn at 64 by 64 and described by two classical features: where its outlines run (HOG) and which
colours it holds. That is quick and needs no network, and worth much less than what a trained network would see.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pandas as pd

from planner import words
from planner.errors import BadTable, PlannerError
from planner.results import Finding

Read = Callable[[str], bytes]  # name or path of an image -> its bytes; FileNotFoundError where there is none
SIDE = 64  # pixels; what is lost by it is far less than what these features lose anyway
CELL = 16  # pixels; cells of 8 give 1,764 numbers instead of 324, for one point on digits and fits four times as slow
LEVELS = 4  # of each of red, green and blue
ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff")
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")  # no other: some of Pillow's readers start programs
TABLES = (".csv", ".tsv", ".parquet", ".xlsx", ".jsonl", ".json")
NO_LABEL = ("unlabeled", "unlabelled")  # names of a folder whose images have no label yet
PARTS_OF_A_SET = {"train", "training", "test", "testing", "val", "valid", "validation", "dev"}
MOST_UNPACKED = 2 * 1024**3  # bytes; a small archive can hide more than the memory of this machine
MOST_IMAGES = 100_000
MOST_PIXELS = 50_000_000  # of one image
MOST_PIXELS_IN_ALL = 5_000_000_000  # about a minute of decoding
FEWEST_NAMED = 0.5  # share of a column's cells that must name an image
FEATURES = "image features"
DAMAGED = "The ZIP file is damaged or broken off. Make it again."
BROKEN = (OSError, SyntaxError, ValueError, EOFError, KeyError, RuntimeError, NotImplementedError, MemoryError,
         struct.error, zlib.error, zipfile.BadZipFile, OverflowError, TypeError, IndexError)  # fmt: skip


def read_images(data: bytes, read_table: Callable[[bytes, str], pd.DataFrame]) -> pd.DataFrame:
    """The table in a ZIP of images: `image`, `image features` and `label`, the name of the image's class folder.

    Where the ZIP holds a table with a column that names its images, that table with the features beside it.
    `.attrs` holds "findings" and "kinds", as with_images does. Raises BadTable for a ZIP that is neither.
    """
    archive = _opened(data)
    for name in archive.tables:
        try:
            table = read_table(archive.read(name), name)
        except BadTable:
            if not archive.images:
                raise
            continue
        if (column := _names_images(table, archive)) is not None:
            return with_images(table, column, archive.named)
    labels = _folders(archive.images)
    known = sorted({label for label in labels if label is not None})
    if len(known) < 2:
        raise BadTable(_too_few(known, len(archive.images)))
    table = pd.DataFrame({"image": archive.images, "label": pd.Series(labels, dtype=object)})
    return with_images(table, "image", archive.read)


def with_images(table: pd.DataFrame, column: str, read: Read) -> pd.DataFrame:
    """The table with the features of the images that `column` names; rows whose image cannot be read left out.

    `.attrs["findings"]` says so, and what such features are worth; `.attrs["kinds"]` how the two columns are read.
    """
    _check_installed()
    if column not in table.columns:
        raise BadTable(f"The file has no column '{column}'. Its columns: {', '.join(map(str, table.columns[:20]))}.")
    vectors: list[np.ndarray] = []
    kept, lost = [], []
    pixels = 0
    for place, name in enumerate(table[column]):
        found = "without a name" if pd.isna(name) else _looked_at(str(name), read)
        if isinstance(found, str):
            lost.append(f"'{name}' ({found})")
            continue
        pixels += found[1]
        if pixels > MOST_PIXELS_IN_ALL:
            raise BadTable("The images have over 5 billion pixels in all. Make them smaller: 64 by 64 are looked at.")
        vectors.append(found[0])
        kept.append(place)
    if not kept:
        raise BadTable(f"Not one image could be read: {words.listing(lost[:3])}. Save them as PNG or JPEG.")
    made = table.iloc[kept].reset_index(drop=True)
    features = _new_name(FEATURES, made)
    made.insert(list(made.columns).index(column) + 1, features, pd.Series(vectors, dtype=object))
    made.attrs = {
        "findings": (*table.attrs.get("findings", ()), *_about(lost, len(vectors[0]))),
        "kinds": {column: "identifier", features: "embedding"},
    }
    return made


def image_vector(data: bytes) -> np.ndarray:
    """(388,) what one image looks like: 324 numbers for its outlines, 64 for its colours.

    HOG on the gray image, nine directions in cells of 16 by 16 pixels, two by two cells a block; and the square roots
    of the shares of 4 x 4 x 4 colours. Source: Dalal, Triggs 2005; Swain, Ballard 1991. Raises ValueError, OSError and
    others of BROKEN for what is no image.
    """
    return _vector(_drawn(data)[0])


def _looked_at(name: str, read: Read) -> tuple[np.ndarray, int] | str:
    """The vector of an image and its pixels, or in a word or two why there is none."""
    try:
        drawn, pixels = _drawn(read(name))
    except FileNotFoundError:
        return "not there"
    except _TooLarge:
        return "over 50 million pixels"
    except BROKEN:  # what Pillow raises for broken files is not one class
        return "broken"
    return _vector(drawn), pixels


def _vector(drawn: np.ndarray) -> np.ndarray:
    from skimage.color import rgb2gray
    from skimage.feature import hog

    outlines = hog(rgb2gray(drawn), orientations=9, pixels_per_cell=(CELL, CELL), cells_per_block=(2, 2))
    red, green, blue = (drawn.reshape(-1, 3) // (256 // LEVELS)).T.astype(int)
    shares = np.bincount((red * LEVELS + green) * LEVELS + blue, minlength=LEVELS**3) / len(red)
    # Five decimals, so that another build of the libraries gives the same file the same name.
    found: np.ndarray = np.round(np.concatenate([outlines, np.sqrt(shares)]), 5)
    return found


class _TooLarge(Exception):
    """More pixels than one image may have."""


def _drawn(data: bytes) -> tuple[np.ndarray, int]:
    """((64, 64, 3) uint8, pixels it had): upright, on white where it is transparent, the first of several frames."""
    from PIL import Image, ImageOps
    from PIL.Image import open as decode  # bytes, not a file

    try:
        image: Any = decode(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _TooLarge from None
    pixels = image.width * image.height
    if pixels > MOST_PIXELS:
        raise _TooLarge
    image.draft("RGB", (2 * SIDE, 2 * SIDE))  # a JPEG is decoded no larger than is needed
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith(("I", "F")):  # 16 bits a pixel: Pillow would cut them off at 255
        values = np.asarray(image, dtype=float)
        image = Image.fromarray(np.clip(values / 257, 0, 255).astype(np.uint8))
    if image.has_transparency_data:
        above = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", above.size, "white"), above)
    small = image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    return np.asarray(small), pixels


def _check_installed() -> None:
    try:
        import PIL.Image  # noqa: F401
        import skimage.feature  # noqa: F401
    except ImportError:
        raise PlannerError(
            "Images need the packages scikit-image and pillow, which are not installed. "
            "Run: pip install 'planner[images]'."
        ) from None


@dataclass(frozen=True)
class _Archive:
    """A ZIP, what it holds, and how images are found by less than their full name."""

    file: zipfile.ZipFile
    images: tuple[str, ...]
    tables: tuple[str, ...]
    endings: dict[str, str]  # "b/c.jpg" and "c.jpg" -> "a/b/c.jpg", where no other image ends so

    def read(self, name: str) -> bytes:
        return self.file.read(name)

    def find(self, path: str) -> str | None:
        """The image that a path means, which may say less or more about its folder than the ZIP does."""
        return next((self.endings[end] for end in _endings(path) if end in self.endings), None)

    def named(self, path: str) -> bytes:
        found = self.find(path)
        if found is None:
            raise FileNotFoundError(path)
        return self.read(found)


def _opened(data: bytes) -> _Archive:
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN:
        raise BadTable(DAMAGED) from None
    entries = [one for one in file.infolist() if not one.is_dir() and not _hidden(one.filename)]
    if sum(one.file_size for one in entries) > MOST_UNPACKED:
        raise BadTable("The ZIP file unpacks to over 2 GB. Use a random part of its images, or make them smaller.")
    images = tuple(one.filename for one in entries if one.filename.lower().endswith(ENDINGS))
    if len(images) > MOST_IMAGES:
        raise BadTable(f"The ZIP file holds {len(images):,} images; up to 100,000 can be read. Use a random part.")
    tables = tuple(one.filename for one in entries if one.filename.lower().endswith(TABLES))
    if any(one.flag_bits & 1 for one in entries):
        raise BadTable("The ZIP file is locked with a password. Make it again without one.")
    if not images:
        raise BadTable(
            "The file is a ZIP archive without an Excel workbook and without images. "
            "Unpack it and choose the table inside."
        )
    return _Archive(file, images, tables, _unique_endings(images))


def _hidden(name: str) -> bool:
    """Files that programs leave behind: .DS_Store, __MACOSX, Thumbs.db."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part.startswith((".", "__MACOSX")) for part in parts) or parts[-1].lower() == "thumbs.db"


def _endings(path: str) -> list[str]:
    """a/b/c.jpg, b/c.jpg and c.jpg."""
    parts = [part for part in path.strip().replace("\\", "/").split("/") if part not in ("", ".")]
    return ["/".join(parts[place:]) for place in range(len(parts))]


def _unique_endings(names: Iterable[str]) -> dict[str, str]:
    found: dict[str, str | None] = {}
    for name in names:
        _, *shorter = _endings(name)
        for end in shorter:
            found[end] = None if end in found else name
    found |= {_endings(name)[0]: name for name in names}
    return {end: name for end, name in found.items() if name is not None}


def _names_images(table: pd.DataFrame, archive: _Archive) -> str | None:
    """The first column of which most cells name an image of the ZIP."""
    for name, cells in table.items():
        written = [cell for cell in cells if isinstance(cell, str)]
        named = sum(archive.find(cell) is not None for cell in written)
        if named and named >= FEWEST_NAMED * len(cells):
            return str(name)
    return None


def _folders(names: Sequence[str]) -> list[str | None]:
    """The class folder of each image: the outermost that differs between images; None for no label."""
    parts = [_endings(name)[0].split("/")[:-1] for name in names]
    while parts and all(parts) and len({one[0] for one in parts}) == 1 and any(len(one) > 1 for one in parts):
        parts = [one[1:] for one in parts]
    if all(one and one[0].lower() in PARTS_OF_A_SET for one in parts) and any(len(one) > 1 for one in parts):
        parts = [one[1:] for one in parts]
    return [one[0] if one and one[0].lower() not in NO_LABEL else None for one in parts]


def _too_few(classes: list[str], images: int) -> str:
    held = f"in one class folder, '{classes[0]}'" if classes else "in no class folder"
    return (
        f"The ZIP holds {words.plural(images, 'image')} {held}. At least two classes are needed: make a folder for "
        "each class, or add a table with a column that names the images and one with their labels."
    )


def _new_name(name: str, table: pd.DataFrame) -> str:
    return name if name not in table.columns else _new_name(f"{name} (made here)", table)


def _about(lost: list[str], width: int) -> list[Finding]:
    worth = (
        f"Images are known by outlines and colours only. Each became {width} numbers at {SIDE} by {SIDE} pixels, "
        "worth much less than what a trained network sees."
    )
    remedy = (
        "If you train a network, bring its embeddings as columns instead: that choosing does not pay on these features "
        "says little about that model."
    )
    findings = [Finding("image_features", worth, remedy, False)]
    if lost:
        some = words.listing([*lost[:3], words.plural(len(lost) - 3, "other")] if len(lost) > 3 else lost)
        fact = f"{words.plural(len(lost), 'image')} could not be read. Left out: {some}."
        findings.append(
            Finding("broken_images", fact, "If they matter, save them as PNG or JPEG and choose the file again.", True)
        )
    return findings

"""The door of room 1: the bytes of a file become a table, whatever its format, delimiter and encoding."""

import io
import json
import re
import zipfile
import zlib
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from planner import words
from planner.errors import BadTable
from planner.results import Finding
from planner.sample.delimited import EMPTY, MEGABYTE, MISSING, Read, decoded, read_delimited, unique_names
from planner.sample.images import MOST_UNPACKED, read_images

MOST_BYTES = 200 * MEGABYTE
COPY = re.compile(r"(.*) \(\d+\)", re.DOTALL)
NUMBER = re.compile(r"-?\d+\.\d+( \(\d+\))?")  # whole numbers are names that other programs give
# JSON can write one half of a character of two, which nothing else can hold.
HALF_A_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
BINARY = {
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a gzip archive; unpack it first",
    b"\xd0\xcf\x11\xe0": "saved by an old Excel (.xls); save it as .xlsx",
    b"SQLite format 3": "a SQLite database; export the table as CSV",
    b"\x93NUMPY": "a NumPy array; save it as Parquet with a label column",
    b"\x89HDF": "an HDF5 file; save the table as Parquet",
}


def read_table(data: bytes, name: str = "") -> pd.DataFrame:
    """The table in a CSV, TSV, Parquet, Excel or JSON lines file, or in a ZIP of images, told apart by content first.

    What was odd but could be read stands in `.attrs["findings"]`. Raises BadTable for a file that holds no table.
    """
    if len(data) > MOST_BYTES:
        size = words.count(len(data) / MEGABYTE)
        raise BadTable(f"The file has {size} MB; up to 200 MB can be read. Use a random part of its rows.")
    if not data.strip():
        raise BadTable(EMPTY)
    table, findings = _read(data, name.lower())
    if table.shape[1] < 2:
        only = f"one column, '{table.columns[0]}'" if table.shape[1] else "no column"
        raise BadTable(f"The file has {only}. A sample needs a label column and at least one column to learn from.")
    if len(table) == 0:
        raise BadTable(f"The file has a header with {table.shape[1]:,} columns but no rows below it. Add the rows.")
    table.attrs["findings"] = (*findings, *_about_names(list(table.columns)))
    return table


def findings_of(table: pd.DataFrame) -> tuple[Finding, ...]:
    """What read_table found odd; nothing for a table from elsewhere."""
    return tuple(table.attrs.get("findings", ()))


def kinds_of(table: pd.DataFrame) -> dict[str, str]:
    """{column: kind} of the columns that read_table made itself, as it does from images."""
    return {name: kind for name, kind in table.attrs.get("kinds", {}).items() if name in table.columns}


def _read(data: bytes, name: str) -> Read:
    if data[:4] == b"PAR1":
        return _parquet(data)
    if data[:4] == b"PK\x03\x04":
        return _excel(data) if _is_workbook(data, name) else _images(data)
    for start, what in BINARY.items():
        if data.startswith(start):
            raise BadTable(f"The file is not a table but {what}. Use CSV, Parquet, Excel or JSON lines.")
    text, findings = decoded(data)
    head = text[:10_000]
    if "\0" in text or sum(ord(c) < 32 and c not in "\t\r\n\f" for c in head) > 0.02 * len(head):
        raise BadTable("The file is binary and not a table. Use CSV, Parquet, Excel or JSON lines.")
    text = text.lstrip("\r\n")
    if not text.strip():
        raise BadTable(EMPTY)
    table, more = _json(text) if _is_json(text, name) else read_delimited(text, name)
    return table, findings + more


def _is_json(text: str, name: str) -> bool:
    if text[:1] not in ("{", "["):
        return False
    if name.endswith((".json", ".jsonl", ".ndjson")):
        return True
    try:
        json.loads(text.partition("\n")[0] if text[0] == "{" else text)
    except (json.JSONDecodeError, RecursionError):
        return text[0] == "{" and not name.endswith((".csv", ".tsv", ".txt"))
    return True


def _json(text: str) -> Read:
    """JSON lines, one object a line; a JSON list of objects does as well."""
    text = HALF_A_CHARACTER.sub(r"\\ufffd", text)
    if text[0] == "[":
        try:
            records = json.loads(text)
        except (json.JSONDecodeError, RecursionError):
            raise BadTable("The file starts like a JSON list but is broken off or damaged. Export it again.") from None
        places, what = list(range(1, len(records) + 1)), "Item"
    else:
        lines = [(place, line) for place, line in enumerate(text.split("\n"), 1) if line.strip()]
        records, places, what = [_loaded(place, line) for place, line in lines], [place for place, _ in lines], "Line"
    for place, record in zip(places, records, strict=True):
        if not isinstance(record, dict):
            raise BadTable(
                f'{what} {place:,} is not a JSON object. Each must look like {{"text": "...", "label": "..."}}.'
            )
    return _named(pd.DataFrame.from_records(records)), []


def _loaded(place: int, line: str) -> Any:
    try:
        return json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        raise BadTable(
            f"Line {place:,} is not valid JSON. JSON lines hold one object a line; mend that line."
        ) from None


def _parquet(data: bytes) -> Read:
    try:
        arrow = pq.read_table(pa.BufferReader(data))
        arrow.validate(full=True)
        names = unique_names(arrow.column_names)
        table = arrow.rename_columns(names).to_pandas(ignore_metadata=True, date_as_object=False)
    except (pa.ArrowException, OSError, ValueError):
        raise BadTable("The Parquet file is damaged or broken off. Export it again.") from None
    return table.drop(columns=[name for name in names if name.startswith("__index_level_")]), []


def _is_workbook(data: bytes, name: str) -> bool:
    """Whether a ZIP is an Excel file; one too damaged to tell is taken for what its name says."""
    try:
        return "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError):
        return not name.endswith(".zip")


def _images(data: bytes) -> Read:
    table = read_images(data, read_table)
    return table, list(findings_of(table))


def _excel(data: bytes) -> Read:
    """The first sheet that holds anything."""
    findings = []
    try:
        files = zipfile.ZipFile(io.BytesIO(data)).infolist()
        if sum(file.file_size for file in files) > MOST_UNPACKED:
            raise BadTable("The Excel file unpacks to over 2 GB. Save the sheet as CSV or Parquet.")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = [(sheet.title, _cells(sheet)) for sheet in book.worksheets]
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, EOFError, ParseError, TypeError) as error:
        if isinstance(error, BadTable):
            raise
        raise BadTable("The Excel file is damaged or broken off. Save it again, or save the sheet as CSV.") from None
    full = [(title, rows) for title, rows in sheets if rows]
    if not full:
        raise BadTable("The Excel file has no sheet with anything in it. Choose one with a header row.")
    title, rows = full[0]
    if len(full) > 1:
        fact = f"Only the first sheet was read. It is '{title}', of {len(full)} with content."
        findings.append(Finding("sheets", fact, "Put the table on the first sheet if it is another one.", True))
    width = max(len(row) for row in rows)
    padded = [[*row, *[None] * (width - len(row))] for row in rows]
    return _named(pd.DataFrame(padded[1:], columns=pd.Index(padded[0], dtype=object)).infer_objects()), findings


def _cells(sheet: Any) -> list[list[Any]]:
    sheet.reset_dimensions()  # some programs write the size of the sheet wrongly
    rows = []
    for row in sheet.iter_rows(values_only=True):
        cells = [None if isinstance(cell, str) and cell.strip() in MISSING else cell for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            rows.append(cells)
    return rows


def _named(table: pd.DataFrame) -> pd.DataFrame:
    table.columns = pd.Index(unique_names(table.columns))
    return table


def _about_names(names: list[str]) -> list[Finding]:
    findings = []
    copies = [name for name in names if (found := COPY.fullmatch(name)) and found[1] in names]
    if copies:
        fact = f"Some columns share a name. {words.plural(len(copies), 'column was', 'columns were')} renamed."
        findings.append(Finding("duplicate_names", fact, "Give each column a name of its own.", True))
    if sum(NUMBER.fullmatch(name) is not None for name in names) > len(names) / 2:
        fact = f"The first row may be data, not names. Most of its {len(names):,} cells are numbers."
        findings.append(Finding("no_header", fact, "Add a row of names at the top if it is.", False))
    return findings

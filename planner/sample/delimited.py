"""Text that stands in lines and cells: the encoding, the delimiter and the odd lines of a CSV or TSV file."""

import csv
import io
from collections.abc import Iterable
from typing import Any, Literal

import pandas as pd

from planner import words
from planner.errors import BadTable
from planner.results import Finding

Read = tuple[pd.DataFrame, list[Finding]]

EMPTY = "The file is empty. Choose one with a header row and at least two columns."
MEGABYTE = 1024**2
# "None" is not here: it is a common name for a class.
MISSING = ["", "NaN", "nan", "-nan", "NA", "N/A", "n/a", "#N/A", "<NA>", "NULL", "null"]
LONG_CELL = "The lines do not fit the header, and a cell is over 100,000 characters long. Export the file again."
DELIMITERS = ",;\t|"
LOOKED_AT = 64 * 1024  # characters that settle the delimiter
FEW_ODD_LINES = 0.01  # share of lines with too many cells that are left out; more mean that the file is read wrongly


def decoded(data: bytes) -> tuple[str, list[Finding]]:
    """The text, and which encoding was assumed if it is not UTF-8."""
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16"), [_encoding("Its first bytes say UTF-16.")]
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        patched = data.decode("utf-8-sig", "replace")
    broken = patched.count("\ufffd")
    foreign = len(patched) - len(patched.encode("ascii", "ignore")) - broken
    if foreign > 9 * broken:  # other letters are good UTF-8, so a few bytes are damaged
        return patched, [_encoding(f"{words.plural(broken, 'character')} could not be read and show as \ufffd.")]
    try:
        return data.decode("cp1252"), [_encoding("It was read as Windows-1252 (Western European).")]
    except UnicodeDecodeError:  # five bytes mean nothing in Windows-1252
        return data.decode("latin-1"), [_encoding("It was read as Latin-1 (Western European).")]


def _encoding(what: str) -> Finding:
    remedy = "Look at words with accents; if they are wrong, save the file as UTF-8."
    return Finding("encoding", f"The file is not clean UTF-8. {what}", remedy, True)


def read_delimited(text: str, name: str) -> Read:
    """The table in lines of cells, and what was odd about them. Raises BadTable when many lines do not fit."""
    delimiter, widest = _delimiter(text, name)
    if text.startswith("sep="):  # Excel's own line
        text = text.partition("\n")[2].lstrip("\r\n")
    header, first = _first_lines(text, delimiter)
    if len(header) < 2:
        return pd.DataFrame(columns=pd.Index(unique_names(header))), []
    try:
        if max(widest, len(first)) > len(header):  # pandas would take the first column for an index
            raise pd.errors.ParserError
        return _by_pandas(text, delimiter, header), []
    except pd.errors.ParserError:
        good, findings = _mended(text, delimiter, len(header))
        return _by_pandas(good, delimiter, header), findings


def _first_lines(text: str, delimiter: str) -> tuple[list[str], list[str]]:
    """The cells of the header and of the first row."""
    lines = csv.reader(io.StringIO(text[: 10 * MEGABYTE], newline=""), delimiter=delimiter, skipinitialspace=True)
    full = (line for line in lines if line)
    try:
        return next(full, []), next(full, [])
    except csv.Error:
        raise BadTable(LONG_CELL) from None


def _by_pandas(text: str, delimiter: str, header: list[str]) -> pd.DataFrame:
    table = pd.read_csv(
        io.StringIO(text), sep=delimiter, header=0, names=list(range(len(header))), index_col=False, low_memory=False,
        keep_default_na=False, na_values=MISSING, skipinitialspace=True,
    )  # fmt: skip
    table.columns = pd.Index(unique_names(header))
    return table


def _delimiter(text: str, name: str) -> tuple[str, int]:
    """(delimiter, most cells a line): the delimiter that cuts most lines into as many cells as the header."""
    if text.startswith("sep=") and text[4:5]:
        return text[4], 0
    best = (0.0, 0, "\t" if name.endswith((".tsv", ".tab")) else ",", 0)
    for mark in DELIMITERS:
        lines = csv.reader(io.StringIO(text[:LOOKED_AT], newline=""), delimiter=mark, skipinitialspace=True)
        try:
            widths = [len(line) for line in lines if line]
        except csv.Error:
            continue
        whole = widths[:-1] if len(text) > LOOKED_AT and len(widths) > 1 else widths
        if whole and whole[0] > 1:
            fitting = sum(width == whole[0] for width in whole) / len(whole)
            best = max(best, (fitting, whole[0], mark, max(whole)))
    return best[2:]


def _mended(text: str, delimiter: str, width: int) -> tuple[str, list[Finding]]:
    """The same lines without those that have too many cells. Raises BadTable when those are many."""
    findings = []
    try:
        good, odd, lines = _sorted_out(text, delimiter, width, csv.QUOTE_MINIMAL)
    except csv.Error:
        # A quotation mark that is opened and never closed swallows all that follows: take the marks as they stand.
        try:
            good, odd, lines = _sorted_out(text, delimiter, width, csv.QUOTE_NONE)
        except csv.Error:
            raise BadTable(LONG_CELL) from None
        stray = "Quotation marks are not in pairs. They were read as ordinary characters."
        findings.append(Finding("stray_quotes", stray, "Write a mark inside a quoted cell twice.", True))
    if len(odd) > FEW_ODD_LINES * lines:
        line, cells = odd[0]
        many = f" {words.plural(len(odd), 'line')} in all are too long." if len(odd) > 1 else ""
        raise BadTable(
            f"Line {line:,} has {cells} cells, but the header has {width}.{many} "
            "Put quotation marks around text that holds the delimiter."
        )
    if odd:
        some = f"{words.plural(len(odd), 'line has', 'lines have')} too many cells. The first is line {odd[0][0]:,}."
        findings.append(Finding("ragged", some, "Left out.", True))
    return good, findings


def _sorted_out(
    text: str, delimiter: str, width: int, quoting: Literal[0, 3]
) -> tuple[str, list[tuple[int, int]], int]:
    """(good lines, (line number, cells) of the lines that are too long, how many lines)."""
    good = io.StringIO(newline="")
    writer = csv.writer(good, delimiter=delimiter, lineterminator="\n")
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True, quoting=quoting
    )
    odd, lines = [], 0
    for cells in reader:
        lines += bool(cells)
        if any(cells[width:]):
            odd.append((reader.line_num, len(cells)))
        else:
            writer.writerow(cells[:width])
    return good.getvalue(), odd, lines


def unique_names(names: Iterable[Any]) -> list[str]:
    """Column names as text, each once: a second `x` becomes `x (2)`, an empty one `column 3`."""
    found: dict[str, None] = {}
    for place, name in enumerate(names, 1):
        plain = "" if name is None else str(name).strip()
        wanted = plain or f"column {place}"
        name, copy = wanted, 1
        while name in found:
            copy += 1
            name = f"{wanted} ({copy})"
        found[name] = None
    return list(found)

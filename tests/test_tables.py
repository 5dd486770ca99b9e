"""Every format, delimiter and encoding ends in the same table."""

import io
import json

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import BadTable
from planner.sample.delimited import unique_names
from planner.sample.tables import findings_of, read_table

ROWS = [("Grüße, alle", 1.5, "yes"), ('she said "no"', -2.0, "no"), ("two\nlines", 3.0, "yes")]
TABLE = pd.DataFrame(ROWS, columns=["text", "size", "label"])


def codes(table: pd.DataFrame) -> list[str]:
    return [finding.code for finding in findings_of(table)]


def as_excel(rows: list[tuple[object, ...]], empty_sheet_first: bool = False) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("data") if empty_sheet_first else book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_parquet(table: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    table.to_parquet(file)
    return file.getvalue()


def as_json_lines(table: pd.DataFrame) -> bytes:
    return "\n".join(json.dumps(row) for row in table.to_dict("records")).encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_any_delimiter_and_encoding_gives_the_same_table(delimiter: str, encoding: str, line_end: str) -> None:
    data = TABLE.to_csv(index=False, sep=delimiter, lineterminator=line_end).encode(encoding)
    read = read_table(data)
    pd.testing.assert_frame_equal(read.replace("\r\n", "\n", regex=True), TABLE)
    assert ("encoding" in codes(read)) == (encoding in ("utf-16", "cp1252"))


@pytest.mark.parametrize(
    "data",
    [
        as_parquet(TABLE),
        as_excel([tuple(TABLE.columns), *ROWS]),
        as_excel([tuple(TABLE.columns), *ROWS], empty_sheet_first=True),
        as_json_lines(TABLE),
        json.dumps(TABLE.to_dict("records")).encode(),
    ],
    ids=["parquet", "excel", "excel, second sheet", "json lines", "json list"],
)
@pytest.mark.parametrize("name", ["", "wrong.csv"])
def test_the_content_tells_the_format_whatever_the_name(data: bytes, name: str) -> None:
    pd.testing.assert_frame_equal(read_table(data, name), TABLE)


def test_commas_in_text_do_not_hide_the_semicolons() -> None:
    data = b"text;label\n" + b"one, two, three, four;yes\nfive, six, seven;no\n" * 20
    assert read_table(data).shape == (40, 2)


def test_one_damaged_byte_does_not_turn_good_utf8_into_another_encoding() -> None:
    good = "text,label\n" + "Größe überall,ja\n" * 50
    read = read_table(good.encode() + b"Gr\xf6,nein\n")
    assert (read["text"][:50] == "Größe überall").all()
    assert codes(read) == ["encoding"]


def test_empty_cells_and_the_usual_words_are_missing_but_none_is_a_value() -> None:
    read = read_table(b"a,label\n,x\nNA,x\nnull,None\nb,\n")
    assert read["a"].isna().tolist() == [True, True, True, False]
    assert read["label"].iloc[2] == "None"
    assert read["label"].isna().tolist() == [False, False, False, True]


def test_formulas_stay_text() -> None:
    read = read_table(b"a,label\n=1+1,x\n@SUM(A1),y\n")
    assert read["a"].tolist() == ["=1+1", "@SUM(A1)"]


def test_names_given_twice_are_told_apart_and_reported() -> None:
    read = read_table(b"x,x,,label,x\n1,2,3,a,4\n5,6,7,b,8\n")
    assert list(read.columns) == ["x", "x (2)", "column 3", "label", "x (3)"]
    assert read["x (3)"].tolist() == [4, 8]
    assert codes(read) == ["duplicate_names"]


@given(st.lists(st.text("xy ()2", max_size=5)))
@settings(max_examples=200, deadline=None)
def test_names_are_always_each_once(names: list[str]) -> None:
    unique = unique_names(names)
    assert len(set(unique)) == len(names)
    assert "" not in unique


def test_a_header_of_fractions_is_questioned() -> None:
    assert codes(read_table(b"0.5,1.25,x\n0.1,0.2,y\n0.3,0.4,x\n")) == ["no_header"]


def test_a_few_lines_that_are_too_long_are_left_out_and_the_first_is_named() -> None:
    lines = ["a,label"] + ["1,x"] * 500
    lines[100] = "1,x,y"  # line 101 of the file
    read = read_table("\n".join(lines).encode())
    assert len(read) == 499
    (finding,) = findings_of(read)
    assert finding.code == "ragged"
    assert "line 101." in finding.finding


def test_many_lines_that_are_too_long_are_refused_with_the_first_line() -> None:
    data = b"label,text\npos,hello\npos,hello, world\nneg,no, not, at all\n"
    with pytest.raises(BadTable, match=r"Line 3 has 3 cells, but the header has 2\. 2 lines in all"):
        read_table(data)


def test_a_delimiter_at_the_end_of_every_line_adds_no_column() -> None:
    assert read_table(b"a,label\n1,x,\n2,y,\n").shape == (2, 2)


def test_a_quotation_mark_that_is_never_closed_swallows_nothing() -> None:
    data = b'text\tlabel\n"open\ta\n' + b"plain\tb\n" * 200
    read = read_table(data, "x.tsv")
    assert len(read) == 201
    assert codes(read) == ["stray_quotes"]


def test_excel_says_which_sheet_was_read() -> None:
    book = openpyxl.Workbook()
    for name in ("first", "second"):
        sheet = book.create_sheet(name)
        sheet.append(["a", "label"])
        sheet.append([1, "x"])
    file = io.BytesIO()
    book.save(file)
    (finding,) = findings_of(read_table(file.getvalue()))
    assert finding.code == "sheets"
    assert "'first'" in finding.finding


def test_parquet_keeps_lists_and_dates_and_drops_a_saved_index() -> None:
    table = pd.DataFrame(
        {"vector": [[1.0, 2.0], [3.0, 4.0]], "day": pd.to_datetime(["2024-01-01", "2024-02-01"]), "label": ["a", "b"]},
        index=[7, 9],
    )
    read = read_table(as_parquet(table))
    assert list(read.columns) == ["vector", "day", "label"]
    assert np.allclose(np.stack(read["vector"].tolist()), [[1, 2], [3, 4]])
    assert (read["day"] == table["day"].to_numpy()).all()

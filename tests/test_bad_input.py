"""Every file that cannot carry a plan is refused with a sentence that says what was found and what to do."""

import gzip
import io
import json
import zipfile

import numpy as np
import pandas as pd
import pytest

from planner.errors import BadTable, PlannerError
from planner.sample.reading import encode, make_sample, read_sample
from planner.sample.tables import MOST_BYTES, read_table


def parquet() -> bytes:
    file = io.BytesIO()
    pd.DataFrame({"a": range(1000), "label": ["x", "y"] * 500}).to_parquet(file)
    return file.getvalue()


def excel() -> bytes:
    file = io.BytesIO()
    pd.DataFrame({"a": range(1000), "label": ["x", "y"] * 500}).to_excel(file, index=False)
    return file.getvalue()


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as folder:
        folder.writestr("data.csv", "a,label\n1,x\n")
    return file.getvalue()


RANDOM = np.random.default_rng(0).bytes(5000)

REFUSED = {
    "nothing": (b"", "The file is empty"),
    "only blanks": (b" \n\n  \n", "The file is empty"),
    "only a byte order mark": (b"\xef\xbb\xbf\n", "The file is empty"),
    "one column": (b"text\nhello\nworld\n", "one column, 'text'"),
    "one JSON column": (b'{"text": "a"}\n{"text": "b"}\n', "one column, 'text'"),
    "a header and no rows": (b"text,label\n", "header with 2 columns but no rows"),
    "random bytes": (b"\x00\x01" + RANDOM, "is binary and not a table"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + RANDOM, "a picture \\(PNG\\)"),
    "a PDF": (b"%PDF-1.7\n" + RANDOM, "a PDF document"),
    "a gzip archive": (gzip.compress(b"a,label\n1,x\n"), "unpack it first"),
    "an old Excel file": (b"\xd0\xcf\x11\xe0" + RANDOM, "save it as .xlsx"),
    "Parquet cut in half": (parquet()[:2000], "Parquet file is damaged"),
    "Parquet with a hole": (parquet()[:100] + b"\xff" * 900 + parquet()[1000:], "Parquet file is damaged"),
    "Parquet in name only": (b"PAR1PAR1", "Parquet file is damaged"),
    "Excel cut in half": (excel()[:3000], "Excel file is damaged"),
    "a ZIP archive": (archive(), "without an Excel workbook"),
    "broken JSON lines": (b'{"a": 1, "label": "x"}\n\n{"a": 1, "lab\n', "Line 3 is not valid JSON"),
    "JSON lines that are lists": (b'{"a": 1, "label": "x"}\n[1, 2]\n', "Line 2 is not a JSON object"),
    "a JSON object over many lines": (b'{\n"a": [1, 2],\n"label": ["x", "y"]\n}\n', "Line 1 is not valid JSON"),
    "a broken JSON list": (b'[{"a": 1, "label": "x"},', "broken off"),
    "a JSON list of numbers": (b"[1, 2, 3]", "Item 1 is not a JSON object"),
    "JSON without a bottom": (b"[" * 100_000, "broken off"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_without_a_table_is_refused_with_a_sentence(case: str) -> None:
    data, sentence = REFUSED[case]
    name = "data.json" if data[:1] in (b"[", b"{") else "data.csv"
    with pytest.raises(BadTable, match=sentence) as raised:
        read_table(data, name)
    assert str(raised.value).endswith(".")


def test_a_file_over_200_megabytes_is_refused() -> None:
    with pytest.raises(BadTable, match="200 MB can be read"):
        read_table(bytes(MOST_BYTES + 1))


LABELS = {
    "one class": (["x"] * 40, "holds one class, 'x', in 40 labeled rows"),
    "one class and gaps": (["x", None] * 20, "holds one class, 'x', in 20 labeled rows"),
    "a label of its own for each row": ([f"row {i}" for i in range(40)], "looks like an identifier or a measurement"),
    "measured numbers": (list(np.linspace(0.1, 0.9, 40)), "looks like an identifier or a measurement"),
    "no label at all": ([None] * 40, "No row has a label: the column 'label' is empty"),
    "blank labels": ([" "] * 40, "No row has a label"),
}


@pytest.mark.parametrize("case", LABELS)
def test_a_label_column_that_holds_no_classes_is_refused(case: str) -> None:
    values, sentence = LABELS[case]
    table = pd.DataFrame({"a": np.random.default_rng(0).normal(size=40), "label": values})
    with pytest.raises(BadTable, match=sentence):
        make_sample(table, "label")


def test_a_misspelled_label_gets_a_hint_and_the_columns() -> None:
    with pytest.raises(BadTable) as raised:
        read_sample(b"id,text,label\n1,a b c,x\n2,c d e,y\n", "lable")
    expected = "The file has no column 'lable'. Did you mean 'label'? Its columns: id, text, label."
    assert str(raised.value) == expected


def test_a_misspelled_column_among_the_corrections_gets_a_hint() -> None:
    with pytest.raises(BadTable, match=r"no column 'siez'\. Did you mean 'size'"):
        read_sample(b"size,label\n1,x\n2,y\n", "label", {"siez": "number"})


def test_an_unknown_kind_gets_a_hint() -> None:
    with pytest.raises(PlannerError, match="Did you mean 'number'"):
        read_sample(b"size,label\n1,x\n2,y\n5,x\n", "label", {"size": "numbre"})


def test_a_table_without_anything_that_looks_like_a_label_asks_for_it() -> None:
    table = pd.DataFrame({"a": np.linspace(0, 1, 50), "b": np.linspace(3, 9, 50)})
    with pytest.raises(BadTable, match=r"No column looks like a label\. Say which one it is: a, b\."):
        make_sample(table)


def test_a_table_with_nothing_to_learn_from_says_why_each_column_is_left_out() -> None:
    table = pd.DataFrame({"id": range(40), "same": ["s"] * 40, "label": ["x", "y"] * 20})
    with pytest.raises(BadTable, match=r"No column is left.*'id' \(identifier.*'same' \(constant"):
        make_sample(table)


@pytest.mark.parametrize(("kind", "word"), [("number", "no number"), ("date", "no date")])
def test_words_cannot_be_made_numbers_or_dates(kind: str, word: str) -> None:
    table = pd.DataFrame({"a": ["red", "blue"] * 20, "b": range(0, 80, 2), "label": ["x", "y", "y", "x"] * 10})
    with pytest.raises(BadTable, match=f"Column 'a' cannot be read as {kind}: it holds {word}"):
        make_sample(table, "label", {"a": kind})


def table_of(n: int = 200) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return pd.DataFrame({"a": rng.normal(size=n), "b": rng.normal(size=n), "label": rng.choice(["x", "y"], n)})


def with_one_row_of_a_class(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(label=["rare", *table["label"][1:]])


def with_infinity(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(a=[np.inf, -np.inf, *table["a"][2:]])


def with_gaps(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(a=[np.nan] * 7 + list(table["a"][7:]))


def with_mixed_types(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(c=["12", "many", "7", "few"] * 50)


def with_formulas(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(c=["=1+1", "plain", "@SUM(A1)", "plain"] * 50)


def with_an_identifier(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(id=range(200))


def with_a_constant(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(c="always")


def with_the_label_given_away(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(c=table["label"].map({"x": 3.0, "y": 8.0}))


def with_the_label_given_away_in_words(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(c=table["label"].map({"x": "granted", "y": "refused"}))


def with_duplicates(table: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([table, table.head(9)])


def with_capitals(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(label=["X"] * 20 + list(table["label"][20:]))


TAKEN_IN = {
    with_one_row_of_a_class: ("small_class", "'rare' (1 row)"),
    with_infinity: ("infinite", "2 cells in 'a'"),
    with_gaps: ("missing", "7 cells in 1 column; most in 'a' (3.5%)"),
    with_mixed_types: ("mixed_types", "'c' (50% numbers, read as category)"),
    with_formulas: ("formula", "100 cells in 'c'"),
    with_an_identifier: ("id_column", "'id' differs"),
    with_a_constant: ("constant", "'c'"),
    with_the_label_given_away: ("leak", "'c' alone predicts 100.0%"),
    with_the_label_given_away_in_words: ("leak", "'c' alone predicts 100.0%"),
    with_duplicates: ("duplicates", "9 labeled rows repeat another"),
    with_capitals: ("class_spelling", "'X' and 'x'"),
}


@pytest.mark.parametrize("change", TAKEN_IN, ids=lambda change: change.__name__)
def test_what_can_be_used_is_taken_in_with_a_finding_and_a_remedy(change: object) -> None:
    assert callable(change)
    code, fact = TAKEN_IN[change]
    (finding,) = make_sample(change(table_of()), "label").facts.findings
    assert finding.code == code
    assert fact in finding.finding
    assert finding.remedy.endswith(".")


def test_a_clean_table_has_no_findings() -> None:
    assert make_sample(table_of(), "label").facts.findings == ()


def test_ten_thousand_columns_are_taken_in_with_a_finding() -> None:
    rng = np.random.default_rng(2)
    table = pd.DataFrame(rng.normal(size=(200, 10_000)), columns=[f"gene {i} level" for i in range(10_000)])
    sample = make_sample(table.assign(label=rng.choice(["x", "y"], 200)), "label")
    assert sample.features.shape == (200, 10_000)
    assert [finding.code for finding in sample.facts.findings] == ["many_columns"]


def test_texts_that_share_no_word_leave_nothing_to_learn_from() -> None:
    table = pd.DataFrame({"a": ["? !", "! !"] * 20, "label": ["x", "y", "y", "x"] * 10})
    with pytest.raises(BadTable, match="no word stands in two rows"):
        encode(make_sample(table, "label", {"a": "text"}))


def test_half_a_character_in_json_is_read() -> None:
    read = read_table(b'{"a": "\\ud83d\\ude00 \\ud83d", "label": "x"}\n{"a": "b", "label": "y"}\n')
    assert read["a"].tolist() == ["\U0001f600 \ufffd", "b"]


def test_no_finding_or_note_quotes_a_cell() -> None:
    secret = [f"secret words number {i} of many" for i in range(200)]
    sample = make_sample(table_of().assign(note=secret, token=[f"tok{i}" for i in range(200)], c="hidden"), "label")
    written = json.dumps([str(sample.facts.findings), str(sample.facts.columns)])
    assert "secret" not in written
    assert "tok1" not in written
    assert "hidden" not in written

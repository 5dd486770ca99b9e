"""Laws every kind of column keeps, and what each one makes of hand-made cells."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import issparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from planner.choices.kinds import KINDS, as_dates, as_numbers, as_text, as_vectors, category, date, number, text
from planner.sample.columns import describe, kind_of_data, matrix

RNG = np.random.default_rng(0)
COLORS = ["red", "green", "blue"]
NUMBERS = [*RNG.normal(size=57), np.nan, np.inf, 3.0]
WORDS = [" ".join(RNG.choice(["cat", "dog", "bird", "fish", "ran", "sat"], 6)) for _ in range(58)]
CELLS: dict[str, pd.DataFrame] = {
    "number": pd.DataFrame({"a": NUMBERS, "b": range(60)}),
    "category": pd.DataFrame({"a": [*COLORS * 19, None, "once", "once"], "b": [True, False] * 30}),
    "text": pd.DataFrame({"a": [*WORDS, None, ""], "b": WORDS + WORDS[:2]}),
    "sentence": pd.DataFrame({"a": [*WORDS, None, ""], "b": WORDS + WORDS[:2]}),
    "embedding": pd.DataFrame({"a": list(RNG.normal(size=(60, 4))), "b": RNG.normal(size=60)}),
    "date": pd.DataFrame({"a": [*pd.date_range("2023-11-05", periods=59, freq="11D"), pd.NaT]}),
    "identifier": pd.DataFrame({"a": [f"id{i}" for i in range(60)]}),
    "constant": pd.DataFrame({"a": ["same"] * 60}),
    "group": pd.DataFrame({"a": COLORS * 20}),
    "expert": pd.DataFrame({"a": ["yes", None] * 30}),
    "amount": pd.DataFrame({"a": [12.5, 0.0] * 30}),
}


ASKED = ("sentence", "group", "expert", "amount")  # nobody guesses them


def dense(block: object) -> np.ndarray:
    return np.asarray(block.toarray() if issparse(block) else block)


def test_every_kind_has_cells_here() -> None:
    assert set(CELLS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_finite_float_rows(kind: str) -> None:
    block = KINDS[kind].call(CELLS[kind])
    assert block.dtype == np.float64
    assert block.shape[0] == 60
    assert np.isfinite(dense(block)).all()
    assert (block.shape[1] > 0) == KINDS[kind].facts["model_input"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_the_same_rows_in_another_order(kind: str) -> None:
    order = np.random.default_rng(1).permutation(60)
    shuffled = CELLS[kind].iloc[order].reset_index(drop=True)
    assert np.allclose(dense(KINDS[kind].call(shuffled)), dense(KINDS[kind].call(CELLS[kind]))[order], atol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_leaves_the_cells_as_they_were(kind: str) -> None:
    before = CELLS[kind].copy(deep=True)
    KINDS[kind].call(CELLS[kind])
    pd.testing.assert_frame_equal(CELLS[kind], before)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ASKED])
def test_every_kind_is_guessed_from_its_own_cells(kind: str) -> None:
    table = CELLS[kind][["a"]].assign(label=["x", "y"] * 30)
    assert describe(table, "label")[0].kind == kind


def test_numbers_are_standardised_as_scikit_learn_does() -> None:
    values = RNG.normal(5, 3, size=(40, 3))
    assert np.allclose(number(pd.DataFrame(values)), StandardScaler().fit_transform(values))


def test_a_missing_number_is_the_median_and_marked() -> None:
    encoded = number(pd.DataFrame({"a": [1.0, 2.0, np.nan, 6.0, np.inf, -np.inf]}))
    # Median of 1, 2 and 6 is 2; 1, 2, 2, 6, 2, 2 has mean 2.5 and deviation sqrt(2.583).
    assert np.allclose(encoded[:, 0], (np.array([1, 2, 2, 6, 2, 2]) - 2.5) / np.sqrt(15.5 / 6))
    assert encoded[:, 1].tolist() == [0, 0, 1, 0, 1, 1]


def test_a_number_that_is_never_missing_gets_no_mark() -> None:
    assert number(pd.DataFrame({"a": [1.0, 2.0, 4.0]})).shape == (3, 1)


def test_enormous_numbers_do_not_overflow() -> None:
    assert np.isfinite(number(pd.DataFrame({"a": [1e308, -1e308, 1.0]}))).all()


def test_categories_are_one_hot_as_scikit_learn_does() -> None:
    cells = pd.DataFrame({"a": COLORS * 10, "b": ["u", "v"] * 15})
    assert np.array_equal(category(cells).toarray(), OneHotEncoder().fit_transform(cells).toarray())


def test_rare_values_count_together_and_missing_is_a_value() -> None:
    cells = pd.DataFrame({"a": ["x"] * 5 + ["y"] * 4 + ["z"] + [None] * 2})
    encoded = category(cells).toarray()
    assert encoded.sum(axis=0).tolist() == [5, 5, 2]  # x; y and z; missing
    assert (encoded.sum(axis=1) == 1).all()


def test_text_is_weighted_as_scikit_learn_does() -> None:
    ours = text(pd.DataFrame({"a": WORDS})).toarray()
    peer = TfidfVectorizer(sublinear_tf=True, min_df=2).fit_transform(WORDS).toarray()
    assert np.allclose(ours, peer)


def test_text_stays_sparse_and_each_column_has_its_own_words() -> None:
    one, two = text(CELLS["text"][["a"]]), text(CELLS["text"])
    assert issparse(two)
    assert two.shape[1] > one.shape[1]
    assert np.array_equal(two[:, : one.shape[1]].toarray(), one.toarray())


def test_writing_without_spaces_is_cut_into_characters() -> None:
    cells = pd.DataFrame({"a": ["荷物が届きません", "荷物が壊れました", "請求が違います", "請求書が届きません"] * 3})
    encoded = text(cells)
    assert (np.diff(encoded.indptr) > 3).all()
    assert encoded.shape[1] > 10


def test_text_without_any_word_twice_has_no_columns_but_all_its_rows() -> None:
    assert text(pd.DataFrame({"a": ["!", "?"]})).shape == (2, 0)


def test_dates_become_year_month_weekday_and_days() -> None:
    cells = pd.DataFrame({"a": pd.to_datetime(["2024-01-01", "2024-02-05", "2025-03-03"])})
    parts = np.array([[2024, 1, 0, 0], [2024, 2, 0, 35], [2025, 3, 0, 427]], dtype=float)  # all three are Mondays
    spread = np.where(parts.std(axis=0) > 0, parts.std(axis=0), 1)
    assert np.allclose(date(cells), (parts - parts.mean(axis=0)) / spread)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2024-03-01", "2024-12-31"], ["2024-03-01", "2024-12-31"]),
        (["2024-03-01T10:00:00Z", "2024-12-31 23:00"], ["2024-03-01T10:00", "2024-12-31T23:00"]),
        (["01/03/2024", "25/12/2024"], ["2024-03-01", "2024-12-25"]),
        (["03/01/2024", "12/25/2024"], ["2024-03-01", "2024-12-25"]),
        (["Mar 1, 2024", "25 December 2024"], ["2024-03-01", "2024-12-25"]),
        (["2024-03-01", "never"], ["2024-03-01", None]),
    ],
)
def test_dates_are_read_as_they_are_written(cells: list[str], expected: list[str | None]) -> None:
    found = as_dates(pd.Series(cells))
    assert [None if pd.isna(day) else day for day in found] == [pd.Timestamp(day) if day else None for day in expected]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1", "2.5", "-3e2"], [1, 2.5, -300]),
        (["1,200", "3,400,000.5", "7"], [1200, 3_400_000.5, 7]),
        (["1,5", "2,25", "3"], [1.5, 2.25, 3]),
        (["$1,200", "-$3", "€7.50"], [1200, -3, 7.5]),
        (["12%", "7.5 %", None], [12, 7.5, np.nan]),
        (["5", "five", "inf"], [5, np.nan, np.nan]),
        ([True, False, None], [1, 0, np.nan]),
    ],
)
def test_numbers_are_read_as_they_are_written(cells: list[object], expected: list[float]) -> None:
    found = as_numbers(pd.DataFrame({"a": pd.Series(cells, dtype=object)}))[:, 0]
    assert np.array_equal(found, expected, equal_nan=True)


def test_words_are_stripped_and_whole_numbers_written_one_way() -> None:
    cells = pd.Series([" a ", "1.0", 1, 1.0, 1.5, True, None, "  ", np.nan], dtype=object)
    assert as_text(cells).tolist()[:2] == ["a", "1"]
    assert as_text(cells).isna().tolist() == [False] * 6 + [True] * 3
    assert as_text(pd.Series([1.0, 2.0])).tolist() == as_text(pd.Series([1, 2])).tolist() == ["1", "2"]


def test_vectors_are_read_from_lists_and_from_writing() -> None:
    cells = pd.Series([[1, 2], np.array([3.0, 4.0]), "[5, 6]", [7], None], dtype=object)
    assert np.array_equal(as_vectors(cells)[:3], [[1, 2], [3, 4], [5, 6]])
    assert np.isnan(as_vectors(cells)[3:]).all()


def guess(cells: object, name: str = "a") -> str:
    table = pd.DataFrame({name: cells})
    return describe(table.assign(label=np.arange(len(table)) % 2), "label")[0].kind


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([1, 2, 3, 4] * 25, "number"),
        (["1,200", "80", "7", "1,900"] * 25, "number"),
        (RNG.normal(size=100), "number"),
        (RNG.permutation(100), "identifier"),
        (np.arange(100) * 37 + 5, "identifier"),
        (RNG.permutation(100) ** 2, "number"),
        (RNG.integers(10**15, 10**16, 100), "identifier"),
        ([f"A-{i:04d}" for i in range(100)], "identifier"),
        ([f"{i * 7919 % 2**32:032x}" for i in range(100)], "identifier"),
        (["yes", "no"] * 50, "category"),
        ([True, False] * 50, "category"),
        (["Strongly agree with that", "No opinion about that"] * 50, "category"),
        ([f"message {i} says something new" for i in range(100)], "text"),
        ([f"これは{i}番目の文章です" for i in range(100)], "text"),
        (["2024-01-05", "2024-02-07"] * 50, "date"),
        ([[0.1 * i, 0.2, 0.3] for i in range(100)], "embedding"),
        ([f"[{i}.5, 0.2]" for i in range(100)], "embedding"),
        (["x"] * 100, "constant"),
        ([None] * 100, "constant"),
        (["x", None] * 50, "category"),
    ],
)
def test_the_kind_is_guessed_from_the_cells(cells: object, kind: str) -> None:
    assert guess(cells) == kind


def test_a_name_can_tell_an_identifier() -> None:
    distinct = RNG.permutation(100) ** 2
    assert guess(distinct, "customer_id") == "identifier"
    assert guess(distinct, "area") == "number"


def test_many_numbered_columns_are_an_embedding_but_pixels_are_not() -> None:
    values = RNG.normal(size=(200, 16))
    vectors = pd.DataFrame(values, columns=[f"e{i}" for i in range(16)]).assign(label=[0, 1] * 100)
    pixels = pd.DataFrame(np.round(abs(values) * 8), columns=vectors.columns[:-1]).assign(label=[0, 1] * 100)
    assert {column.kind for column in describe(vectors, "label")[:-1]} == {"embedding"}
    assert {column.kind for column in describe(pixels, "label")[:-1]} == {"number"}


@pytest.mark.parametrize(
    ("kinds", "together"),
    [
        (["number"], "numbers"),
        (["number", "category"], "mixed"),
        (["text", "text"], "text"),
        (["text", "number"], "text and table"),
        (["embedding"], "embedding"),
        (["sentence"], "embedding"),
        (["sentence", "number"], "mixed"),
        (["number", "identifier", "constant"], "numbers"),
    ],
)
def test_the_kinds_of_the_columns_make_the_kind_of_the_data(kinds: list[str], together: str) -> None:
    table = pd.concat([CELLS[kind]["a"].rename(f"{kind} {i}") for i, kind in enumerate(kinds)], axis=1)
    asked = {name: name.split()[0] for name in table}
    assert kind_of_data(describe(table.assign(label=[0, 1] * 30), "label", asked)) == together


def test_the_matrix_is_dense_without_text_and_sparse_with_it() -> None:
    table = pd.concat([CELLS["number"]["b"].rename("n"), CELLS["category"]["a"].rename("c")], axis=1)
    columns = describe(table.assign(label=[0, 1] * 30), "label", {"n": "number"})
    assert isinstance(matrix(table, columns), np.ndarray)
    table = table.assign(t=CELLS["text"]["b"])
    mixed = matrix(table, describe(table.assign(label=[0, 1] * 30), "label", {"n": "number"}))
    assert issparse(mixed)
    assert mixed.format == "csr"
    assert np.allclose(mixed[:, :6].toarray(), matrix(table, columns))


def test_very_many_categories_stay_sparse() -> None:
    cells = np.repeat([f"city {i}" for i in range(600)], 5)
    table = pd.DataFrame({"a": cells})
    assert issparse(matrix(table, describe(table.assign(label=np.arange(3000) % 2), "label", {"a": "category"})))

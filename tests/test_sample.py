"""A table becomes a sample: labels, groups, digest, findings and what the rows say about each other."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import issparse

from planner.errors import PlannerError
from planner.pilot import bundled
from planner.sample.reading import drop_class, encode, guess_label, make_sample, merge_classes, read_sample
from tests import make_sample_data

WORDS = [f"{start}{end}" for start in ("ba", "ke", "li", "mo", "nu", "pa", "ri", "so") for end in ("dan", "fer", "lop",
         "mis", "net", "rak", "sul", "tov")]  # fmt: skip


def numbers(n: int = 300, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(rng.normal(size=(n, 4)), columns=["a", "b", "c", "d"])
    return table.assign(label=np.where(table["a"] + rng.normal(size=n) > 0, "up", "down"))


def texts(n: int = 300, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    written = [" ".join(rng.choice(WORDS, 12)) for _ in range(n)]
    return pd.DataFrame({"text": written, "label": rng.choice(["yes", "no"], n)})


def test_labels_are_codes_into_sorted_classes() -> None:
    table = numbers(6).assign(label=["b", "a", "c", "a", "b", "a"])
    sample = make_sample(table, "label")
    assert sample.facts.classes == ("a", "b", "c")
    assert sample.labels.tolist() == [1, 0, 2, 0, 1, 0]
    assert sample.facts.counts.tolist() == [3, 2, 1]


def test_numeric_classes_are_sorted_as_numbers_and_1_equals_1_0() -> None:
    table = numbers(8).assign(label=["10", "9", " 1 ", "1.0", 1, 1.0, 10.0, 9])
    sample = make_sample(table, "label")
    assert sample.facts.classes == ("1", "9", "10")
    assert sample.labels.tolist() == [2, 1, 0, 0, 0, 0, 2, 1]


def test_rows_without_a_label_are_kept_apart() -> None:
    table = numbers(10).assign(label=["x", None, "y", "", "x", " ", "y", np.nan, "x", "y"])
    sample = make_sample(table, "label")
    assert sample.features["a"].tolist() == table["a"][[0, 2, 4, 6, 8, 9]].tolist()
    assert sample.unlabeled["a"].tolist() == table["a"][[1, 3, 5, 7]].tolist()
    assert (sample.facts.rows, sample.facts.labeled) == (10, 6)


def test_the_matrix_has_labeled_rows_first_and_learns_from_all_rows() -> None:
    table = pd.DataFrame({"a": [10.0, 0.0, 20.0, 0.0, 30.0, 0.0], "b": [1.0, 5, 2, 5, 7, 9]})
    table = table.assign(label=["x", None, "y", None, "x", None])
    X = encode(make_sample(table, "label"))
    assert X.shape == (6, 2)
    assert np.allclose(X[:, 0], (np.array([10, 20, 30, 0, 0, 0]) - 10) / np.std([10, 20, 30, 0, 0, 0]))


def test_the_matrix_does_not_know_the_labels() -> None:
    table = numbers()
    other = table.assign(label=np.random.default_rng(9).permutation(table["label"]))
    assert np.array_equal(encode(make_sample(table, "label")), encode(make_sample(other, "label")))


def test_text_is_sparse_all_the_way() -> None:
    sample = make_sample(texts(), "label")
    assert sample.facts.kind == "text"
    assert issparse(encode(sample))


def test_identical_rows_share_a_number_and_no_others_do() -> None:
    table = numbers(50)
    again = pd.concat([table, table.iloc[[3, 3, 7]].assign(label="up")], ignore_index=True)
    same = make_sample(again, "label").same
    assert same[3] == same[50] == same[51]
    assert same[7] == same[52]
    assert len(set(same)) == 50


def test_columns_left_out_do_not_tell_identical_rows_apart() -> None:
    table = pd.concat([numbers(50)] * 2, ignore_index=True).assign(id=range(100))
    assert len(set(make_sample(table, "label").same)) == 50


def test_identical_rows_with_different_labels_are_named() -> None:
    table = pd.concat([numbers(100), numbers(100).head(2).assign(label=["up", "down"])], ignore_index=True)
    (finding,) = make_sample(table, "label").facts.findings
    odd = (table["label"][:2] != ["up", "down"]).sum() * 2
    assert odd
    assert f"{odd} of these rows carry different labels" in finding.finding


def test_the_digest_is_the_same_for_the_same_rows_whatever_the_file() -> None:
    table = texts().assign(n=range(0, 900, 3), x=np.linspace(0, 1, 300))
    first = make_sample(table, "label", name="one").facts.digest
    read = read_sample(table.to_csv(index=False, sep=";").encode("utf-16"), "label", name="two").facts.digest
    assert first == read
    assert len(first) == 12
    assert set(first) <= set("0123456789abcdef")


@pytest.mark.parametrize("change", ["cell", "label", "kind", "order", "label lost"])
def test_the_digest_changes_with_anything_a_pilot_would_notice(change: str) -> None:
    table = numbers()
    other, kinds = table.copy(), {}
    if change == "cell":
        other.loc[5, "a"] += 1e-9
    elif change == "label":
        other.loc[5, "label"] = "down" if table.loc[5, "label"] == "up" else "up"
    elif change == "label lost":
        other.loc[5, "label"] = None
    elif change == "order":
        other = other.iloc[::-1]
    else:
        kinds = {"d": "leave_out"}
    assert make_sample(table, "label").facts.digest != make_sample(other, "label", kinds).facts.digest


def test_corrections_of_a_kind_are_taken() -> None:
    table = numbers().assign(grade=[1, 2, 3] * 100)
    columns = {
        one.name: one for one in make_sample(table, "label", {"grade": "category", "a": "leave_out"}).facts.columns
    }
    assert columns["grade"].kind == "category"
    assert not columns["a"].used
    assert "left out by you" in columns["a"].note
    assert "a" not in make_sample(table, "label", {"a": "leave-out".replace("-", "_")}).features


@pytest.mark.parametrize(
    ("columns", "label"),
    [
        ({"label": "xy", "size": "measured"}, "label"),
        ({"Sentiment": "xy", "text": "text"}, "Sentiment"),
        ({"class": "xyz", "target": "measured", "z": "xy"}, "class"),
        ({"size": "measured", "color": "xyz", "last": "xy"}, "last"),
        ({"kind": "xy", "size": "measured", "text": "text"}, "kind"),
        ({"is_spam_label": "xy", "other": "xy"}, "is_spam_label"),
        ({"size": "measured", "text": "text"}, None),
    ],
)
def test_the_label_is_guessed_by_name_then_few_values_then_place(columns: dict[str, str], label: str | None) -> None:
    made = {"xy": ["x", "y"] * 30, "xyz": ["x", "y", "z"] * 20, "measured": np.linspace(0, 1, 60),
            "text": [f"a rather long text, number {i}, unlike others" for i in range(60)]}  # fmt: skip
    assert guess_label(pd.DataFrame({name: made[what] for name, what in columns.items()})) == label


def test_a_class_can_be_merged_into_another() -> None:
    table = numbers(9).assign(label=["a", "a", "b", "b", "c", None, "a", "b", "c"])
    merged = merge_classes(table, "label", ["c"], "b")
    assert make_sample(merged, "label").facts.counts.tolist() == [3, 5]
    assert merged["label"].isna().sum() == 1
    assert table["label"].tolist()[4] == "c"


def test_a_class_can_be_left_out_with_its_rows() -> None:
    table = numbers(9).assign(label=[1, 1, 2, 2, 3, None, 1, 2, 3])
    sample = make_sample(drop_class(table, "label", "3"), "label")
    assert sample.facts.classes == ("1", "2")
    assert (sample.facts.rows, sample.facts.labeled) == (7, 6)


def test_a_class_that_is_not_there_gets_a_hint() -> None:
    with pytest.raises(PlannerError, match=r"No class is named 'upp'\. Did you mean 'up'"):
        merge_classes(numbers(), "label", ["upp"], "down")


@pytest.mark.parametrize("share", [0.1, 0.4])
def test_near_duplicate_texts_are_counted(share: float) -> None:
    """A copy with one word of many changed is near; a text of other words is not."""
    table = pd.DataFrame({"text": [" ".join(np.random.default_rng(i).permutation(WORDS)[:40]) for i in range(400)]})
    pairs = int(share * 400 / 2)
    for i in range(pairs):
        said = table.loc[2 * i, "text"].split()
        table.loc[2 * i + 1, "text"] = " ".join([*said[1:], next(word for word in WORDS if word not in said)])
    facts = make_sample(table.assign(label=["x", "y"] * 200), "label").facts
    assert facts.near_duplicates == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize("width", [4, 40])
@pytest.mark.parametrize("share", [0.1, 0.4])
def test_near_duplicate_numbers_are_counted(share: float, width: int) -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(size=(1000, width))
    pairs = int(share * 1000 / 2)
    values[1 : 2 * pairs : 2] = values[: 2 * pairs : 2] + rng.normal(scale=0.002, size=(pairs, width))
    table = pd.DataFrame(values, columns=[f"size {chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(width)])
    facts = make_sample(table.assign(label=["x", "y"] * 500), "label").facts
    assert facts.near_duplicates == pytest.approx(share, abs=0.02)


def test_near_duplicates_differ_in_no_category() -> None:
    rng = np.random.default_rng(3)
    values = np.repeat(rng.normal(size=(500, 5)), 2, axis=0)
    table = pd.DataFrame(values, columns=list("abcde")).assign(
        side=["left", "right"] * 500, label=["x", "x", "y", "y"] * 250
    )
    assert make_sample(table, "label").facts.near_duplicates == 0
    assert make_sample(table, "label", {"side": "leave_out"}).facts.near_duplicates == 1


@pytest.mark.parametrize("values", [["yes", "no"], [1, 2, 3]])
def test_few_possible_combinations_are_not_taken_for_redundancy(values: list[object]) -> None:
    rng = np.random.default_rng(4)
    table = pd.DataFrame({name: rng.choice(np.array(values, dtype=object), 1000) for name in "abcd"}).infer_objects()
    assert make_sample(table.assign(label=rng.choice(["x", "y"], 1000)), "label").facts.near_duplicates == 0


def test_one_smooth_number_is_not_redundant_because_it_is_dense() -> None:
    rng = np.random.default_rng(5)
    table = pd.DataFrame({"a": rng.normal(size=5000), "label": rng.choice(["x", "y"], 5000)})
    assert make_sample(table, "label").facts.near_duplicates == 0


@pytest.mark.parametrize("make", [numbers, texts])
def test_a_random_labeled_part_looks_like_the_rest(make: object) -> None:
    assert callable(make)
    table = make(1200)
    table.loc[np.random.default_rng(6).permutation(1200)[:600], "label"] = None
    facts = make_sample(table, "label").facts
    assert facts.shift_auc is not None
    assert 0.5 <= facts.shift_auc < 0.6
    assert facts.findings == ()


def test_a_chosen_labeled_part_is_told_from_the_rest() -> None:
    table = numbers(1200)
    table.loc[table["c"] > 0, "label"] = None
    facts = make_sample(table, "label").facts
    assert facts.shift_auc is not None
    assert facts.shift_auc > 0.95
    assert [finding.code for finding in facts.findings] == ["shift"]


def test_a_chosen_part_of_the_texts_is_told_from_the_rest() -> None:
    table = texts(800)
    table.loc[table["text"].str.contains("badan|kefer"), "label"] = None
    facts = make_sample(table, "label").facts
    assert facts.shift_auc is not None
    assert facts.shift_auc > 0.9


def test_without_unlabeled_rows_there_is_no_shift_to_measure() -> None:
    assert make_sample(numbers(), "label").facts.shift_auc is None


def test_texts_that_differ_in_numbers_only_are_found() -> None:
    table = texts(200)
    table["text"] = [
        f"{i} {text.upper()}!" if i % 2 else text for i, text in enumerate(np.repeat(table["text"][:100], 2))
    ]
    codes = [finding.code for finding in make_sample(table, "label").facts.findings]
    assert codes == ["repeated_text"]


def test_a_honest_strong_column_is_no_leak() -> None:
    table = numbers(1000)
    rng = np.random.default_rng(8)
    table["strong"] = np.where(table["label"] == "up", 1.0, -1.0) + rng.normal(scale=0.7, size=1000)
    assert make_sample(table, "label").facts.findings == ()


def test_arrays_of_a_sample_cannot_be_changed() -> None:
    sample = make_sample(numbers(), "label")
    with pytest.raises(ValueError, match="read-only"):
        sample.labels[0] = 1


def test_the_bundled_samples_are_what_they_say() -> None:
    digits, cancer = bundled.digits().facts, bundled.breast_cancer().facts
    assert (digits.labeled, digits.kind, digits.classes) == (1000, "numbers", tuple("0123456789"))
    # 212 malignant and 357 benign: W. Wolberg et al. 1993, as scikit-learn's description says.
    assert dict(zip(cancer.classes, cancer.counts.tolist(), strict=True)) == {"benign": 357, "malignant": 212}
    assert cancer.kind == "numbers"


@pytest.mark.parametrize("name", make_sample_data.FILES)
def test_sample_data_can_be_made_again_byte_for_byte(name: str) -> None:
    assert (make_sample_data.FOLDER / name).read_bytes() == make_sample_data.content(name)


@pytest.mark.parametrize("name", make_sample_data.FILES)
def test_sample_data_is_described_and_read_without_help(name: str) -> None:
    facts = read_sample((make_sample_data.FOLDER / name).read_bytes(), name=name).facts
    about = (make_sample_data.FOLDER / "README.md").read_text("utf-8")
    assert f"| `{name}` | {facts.rows:,} |" in about
    assert facts.label == "label"
    assert facts.labeled == facts.rows


def test_the_bundled_digits_are_the_digits_in_the_folder() -> None:
    file = (make_sample_data.FOLDER / "digits.csv").read_bytes()
    assert read_sample(file, "label").facts.digest == bundled.digits().facts.digest


def test_classes_of_the_task_without_a_row_are_named_or_declared() -> None:
    table = pd.DataFrame({"size": range(40), "weight": np.arange(40) % 7, "label": ["a", "b"] * 20})
    assert make_sample(table, "label").facts.unseen == ()
    assert make_sample(table, "label", classes=("a", "b", "c")).facts.unseen == ("c",)
    declared = table.assign(label=pd.Categorical(table["label"], categories=["a", "b", "z"]))
    assert make_sample(declared, "label").facts.unseen == ("z",)

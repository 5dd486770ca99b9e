"""The group column and the costs of mistakes: what a person names, and what the metrics make of it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer

from planner.choices.metrics import METRICS
from planner.errors import BadSetting, BadTable, UnknownChoice
from planner.forecast import ForecastSettings, forecast
from planner.forecast.replayed import constant_score, measure, metrics_for
from planner.pilot import Pilot, PilotSettings, read_pilot, run_pilot, write_pilot
from planner.pilot.mistakes import costs_of
from planner.sample import make_sample


def biopsies() -> pd.DataFrame:
    data = load_breast_cancer(as_frame=True)
    table = data.frame.iloc[:, [0, 1, 2, 3]].assign(label=data.target_names[data.target])
    return table.assign(clinic=np.where(np.arange(len(table)) % 4 == 0, "north", "south"))


@pytest.fixture(scope="module")
def pilot() -> Pilot:
    settings = PilotSettings(
        strategies=("margin", "entropy"), model="logistic_regression", folds=3, repeats=1, growth=3.0
    )
    return run_pilot(make_sample(biopsies(), "label", {"clinic": "group"}), settings)


def test_groups_are_read_from_the_column_and_hidden_from_the_model() -> None:
    facts = make_sample(biopsies(), "label", {"clinic": "group"}).facts
    assert facts.groups == ("north", "south")
    assert facts.group_counts.sum(axis=0).tolist() == facts.counts.tolist()
    assert facts.group_counts.sum(axis=1).tolist() == [143, 426]  # 569 rows, every fourth from the first on
    assert "clinic" not in [column.name for column in facts.columns if column.used]


def test_a_row_without_a_group_is_a_group_of_its_own() -> None:
    table = biopsies().assign(clinic=lambda t: t["clinic"].where(np.arange(len(t)) > 9))
    assert make_sample(table, "label", {"clinic": "group"}).facts.groups == ("missing", "north", "south")


def test_two_group_columns_and_too_many_groups_get_a_sentence() -> None:
    table = biopsies().assign(other="a", each=[f"row {i}" for i in range(569)])
    with pytest.raises(BadTable, match="'clinic' and 'other' are all called groups; one column can be"):
        make_sample(table, "label", {"clinic": "group", "other": "group"})
    with pytest.raises(BadTable, match="'each' has 569 values; from 2 to 50 groups can be watched"):
        make_sample(table, "label", {"each": "group"})


def test_the_groups_of_a_trace_sum_to_its_confusion(pilot: Pilot) -> None:
    for trace in pilot.traces:
        np.testing.assert_array_equal(trace.by_group.sum(axis=1), trace.confusion)


def test_the_worst_group_is_never_better_than_everybody(pilot: Pilot) -> None:
    worst, everybody = (measure(pilot, "random", metric).mean for metric in ("worst_group", "accuracy"))
    assert (worst <= everybody).all()
    assert (worst < everybody).any()


def test_always_naming_the_largest_class_is_right_as_often_as_the_class_is_large(pilot: Pilot) -> None:
    """357 of 569 are benign; in the worst of the two clinics less."""
    assert constant_score(pilot, "accuracy") == pytest.approx(357 / 569)
    assert constant_score(pilot, "worst_group") == pytest.approx(
        min(counts[0] / counts.sum() for counts in pilot.facts.group_counts)
    )
    assert constant_score(pilot, "roc_auc") == 0.5
    share = np.array([357, 212]) / 569
    assert constant_score(pilot, "log_loss") == pytest.approx(np.exp((share * np.log(share)).sum()))
    assert constant_score(pilot, "recall", "malignant") == 0
    assert constant_score(pilot, "recall", "benign") == 1


def test_a_pilot_with_groups_is_kept_whole(pilot: Pilot) -> None:
    again = read_pilot(write_pilot(pilot))
    assert all(np.array_equal(a.by_group, b.by_group) for a, b in zip(pilot.traces, again.traces, strict=True))
    assert again.shared == pilot.shared == {"entropy": "margin"}


def test_every_metric_can_be_forecast(pilot: Pilot) -> None:
    assert metrics_for(pilot.facts) == tuple(METRICS)
    for metric in METRICS:
        made = forecast(pilot, ForecastSettings(pool_size=5000, metric=metric))
        assert np.isfinite(made.score_now).all()
        assert ((made.score_now >= 0) & (made.score_now <= 1)).all()


def test_the_worst_group_needs_a_group_column(pilot: Pilot) -> None:
    without = replace(pilot, facts=replace(pilot.facts, groups=()))
    assert "worst_group" not in metrics_for(without.facts)
    with pytest.raises(BadSetting, match="needs a group column"):
        measure(without, "random", "worst_group")


def test_recall_is_about_the_rarest_class_unless_said(pilot: Pilot) -> None:
    malignant = measure(pilot, "random", "recall", positive="malignant").mean
    np.testing.assert_array_equal(measure(pilot, "random", "recall").mean, malignant)
    assert not np.array_equal(measure(pilot, "random", "recall", positive="benign").mean, malignant)
    with pytest.raises(UnknownChoice, match=r"No class is named 'benin'\. Did you mean 'benign'"):
        measure(pilot, "random", "recall", positive="benin")
    assert forecast(pilot, ForecastSettings(5000, "recall")).metric_name == "recall of 'malignant'"


def test_equal_mistakes_make_the_cost_avoided_the_accuracy(pilot: Pilot) -> None:
    np.testing.assert_allclose(
        measure(pilot, "random", "expected_cost").mean, measure(pilot, "random", "accuracy").mean
    )


def test_costs_are_read_as_they_are_written() -> None:
    """By hand: every mistake on spam costs 2, but calling it ham 5; the others 1."""
    costs = costs_of("spam>*=2, spam>ham=5", ("ham", "other", "spam"))
    assert costs.tolist() == [[0, 1, 1], [1, 0, 1], [5, 2, 0]]
    assert costs_of("", ("a", "b")).tolist() == [[0, 1], [1, 0]]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("spam=5", "'spam=5' is no cost of a mistake"),
        ("spam>ham=dear", "cost in 'spam>ham=dear' is 'dear'"),
        ("spam>ham=-1", "must be a number from 0 up"),
        ("spam>ham=nan", "must be a number from 0 up"),
        ("spam>hm=1", "No class is named 'hm'. Did you mean 'ham'"),
        ("*>*=0", "Every mistake costs 0"),
    ],
)
def test_a_cost_that_cannot_be_read_gets_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises((BadSetting, UnknownChoice), match=sentence):
        costs_of(text, ("ham", "spam"))


def test_on_two_classes_equal_strategies_are_run_once_and_score_alike(pilot: Pilot) -> None:
    assert {trace.run.strategy for trace in pilot.traces} == {"random", "margin"}
    np.testing.assert_array_equal(
        measure(pilot, "entropy", "accuracy").folds, measure(pilot, "margin", "accuracy").folds
    )


def test_a_strategy_alone_scores_as_beside_its_equals(pilot: Pilot) -> None:
    """Entropy run without margin buys the same items: its random stream is that of the strategy it stands for."""
    sample = make_sample(biopsies(), "label", {"clinic": "group"})
    alone = run_pilot(sample, replace(pilot.settings, strategies=("entropy",)))
    picked = [trace.picked.tolist() for trace in alone.traces_of("entropy")]
    assert picked == [trace.picked.tolist() for trace in pilot.traces_of("margin")]

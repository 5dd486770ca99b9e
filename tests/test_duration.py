"""The estimate of a pilot's time: what it counts, with times made by hand. No test asserts seconds of this machine."""

from dataclasses import replace

import numpy as np
import pytest
from making import task
from sklearn.datasets import load_digits

from planner.choices.estimators import ESTIMATORS
from planner.choices.strategies import STRATEGIES
from planner.pilot import runs
from planner.pilot.duration import Times, estimate_seconds, seconds_of
from planner.pilot.replay import simulate
from planner.pilot.task import Run
from planner.workers import Workers

RAW = load_digits()
TASK = task(RAW.data[:900] / 16, RAW.target[:900], folds=3, repeats=1, cuts=2, strategies=("margin", "entropy"))
FOLD = [run for run in runs(TASK) if run.fold == 0]
A_SECOND, NOTHING = Times([50, 500], [1.0, 1.0]), Times([50, 500], [0.0, 0.0])


def test_between_two_times_lies_a_power_law_and_beyond_them_it_goes_on() -> None:
    """1 s at 100 labels and 4 s at 400 are a hundredth of a second a label."""
    linear = Times([100, 400], [1.0, 4.0])
    np.testing.assert_allclose(linear.at(np.array([100, 200, 400, 1600])), [1, 2, 4, 16])
    steep = Times([100, 200], [1.0, 8.0])  # the cube of the labels is not believed beyond what was timed
    np.testing.assert_allclose(steep.at(np.array([800])), [8 * 4**1.5])
    assert Times([100, 200], [2.0, 1.0]).at(np.array([800])) == pytest.approx(1)  # nor does more work get quicker


def test_every_fit_of_a_fold_is_counted_once() -> None:
    """As many as the replay makes: further cuts too, the first and the last of a cut once for all strategies."""
    made = []

    def counted(seed: int, text: bool):
        made.append(seed)
        return ESTIMATORS[TASK.model].call(seed, text)

    assert {run.cut for run in FOLD} == {0, 1}
    simulate(TASK, {run.strategy: STRATEGIES[run.strategy].call for run in FOLD}, counted, FOLD)
    asked = dict.fromkeys(("random", "margin", "entropy"), NOTHING)
    assert seconds_of(TASK, FOLD, A_SECOND, asked) == pytest.approx(len(made), abs=1e-3)


def test_a_question_costs_in_proportion_to_the_pool_unless_it_trains_models() -> None:
    """A pool of half the rows holds (300 - k) / (600 - k) of the items at k labels."""
    asked = {"random": NOTHING, "margin": A_SECOND, "entropy": NOTHING}
    small = [Run("margin", 0, 0, 300)]
    trace = simulate(TASK, {"margin": STRATEGIES["margin"].call}, ESTIMATORS[TASK.model].call, small)[0]
    k = trace.anchors[:-2]  # the last batch is all that is left: nobody is asked
    assert seconds_of(TASK, small, NOTHING, asked) == pytest.approx(((300 - k) / (600 - k)).sum(), abs=1e-3)
    committee = [replace(run, strategy="query_by_committee") for run in small]
    assert seconds_of(TASK, committee, NOTHING, {"query_by_committee": A_SECOND}) == pytest.approx(len(k), abs=1e-3)


def test_below_two_hundred_rows_nothing_is_run_and_nothing_takes_time() -> None:
    assert estimate_seconds(task(RAW.data[:150], RAW.target[:150])) == 0


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_walk_that_is_timed_leaves_the_pilot_as_it_was(jobs: int) -> None:
    """More repeats take longer on any number of workers, and asking how long changes no setting of the task."""
    before = TASK.settings
    few, many = (estimate_seconds(replace(TASK, settings=replace(before, repeats=r)), Workers(jobs)) for r in (1, 40))
    assert 0 < few < many
    assert TASK.settings == before


def test_one_batch_and_a_random_share_of_one_are_estimated_too() -> None:
    """No strategy is ever asked then."""
    for settings in ({"first": 590}, {"random_share": 1.0}, {"first": 1000}):
        assert estimate_seconds(replace(TASK, settings=replace(TASK.settings, **settings))) > 0

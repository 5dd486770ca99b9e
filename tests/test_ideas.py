"""The menu of strategies is grouped by idea, wherever it is shown."""

from itertools import groupby

import numpy as np
import pytest

from planner.choices.strategies import STRATEGIES, Pool
from planner.choices.strategies.ideas import OTHER, by_idea, idea_of
from planner.pilot import PilotSettings
from planner.settings import knobs
from planner.ui.forms import names_of, title_of

STRATEGY_KNOB = next(one for one in knobs(PilotSettings) if one.name == "strategies")

OURS = [name for name, choice in STRATEGIES.items() if choice.call.__module__.startswith("planner.")]


@pytest.mark.parametrize("name", OURS)
def test_every_strategy_of_the_package_has_an_idea(name: str) -> None:
    assert idea_of(name) != OTHER, "name its file in IDEAS"


def test_ideas_stand_together_and_no_strategy_is_lost() -> None:
    names = by_idea()
    assert sorted(names) == sorted(STRATEGIES)
    assert names[0] == "random"
    ideas = [idea for idea, _ in groupby(map(idea_of, names))]
    assert len(ideas) == len(set(ideas))


def test_a_strategy_of_your_own_is_on_the_menu_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(STRATEGIES, "_choices", dict(STRATEGIES._choices))

    @STRATEGIES.register("first", "The first rows")
    def first(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
        """The first rows there are."""
        del pool, rng
        return np.arange(n)

    assert idea_of("first") == OTHER
    assert by_idea()[-1] == "first"


def test_the_form_offers_the_strategies_by_idea() -> None:
    assert names_of(STRATEGY_KNOB) == by_idea()
    assert title_of(STRATEGY_KNOB, "margin") == "Doubt: Smallest margin"
    model = next(one for one in knobs(PilotSettings) if one.name == "model")
    assert title_of(model, "auto") == "Chosen for you"
    assert names_of(model) == list(model.choices or {})

"""What scores are worth today: the chosen value model, every year of the horizon or once, as a present value."""

from dataclasses import replace
from typing import Any

import numpy as np

from planner import words
from planner.choices.metrics import METRICS
from planner.choices.values import VALUES, Terms
from planner.economics.assumptions import Assumptions
from planner.economics.production import ProductionRates, production_of
from planner.errors import BadSetting
from planner.forecast.carrying import Forecast
from planner.settings import knobs

NEXT = 0.01  # the next point of the score
TITLES = {one.name: one.title for one in knobs(Assumptions)}


def missing(asked: Any) -> tuple[str, ...]:
    """Settings the value model asks for that were not given."""
    return tuple(name for name in VALUES[asked.value_model].facts["asks"] if getattr(asked, name) is None)


def is_valued(asked: Any) -> bool:
    """Whether everything the value model asks for was given."""
    return not missing(asked)


def unvalued(asked: Any) -> str:
    """Why a better score has no price, in a sentence; where it has one, that this sample cannot be priced so."""
    if not missing(asked):
        return "This sample cannot show what its score would be worth."
    if asked.value_model == "per_point":
        return "No value per point was given."
    return f"{lacking(asked)}, so a better score has no price yet."


def lacking(asked: Any) -> str:
    """What the value model still asks for, without a full stop."""
    lacks = [TITLES[name].lower() for name in missing(asked)]
    or_column = " (or a column of amounts in the sample)" if "mean_amount" in missing(asked) else ""
    return f"'{VALUES[asked.value_model].title}' also asks for {words.listing(lacks)}{or_column}"


def with_amounts(asked: Assumptions, forecast: Forecast) -> Assumptions:
    """The assumptions with the mean amount of the sample's own column, where one is asked for and none was typed."""
    if asked.mean_amount is not None or "mean_amount" not in VALUES[asked.value_model].facts["asks"]:
        return asked
    if not forecast.measured:
        return asked
    table = production_of(forecast)
    return replace(asked, mean_amount=float(table.mean_amounts[table.positive])) if table.stake.size else asked


def is_yearly(asked: Any) -> bool:
    """Whether value comes every year of the horizon, and not once."""
    return bool(VALUES[asked.value_model].facts["yearly"] or asked.per_year)


def years(asked: Any) -> Any:
    """What 1 of value is worth today: its annuity where it comes every year; the horizon may be an array of draws."""
    if not is_yearly(asked):
        return 1.0
    if asked.discount_rate == 0:
        return asked.horizon
    return -np.expm1(-np.asarray(asked.horizon) * np.log1p(asked.discount_rate)) / asked.discount_rate


def values(scores: np.ndarray, asked: Any, forecast: Forecast) -> np.ndarray:
    """Value of scores a year, or once, up to a constant; `asked` may hold an array of draws for any amount.

    Raises BadSetting where the value model cannot read the metric or the pilot.
    """
    model = VALUES[asked.value_model]
    _can_read(forecast, asked)
    rates = ProductionRates(production_of(forecast), asked) if model.facts["rates"] else None
    return model.call(np.asarray(scores, dtype=float), Terms(asked, rates))


def worth(scores: np.ndarray, asked: Any, forecast: Forecast) -> np.ndarray:
    """Present value of scores, up to a constant: only differences mean something."""
    return np.asarray(values(scores, asked, forecast) * years(asked))


def point_of(asked: Any, forecast: Forecast) -> float | None:
    """Present value of the next 0.01 of the score from where the sample stands; None where value is not known."""
    if not is_valued(asked) or (VALUES[asked.value_model].facts["rates"] and not forecast.measured):
        return None
    now = float(np.median(forecast.score_now)) if len(forecast.score_now) else 0.5
    ends = worth(np.array([now, min(now + NEXT, 1.0)]), asked, forecast)
    return float(ends[1] - ends[0]) * NEXT / max(min(now + NEXT, 1.0) - now, 1e-9)


def _can_read(forecast: Forecast, asked: Any) -> None:
    model, metric = VALUES[asked.value_model], forecast.settings.metric
    known = model.facts["metrics"]
    if known and metric not in known:
        names = ", ".join(METRICS[name].title.lower() for name in known)
        raise BadSetting(
            f"The value model is '{model.title}' and the metric is {METRICS[metric].title.lower()}, which does not say "
            f"how many mistakes are made. Choose one of these metrics: {names}; or value the score per point."
        )

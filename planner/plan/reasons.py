"""The amounts that decide a verdict, in the words of the inputs."""

import numpy as np

from planner import words
from planner.choices.strategies import STRATEGIES
from planner.choices.values import VALUES
from planner.economics.costs import cost_of, round_cost, rounds_for
from planner.economics.evaluating import Interval
from planner.economics.figures import Figures
from planner.economics.options import option
from planner.economics.worth import is_yearly, lacking, missing, years
from planner.forecast.replayed import positive_class

UNLIKELY = 0.2  # chance below which choosing is said not to pay


def metric_name(figures: Figures) -> str:
    """The metric as it stands in a sentence."""
    return figures.forecast.metric_name


def break_even(figures: Figures) -> str:
    """From which value per point the next batch would pay, and what stands against it."""
    asked, value = figures.assumptions, figures.break_even or 0.0
    if not VALUES[asked.value_model].facts["smooth"]:
        return "That reaches the bar too seldom to be worth it."
    wanted = words.money(value, asked.currency)
    typed = asked.value_model == "per_point"
    own = (asked.value_per_point if typed else (figures.point or 0.0) / float(years(asked))) or 0.0
    if value < own:
        setup = words.money(asked.setup_cost, asked.currency, None)
        return f"Alone they would pay from {wanted} per point, but not the setup cost of {setup} as well."
    said = (
        f"you said {words.money(own, asked.currency, None)}"
        if typed
        else f"yours is {words.money(own, asked.currency)}"
    )
    return f"They would pay from {wanted} per point of {metric_name(figures)}; {said}."


def valued(figures: Figures) -> str:
    """How a better score is valued and from which score it is counted; empty where neither is known."""
    asked, model = figures.assumptions, VALUES[figures.assumptions.value_model]
    if missing(asked):
        return "" if asked.value_model == "per_point" else f"Not valued yet: {lacking(asked)}."
    if figures.point is None or not len(figures.forecast.score_now):
        return ""
    today = asked.todays_score
    base = float(np.median(figures.forecast.score_now)) if today is None else today
    where = "the score at the labels you have" if today is None else "the score of today's process"
    counted = f"counted from {words.percent(base)} {metric_name(figures)}, {where}"
    name = f"{model.title[0].lower()}{model.title[1:]}{_looked_for(figures)}"
    said = f"Value: {name}, {counted}."
    if not model.facts["smooth"]:
        bar, paid = words.percent(asked.launch_bar or 0.0), words.money(asked.launch_value or 0.0, asked.currency, None)
        missed = words.money(asked.launch_penalty, asked.currency, None)
        below = f"a penalty of {missed} below it. {_upper(where)} is {words.percent(base)}"
        return f"Value: {paid} from {bar} {metric_name(figures)} on, {below}."
    each = words.money(figures.point, asked.currency)
    span = f" over {words.number(asked.horizon)} years at {words.rate(asked.discount_rate)} a year"
    over = span if is_yearly(asked) else ""
    return f"{said} The next point is worth {each}{over}."


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _looked_for(figures: Figures) -> str:
    """The class that the value model looks for, where it looks for one."""
    if not VALUES[figures.assumptions.value_model].facts["one_class"]:
        return ""
    by = [column.name for column in figures.facts.columns if column.kind == "amount"]
    weighed = (
        f", weighed by the column '{by[0]}'" if by and figures.assumptions.value_model == "amount_weighted" else ""
    )
    named = figures.facts.classes[positive_class(figures.facts, figures.forecast.settings.positive)]
    return f" for class '{named}'{weighed}"


def how(figures: Figures, name: str, x: float) -> str:
    """Who picks the labels, and in how many rounds."""
    rounds = rounds_for(figures.n, x, most=figures.assumptions.most_rounds)
    return f"Let active learning ({STRATEGIES[name].title.lower()}) pick them, in {words.plural(rounds, 'round')}."


def balance(figures: Figures, name: str) -> str:
    """Saving, accuracy given up and balance; the printed sum holds because the printed parts are added."""
    currency, saving = figures.assumptions.currency, option(figures, name).savings.p50 or 0.0
    against = f"against labeling all {words.count(figures.N)} items"
    saved = words.significant(saving, 3)
    lost = float((figures.forecast.score_all - figures.score_at_best(name)).mean())
    if figures.point is None:
        given_up = f"gives up {words.points(lost)} of {metric_name(figures)}"
        return f"That saves about **{words.money(saved, currency)}** {against} and {given_up}."
    reached = figures.valuation.worth(figures.score_at_best(name))
    exact = float((figures.valuation.worth(figures.forecast.score_all) - reached).mean())
    step = words.last_step(saved, 3)
    worth = round(exact / step) * step  # in the saving's own steps, so that the printed parts add up
    later = round((figures.own_delay(name) - figures.delay_of_everything) / step) * step
    better = saved - worth - later
    valued = words.money(worth, currency, 9) if worth else f"worth under {words.money(step, currency)}"
    return (
        f"That saves about **{words.money(saved, currency)}** {against} and gives up {words.points(lost)} of "
        f"{metric_name(figures)}, {'worth ' if worth else ''}{valued}.{_waiting(later, currency)} On balance you are "
        f"about **{words.money(abs(better), currency, 9)}** {'better' if better >= 0 else 'worse'} off."
    )


def _waiting(later: float, currency: str) -> str:
    """What it is worth to be done before labeling everything would be, where a week has a value."""
    if not later:
        return ""
    when = "sooner is worth" if later < 0 else "later costs"
    return f" Being done {when} {words.money(abs(later), currency, 9)}."


def split(stopping: float | None, choosing: Interval, currency: str) -> str:
    """Where a saving comes from: buying fewer labels, and choosing which. The printed parts add up to the saving."""
    if stopping is None or choosing.p50 is None or choosing.p10 is None or choosing.p90 is None:
        return ""
    step = words.last_step(stopping + choosing.p50, 3)
    part = round(choosing.p50 / step) * step
    rest = words.significant(stopping + choosing.p50, 3) - part
    between = words.between(words.money(choosing.p10, currency), words.money(choosing.p90, currency))
    how_much = words.money(abs(part), currency, 9)
    chosen = f"{how_much} from choosing which items" if part >= 0 else f"choosing which items costs {how_much}"
    return f"Of the saving, {words.money(rest, currency, 9)} comes from stopping early and {chosen} ({between})."


def against(figures: Figures, rule: str) -> str:
    """The two amounts that decide against active learning, in the words of the inputs."""
    asked = figures.assumptions
    if rule == "redundant":
        share = words.percent(figures.facts.near_duplicates, 0)
        return f"{share} of the rows have a near-duplicate; a strategy would buy the same item again and again."
    if rule == "deadline":
        return (
            f"Choosing in rounds takes {words.times(figures.weeks_in_rounds or 0.0)} weeks, your deadline is "
            f"{words.times(asked.deadline or 0.0)}; labeling everything in parallel meets it."
        )
    if figures.active is None:
        return _no_choice(figures)
    if (figures.chance_against_random or 0.0) >= UNLIKELY:
        return _worth_more_at_random(figures)
    x, currency = figures.best(figures.active), asked.currency
    saved = words.money(float(np.median(figures.choosing)) + _overhead(figures), currency)
    spent = words.money(_overhead(figures), currency)
    return (
        f"Choosing {words.about(x)} labels would save about {saved} of labels against buying at random for the same "
        f"{metric_name(figures)}. Setup and rounds cost {spent}{_longer(figures)}{_loss(figures)}."
    )


def _no_choice(figures: Figures) -> str:
    """Why no strategy can pick the labels: none was tried, none was ahead, or none is within the limits."""
    asked = figures.assumptions
    if figures.chooser is None:
        tried = len(figures.forecast.pilot.settings.all_strategies) > 1
        said = "In the pilot no strategy was measurably ahead of" if tried else "The pilot replayed nothing but"
        return f"{said} random labeling."
    least = cost_of(asked, 1.0, 1, True)
    if asked.budget is not None and least > asked.budget:
        cap, setup = (words.money(amount, asked.currency, None) for amount in (asked.budget, asked.setup_cost))
        spent = words.money(least, asked.currency)
        return (
            f"The budget cap of {cap} does not reach to choosing: with setup at {setup} the first label costs {spent}."
        )
    return "No chosen label can be there before the deadline."


def _longer(figures: Figures) -> str:
    """What waiting for the rounds costs more than waiting for random labels to the same score."""
    more = float(np.median(figures.choosing - figures.choosing_and_waiting))
    if round(more) <= 0:
        return ""
    return f", waiting for them {words.money(more, figures.assumptions.currency)} more than at random"


def _loss(figures: Figures) -> str:
    lost = -float(np.median(figures.choosing_and_waiting))
    return f", so choosing costs {words.money(lost, figures.assumptions.currency)}" if lost > 0 else ""


def _worth_more_at_random(figures: Figures) -> str:
    """Why fewer labels at random beat more and better ones: the two net values, or unvalued the two costs."""
    currency, name = figures.assumptions.currency, str(figures.active)
    chosen, random = words.money(abs(figures.worth(name)), currency), words.money(figures.worth("random"), currency)
    waited = figures.own_delay(name)
    spent = f"{words.money(_overhead(figures), currency)} for setup and rounds"
    spent += f" and {words.money(waited, currency)} of waiting" if waited else ""
    if figures.point is None:
        costs = words.money(figures.own_cost("random"), currency), words.money(figures.own_cost(name), currency)
        return f"At random the target costs {costs[0]}; chosen it costs {costs[1]}, with {spent}."
    state = "better" if figures.worth(name) >= 0 else "worse"
    return (
        f"{words.about(figures.best('random'))} labels at random are expected to leave you {random} better off; "
        f"{words.about(figures.best(name))} chosen ones {chosen} {state} off, after {spent}."
    )


def _overhead(figures: Figures) -> float:
    """Setup and round cost of the active option."""
    asked = figures.assumptions
    return asked.setup_cost + figures.rounds(str(figures.active)) * round_cost(asked)

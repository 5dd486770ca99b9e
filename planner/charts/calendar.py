"""The calendar of a purchase: a bar a round, from the week its labeling starts to the week it ends."""

from planner import words
from planner.charts import vega
from planner.charts.look import Layers, Palette, finish, on_paper, quantity_axis, rows, words_at
from planner.charts.vega import Drawing
from planner.choices.strategies import STRATEGIES
from planner.economics.schedule import Round
from planner.plan.deciding import Plan

ROW = 46  # pixels of a round: its words, and its bar below them
WORDS, TOP, BOTTOM = 0.72, 0.45, 0.12  # heights in a row


def calendar(plan: Plan, palette: Palette) -> Drawing | None:
    """Weeks of labeling, and of waiting before them, a round a row; None where no week is known or nothing bought."""
    rounds = plan.schedule.rounds
    if plan.schedule.weeks is None or not rounds:
        return None
    end, asked = plan.schedule.weeks, plan.valuation.assumptions
    last = max(end, asked.deadline or 0.0) * 1.02
    adaptive = bool(STRATEGIES[plan.strategy].facts["adaptive"]) if plan.strategy else False
    high = [len(rounds) - one.number for one in rounds]
    starts, ends = [one.starts or 0.0 for one in rounds], [one.ends or 0.0 for one in rounds]
    color = palette.lines[0] if adaptive else palette.lines[1]
    layers: Layers = [
        _bars([0.0, *ends[:-1]], starts, high, palette.grid),
        _bars(starts, ends, high, color),
    ]
    for one, y in zip(rounds, high, strict=True):
        layers.append(words_at(0.0, y + WORDS, round_words(one), palette.ink, fontWeight=600))
    if asked.deadline is not None:
        rule = vega.Chart(rows(x=[asked.deadline] * 2, y=[0.0, float(len(rounds))])).mark_line(color=palette.ink)
        text = on_paper(asked.deadline, 0.02, "Deadline", (palette.ink, palette), align="right", dx=-6, dy=-8)
        layers += [rule.encode(x="x:Q", y="y:Q"), text]
    scale = {"domain": [0, last], "nice": False}
    layers[0] = layers[0].encode(
        x=vega.X("x:Q", scale=scale, axis=quantity_axis(palette, title="Weeks from now", tickCount=6)),
        y=vega.Y("y:Q", scale={"domain": [0, len(rounds)], "nice": False}, axis=None),
    )
    return finish(vega.layer(*layers), palette, calendar_finding(plan), height=ROW * len(rounds) + 60)


def round_words(one: Round) -> str:
    """A round in a line: its labels, and the score expected when it ends."""
    score = "" if one.score.p50 is None else f", {words.percent(one.score.p50)} expected"
    return f"Round {one.number}: {words.plural(one.labels, 'label')}{score}"


def calendar_finding(plan: Plan) -> str:
    """How many rounds there are and when the last one ends, in words."""
    count, weeks = words.plural(len(plan.schedule.rounds), "round"), plan.schedule.weeks or 0.0
    unit = "week" if words.times(weeks) == "1" else "weeks"
    return f"{count} of labeling; all labels are there {words.times(weeks)} {unit} from now."


def _bars(starts: list[float], ends: list[float], high: list[int], color: str) -> Drawing:
    data = rows(x=starts, x2=ends, y=[y + BOTTOM for y in high], y2=[y + TOP for y in high])
    return vega.Chart(data).mark_rect(color=color).encode(x="x:Q", x2="x2:Q", y="y:Q", y2="y2:Q")

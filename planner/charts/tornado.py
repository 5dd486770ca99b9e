"""The tornado: what the answer becomes when one input goes from its low to its high, the widest swing on top."""

from planner import words
from planner.charts import vega
from planner.charts.look import NARROW, TEXT, Layers, Palette, finish, money_label, quantity_axis, rows, two_lines
from planner.charts.vega import Drawing, Spec
from planner.plan.held import is_valued
from planner.plan.sensitivity import Sensitivity, Swing
from planner.plan.turning import instead, movers_sentence, moving, turners

ROW = 46  # pixels a bar and its two lines of name take
PHONE = 320  # pixels of the bars alone, below which the words at their ends need more of them
ROOM = {"narrow": 0.6, "wide": 0.24}  # of the span, left free at each side for the inputs at the ends of a bar


def tornado(found: Sensitivity, palette: Palette) -> Drawing | None:
    """A bar an input, from the answer at its low to the answer at its high; None where nothing moves."""
    swings = moving(found)
    if not swings:
        return None
    low = min(found.base, *(min(one.low, one.high) for one in swings))
    high = max(found.base, *(max(one.low, one.high) for one in swings))
    # The 0 at which the advice turns is on the picture where it is near.
    crossed = low <= 0 <= high or bool(turners(found))
    room = [share * (high - low) for share in ROOM.values()]
    ends = [
        vega.ExprRef(f"{end} + {sign} * (width < {PHONE} ? {room[0]} : {room[1]})")
        for end, sign in ((low, -1), (high, 1))
    ]
    scale = vega.Scale(domain=ends, nice=False, zero=False)
    layers: Layers = [_bars(found, swings, palette, scale)]
    if crossed:
        layers.append(_rule(0.0, palette.rule, 1.0, [3, 3]))
    layers += [_rule(found.base, palette.ink, 1.5, [1, 0]), *_ends(swings, palette)]
    return finish(vega.layer(*layers), palette, tornado_finding(found), ROW * len(swings) + 60)


def tornado_finding(found: Sensitivity) -> str:
    """What moves the answer most, and what it is now, in words."""
    now = words.money(found.base, found.asked.currency)
    return f"Now {now} better off than {instead(found)}. {movers_sentence(found)}".replace("**", "")


def _bars(found: Sensitivity, swings: tuple[Swing, ...], palette: Palette, scale: Spec) -> Drawing:
    """Two bars an input: from where you are to the worse end, and to the better one."""
    ends = [(one.title, end) for one in swings for end in (one.low, one.high)]
    data = rows(
        name=[name for name, _ in ends],
        x=[found.base] * len(ends),
        x2=[end for _, end in ends],
        worse=[end < found.base for _, end in ends],
    )
    lines = {one.title: two_lines(one.title) for one in swings}
    axis = vega.Axis(
        title=None, domain=False, ticks=False, labelPadding=8, labelLimit=150, labelExpr=f"{lines}[datum.value]"
    )
    color = vega.condition("datum.worse", vega.value(palette.lines[1]), vega.value(palette.lines[0]))
    bars = vega.Chart(data).mark_bar(height=14)
    return bars.encode(
        x=vega.X("x:Q", scale=scale, axis=money_axis(found, palette)),
        x2="x2:Q",
        y=vega.Y("name:N", sort=None, axis=axis),
        color=color,
    )


def money_axis(found: Sensitivity, palette: Palette) -> Spec:
    """The axis of what is left over the baseline, in thousands where they are many."""
    amount = "abs(datum.value)"
    short = f"{amount} >= 1e6 ? format({amount} / 1e6, ',.4~f') + 'm' : {amount} >= 1e4 ? format({amount} / 1e3, ',.4~f') + 'k' : format({amount}, ',.4~f')"  # noqa: E501
    verb = "Better off" if is_valued(found.asked) else "Saved, rather"
    return quantity_axis(
        palette,
        title=f"{verb} than {instead(found)}",
        tickCount=vega.ExprRef(f"width < {NARROW} ? 3 : 5"),
        labelExpr=f"(datum.value < 0 ? '−' : '') + {money_label(found.asked.currency, f'({short})')}",
    )


def _rule(at: float, color: str, width: float, dash: list[int]) -> Drawing:
    mark = vega.Chart(rows(x=[at])).mark_rule(color=color, strokeWidth=width, strokeDash=dash)
    return mark.encode(x="x:Q")


def _ends(swings: tuple[Swing, ...], palette: Palette) -> Layers:
    """The input typed at each end of a bar."""
    found: Layers = []
    for at_left, align, dx in ((True, "right", -6), (False, "left", 6)):
        places = [(one, (one.low <= one.high) == at_left) for one in swings]
        data = rows(
            name=[one.title for one, _ in places],
            x=[(min if at_left else max)(one.low, one.high) for one, _ in places],
            text=[one.inputs[0 if first else 1] for one, first in places],
        )
        text = vega.Chart(data).mark_text(align=align, dx=dx, fontSize=TEXT, color=palette.ink)
        found.append(text.encode(x="x:Q", y=vega.Y("name:N", sort=None), text="text:N"))
    return found

"""The sheet of scenarios: the recommended option under other amounts, each column open to be typed over."""

from dataclasses import dataclass

from planner.exports.ledger import PAID, Entry, Ledger, cost_lines, waiting_at
from planner.exports.workbook.book import Book, Cell
from planner.exports.workbook.options import Places
from planner.plan.held import varied

SHEET = "Scenarios"
AMOUNTS = {
    "cost_per_label": ("Cost per label", "price"),
    "fee_per_label": ("Tool fee per label", "price"),
    "setup_cost": ("Setup cost", "price"),
    "cost_per_round": ("Cost per round", "price"),
    "tool_fee": ("Tool fee", "price"),
    "evaluation_labels": ("Labels for measuring", "count"),
    "value": ("Value, as a share of the base", "percent"),
}
RESULTS = (
    ("cost", "Cost"),
    ("everything", "Cost of labeling everything"),
    ("savings", "Saved against labeling everything"),
    ("benefit", "Net benefit over labeling everything, expected"),
    ("net", "Net value over doing nothing, expected"),
    ("more", "Difference to the base"),
)


@dataclass(frozen=True)
class Scenario:
    """A column: the amounts that are not those of the base, each as a factor of it."""

    title: str
    factors: dict[str, float]


SCENARIOS = (
    Scenario("Base", {}),
    Scenario("Labels at half the price", {"cost_per_label": 0.5}),
    Scenario("Labels at twice the price", {"cost_per_label": 2.0}),
    Scenario("Tool already in place", {"setup_cost": 0.0, "tool_fee": 0.0}),
    Scenario("A better score is worth half", {"value": 0.5}),
    Scenario("Your own", {}),
)


def scenarios_sheet(book: Book, held: Ledger, places: Places) -> None:
    """Write the sheet."""
    pair = held.known("label_everything")
    sheet = book.sheets[SHEET]
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, len(SCENARIOS), 20)
    book.text(Cell(SHEET, 0, 0), f"{pair[0].option.title}, under other amounts", "section")
    book.text(
        Cell(SHEET, 1, 0), "Type over any yellow cell. The labels to buy stay those of the base; for others run the "
        "planner again.", "lead",
    )  # fmt: skip
    book.heads(SHEET, 3, ("Scenario", *(scenario.title for scenario in SCENARIOS)))
    titles = [title for title, _ in AMOUNTS.values()]
    for k, title in enumerate((*titles, "", *(title for _, title in RESULTS)), start=4):
        book.text(Cell(SHEET, k, 0), title)
    for column, scenario in enumerate(SCENARIOS, start=1):
        _column(book, held, places, pair, (column, scenario))


def _column(book: Book, held: Ledger, places: Places, pair: tuple[Entry, Entry], shown: tuple[int, Scenario]) -> None:
    column, scenario = shown
    typed, amounts = {}, {}
    for k, (name, (_, kind)) in enumerate(AMOUNTS.items()):
        factor = scenario.factors.get(name, 1.0)
        base = 1.0 if name == "value" else float(getattr(held.asked, name))
        own = "1" if name == "value" else name
        at = Cell(SHEET, 4 + k, column)
        book.formula(at, own if factor == 1 else f"{own}*{factor:g}", base * factor, kind, typed=True)
        typed[name], amounts[name] = at.here, base * factor
    first = 4 + len(AMOUNTS) + 1
    here = {name: Cell(SHEET, first + k, column).here for k, (name, _) in enumerate(RESULTS)}
    base_net = Cell(SHEET, first + 4, 1).here
    cost, whole = (_cost_formula(one, places, typed) for one in pair)
    formulas = {
        "cost": cost,
        "everything": whole,
        "savings": f"{here['everything']}-{here['cost']}",
        "benefit": f"{here['savings']}+{_gain(held, places, pair, typed, 'everything_mean')}",
        "net": f"{_gain(held, places, pair, typed, 'nothing_mean')}-{here['cost']}",
        "more": f"{here['net']}-{base_net}",
    }
    values = _values(held, pair, amounts)
    values["more"] = values["net"] - _values(held, pair, _base(held))["net"]
    for k, (name, _) in enumerate(RESULTS):
        book.formula(Cell(SHEET, first + k, column), formulas[name], values[name], "money", bold=name == "net")


def _base(held: Ledger) -> dict[str, float]:
    return {name: 1.0 if name == "value" else float(getattr(held.asked, name)) for name in AMOUNTS}


def _cost_formula(one: Entry, places: Places, typed: dict[str, str]) -> str:
    """Cost of an option at a column's amounts: its cost lines, added up."""
    own = {line: places.of(one.option.name, line).name for line in ("labels", "rounds", "picks", "trains", "billed")}
    price, fee = typed["cost_per_label"], typed["fee_per_label"]
    work = f"prices_per_label*IF({own['picks']}=1,hardness,1)"
    measured = f"{typed['evaluation_labels']}*({price}*prices_per_label+{fee})"
    a_round = f"({typed['cost_per_round']}+hours_per_round*cost_per_hour)"
    picked = f"{own['picks']}*({typed['setup_cost']}+{own['rounds']}*{a_round})"
    return (
        f"{own['billed']}*{price}*{work}+{own['labels']}*{fee}+IF({own['labels']}>0,{measured}+{typed['tool_fee']}"
        f"+{picked},0)+{own['trains']}*paid_before"
    )


def _gain(held: Ledger, places: Places, pair: tuple[Entry, Entry], typed: dict[str, str], line: str) -> str:
    """What the score is worth over a baseline's, less waiting."""
    name, other = pair[0].option.name, "label_everything" if line.startswith("everything") else "do_nothing"
    unit = "value_per_point*" if held.per_point else ""
    waits = [places.of(which, "waiting").name for which in (name, other)]
    return f"{places.of(name, line).name}*{unit}present_value_of_1*{typed['value']}-{waits[0]}+{waits[1]}"


def _values(held: Ledger, pair: tuple[Entry, Entry], amounts: dict[str, float]) -> dict[str, float]:
    """The results as they are now; what an amount changes is in proportion to it."""
    one = pair[0]
    spent, whole = (_spent(held, each, amounts) for each in pair)
    worth = held.unit * held.years * amounts["value"]
    waits = [waiting_at(held, each) for each in pair]
    return {
        "cost": spent,
        "everything": whole,
        "savings": whole - spent,
        "benefit": whole - spent + one.mean_over_everything * worth - waits[0] + waits[1],
        "net": one.mean * worth - spent - waits[0],
    }


def _spent(held: Ledger, one: Entry, amounts: dict[str, float]) -> float:
    """Cost of an option at other amounts; labels already paid stay as they were paid."""
    changed = varied(held.asked, **{name: value for name, value in amounts.items() if name != "value"})
    return sum({**cost_lines(held, one, changed), PAID: cost_lines(held, one)[PAID]}.values())

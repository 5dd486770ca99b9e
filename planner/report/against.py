"""When not to use active learning, in words: the cases that apply, then those that do not, with the figure of each."""

from collections.abc import Iterable

from planner import words
from planner.blocks import Block, Heading, Sentence, Table
from planner.plan.deciding import Plan

TITLE = "When not to use active learning"


def against_blocks(plan: Plan) -> Iterable[Block]:
    """Every known case against choosing labels, and whether it is this one."""
    if not plan.cases:
        return
    yield Heading(TITLE)
    yield Sentence(cases_sentence(plan))
    yield cases_table(plan)


def cases_sentence(plan: Plan) -> str:
    """How many of the cases apply."""
    apply = [case.title[0].lower() + case.title[1:] for case in plan.cases if case.applies]
    if not apply:
        said = f"None of the {len(plan.cases)} known cases against choosing labels applies here"
        return f"{said}, as far as the sample can tell." if plan.code == "refused" else f"{said}."
    return f"**{words.plural(len(apply), 'case applies', 'cases apply')}:** {words.listing(apply)}."


def cases_table(plan: Plan) -> Table:
    """A row a case."""
    rows = tuple(
        (f"**{case.title}**" if case.applies else case.title, "yes" if case.applies else "no", case.figure)
        for case in plan.cases
    )
    return Table("Cases in which labels are better not chosen", ("Case", "Yours", "What decided it"), rows)

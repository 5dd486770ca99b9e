"""Room 5, plan: the verdict, when to stop, and what would change either.

`deciding` picks; `verdicts` and `reasons` put it in words, `checks` doubts it, `stops` and `stopping` end it;
`sensitivity`, `turning` and `scenarios` ask what if; `file` is a plan as a file.
"""

from typing import TYPE_CHECKING

from planner.lazy import on_demand

if TYPE_CHECKING:
    from planner.plan.deciding import Plan, decide, make_plan
    from planner.plan.file import PlanFile, read_plan, write_plan
    from planner.plan.scenarios import Scenario, compare_scenarios

__all__ = ["Plan", "PlanFile", "Scenario", "compare_scenarios", "decide", "make_plan", "read_plan", "write_plan"]
__getattr__ = on_demand(
    __name__,
    {
        "deciding": ["Plan", "decide", "make_plan"],
        "file": ["PlanFile", "read_plan", "write_plan"],
        "scenarios": ["Scenario", "compare_scenarios"],
    },
)

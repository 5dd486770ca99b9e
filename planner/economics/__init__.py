"""Room 4, economics: what every number of labels costs and is worth, at the prices of `assumptions`.

`evaluating` prices a forecast; `options`, `figures`, `batches` and `schedule` are the purchases one can choose from;
`investment` and `risk` look at what one gets back.
"""

from typing import TYPE_CHECKING

from planner.lazy import on_demand

if TYPE_CHECKING:
    from planner.economics.assumptions import Assumptions
    from planner.economics.evaluating import Interval, Valuation, evaluate
    from planner.economics.prices import price_from_time

__all__ = ["Assumptions", "Interval", "Valuation", "evaluate", "price_from_time"]
__getattr__ = on_demand(
    __name__,
    {
        "assumptions": ["Assumptions"],
        "evaluating": ["Interval", "Valuation", "evaluate"],
        "prices": ["price_from_time"],
    },
)

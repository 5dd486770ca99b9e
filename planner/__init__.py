"""Plan a labeling budget: sample, pilot, forecast, economics, plan.

The public names, each loaded when it is first asked for, so that `planner --help` waits for no model library:

    sample = planner.read_sample(data, label="sentiment")
    pilot = planner.run_pilot(sample)
    reached = planner.forecast(pilot, planner.ForecastSettings(pool_size=50_000))
    value = planner.evaluate(reached, planner.Assumptions(cost_per_label=0.35))
    plan = planner.decide(value)
"""

import sys
from types import ModuleType
from typing import Any

from planner.lazy import on_demand

__version__ = "0.1.0"

PUBLIC = {
    "sample": ("Sample", "make_sample", "read_sample", "read_table", "with_images"),
    "pilot": ("Pilot", "PilotSettings", "run_pilot", "from_skactiveml", "from_classifier"),
    "workers": ("Workers",),
    "forecast": ("Forecast", "ForecastSettings", "forecast"),
    "economics": ("Assumptions", "Valuation", "evaluate", "price_from_time"),
    "plan": ("Plan", "decide", "make_plan"),
    "errors": ("PlannerError",),
}
__getattr__ = on_demand(__name__, PUBLIC)


class _Package(ModuleType):
    """This package, in which `planner.forecast` is the step, not the room of the same name that holds it."""

    def __setattr__(self, name: str, value: Any) -> None:
        # Python puts a room on its package once the room has been imported. Left out, `__getattr__` finds the step.
        if name != "forecast" or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package

"""Plan a labeling budget: sample, pilot, forecast, economics, plan.

The public names, each loaded when it is first asked for, so that `planner --help` waits for no model library:

    sample = planner.read_sample(data, label="sentiment")
    pilot = planner.run_pilot(sample)
    reached = planner.forecast(pilot, planner.ForecastSettings(pool_size=50_000))
    value = planner.evaluate(reached, planner.Assumptions(cost_per_label=0.35))
    plan = planner.decide(value)
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

__version__ = "0.1.0"

PUBLIC = {
    "read_sample": "sample",
    "make_sample": "sample",
    "Sample": "sample",
    "read_table": "tables",
    "with_images": "images",
    "PilotSettings": "task",
    "Pilot": "pilot",
    "run_pilot": "pilot",
    "Workers": "workers",
    "ForecastSettings": "forecast",
    "Forecast": "forecast",
    "forecast": "forecast",
    "Assumptions": "assumptions",
    "Valuation": "economics",
    "evaluate": "economics",
    "Plan": "plan",
    "decide": "plan",
    "make_plan": "plan",
    "from_skactiveml": "adapters",
    "from_classifier": "adapters",
    "price_from_time": "prices",
    "PlannerError": "errors",
}


def __getattr__(name: str) -> Any:
    if name not in PUBLIC:
        raise AttributeError(f"module 'planner' has no attribute '{name}'")
    return getattr(import_module(f"planner.{PUBLIC[name]}"), name)


class _Package(ModuleType):
    """This package, in which `planner.forecast` is the step, not the room of the same name that holds it."""

    def __setattr__(self, name: str, value: Any) -> None:
        # Python puts a room on its package once the room has been imported.
        is_room = name == "forecast" and isinstance(value, ModuleType)
        super().__setattr__(name, value.forecast if is_room else value)


sys.modules[__name__].__class__ = _Package

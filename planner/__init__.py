"""Plan a labeling budget: sample, pilot, forecast, economics, plan.

Each room is imported by its own name, `from planner.pilot import run_pilot`, so that nothing waits for rooms it does
not enter.
"""

__version__ = "0.1.0"

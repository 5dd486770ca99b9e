"""Room 2, pilot: active learning is replayed on labels that are paid for.

`task` says what is to be done, `running` does it, `replay` is one run of it and `trace` what the run left behind;
`saved` and `bundled` are pilots as files.
"""

from typing import TYPE_CHECKING

from planner.lazy import on_demand

if TYPE_CHECKING:
    from planner.pilot.adapters import from_classifier, from_skactiveml
    from planner.pilot.running import Pilot, gather, prepare, run_pilot, runs, traces
    from planner.pilot.saved import read_pilot, write_pilot
    from planner.pilot.task import PilotSettings, Run, Task
    from planner.pilot.trace import Trace

__all__ = [
    "Pilot",
    "PilotSettings",
    "Run",
    "Task",
    "Trace",
    "from_classifier",
    "from_skactiveml",
    "gather",
    "prepare",
    "read_pilot",
    "run_pilot",
    "runs",
    "traces",
    "write_pilot",
]
__getattr__ = on_demand(
    __name__,
    {
        "adapters": ["from_classifier", "from_skactiveml"],
        "running": ["Pilot", "gather", "prepare", "run_pilot", "runs", "traces"],
        "saved": ["read_pilot", "write_pilot"],
        "task": ["PilotSettings", "Run", "Task"],
        "trace": ["Trace"],
    },
)

"""The menu of files a plan can become."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from planner import words
from planner.registry import Registry
from planner.report.writing import Report

Export = Callable[[Report], bytes]
GROUPS = {
    "meeting": "For the meeting",
    "finance": "For the finance team",
    "ml": "For the ML team",
    "programs": "For other programs",
}


class Exports(Registry[Export]):
    """Files by name; each writes its numbers in the plan's own locale."""

    def register(self, name: str, title: str, source: str = "", **facts: Any) -> Callable[[Export], Export]:
        """Decorator that puts a function on the menu."""
        put = super().register(name, title, source, **facts)

        def put_spoken(call: Export) -> Export:
            @wraps(call)
            def spoken(report: Report) -> bytes:
                with words.spoken(report.plan.valuation.assumptions.locale):
                    return call(report)

            return put(spoken)

        return put_spoken


EXPORTS = Exports("export", group="programs")  # facts: suffix, mime, group (a key of GROUPS)

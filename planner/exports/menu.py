"""The menu of files a plan can become."""

from collections.abc import Callable

from planner.registry import Registry
from planner.report.writing import Report

Export = Callable[[Report], bytes]
GROUPS = {
    "meeting": "For the meeting",
    "finance": "For the finance team",
    "ml": "For the ML team",
    "programs": "For other programs",
}
EXPORTS: Registry[Export] = Registry("export", group="programs")  # facts: suffix, mime, group (a key of GROUPS)

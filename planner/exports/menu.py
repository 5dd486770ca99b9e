"""The menu of files a plan can become."""

from collections.abc import Callable

from planner.registry import Registry
from planner.report import Report

Export = Callable[[Report], bytes]
EXPORTS: Registry[Export] = Registry("export")  # facts: suffix, mime

"""Room 6, report: a plan as blocks of words, tables and charts, from which screens and files are made.

`writing` puts the parts together; each of the others writes one of them.
"""

from typing import TYPE_CHECKING

from planner.lazy import on_demand

if TYPE_CHECKING:
    from planner.report.writing import Report, write

__all__ = ["Report", "write"]
__getattr__ = on_demand(__name__, {"writing": ["Report", "write"]})

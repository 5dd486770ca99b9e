"""Charts: one function each, a value in and a chart out. Screens and files share them.

Every chart carries what it shows as words in its `description`, for people who cannot see it.
"""

from planner.charts.classes import classes, picks
from planner.charts.curves import curves, lines_of
from planner.charts.evidence import backtest, classes_seen, growing, repeats, replay
from planner.charts.grid import grid
from planner.charts.look import DARK, LIGHT, Palette
from planner.charts.stopping import stopping
from planner.charts.tornado import tornado
from planner.charts.worth import loss_of_choosing, price_switch, switch_table

__all__ = [
    "DARK",
    "LIGHT",
    "Palette",
    "backtest",
    "classes",
    "classes_seen",
    "curves",
    "grid",
    "growing",
    "lines_of",
    "loss_of_choosing",
    "picks",
    "price_switch",
    "repeats",
    "replay",
    "stopping",
    "switch_table",
    "tornado",
]

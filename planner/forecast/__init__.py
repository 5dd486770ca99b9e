"""Room 3, forecast: draws of the score at every number of labels.

`carrying` takes the curves that `replayed` reads off the pilot to the whole pool, by a family of `curves`; `backtest`
holds it to labels it was not shown, `comparison` and `ranking` hold the strategies side by side.
"""

from typing import TYPE_CHECKING

from planner.lazy import on_demand

if TYPE_CHECKING:
    from planner.forecast.carrying import Forecast, ForecastSettings, forecast, labels_needed, pool_size_of

__all__ = ["Forecast", "ForecastSettings", "forecast", "labels_needed", "pool_size_of"]
__getattr__ = on_demand(
    __name__, {"carrying": ["Forecast", "ForecastSettings", "forecast", "labels_needed", "pool_size_of"]}
)

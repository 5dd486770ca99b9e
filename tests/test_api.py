"""The Python door: the pipeline read aloud, from the package itself."""

import subprocess
import sys

import numpy as np
import pytest
from making import known_pilot, power

import planner
from planner.forecast import ForecastSettings
from planner.plan import decide


@pytest.mark.parametrize("name", planner.PUBLIC)
def test_every_public_name_is_the_thing_its_room_holds(name):
    found = getattr(planner, name)
    assert callable(found)
    assert found is getattr(sys.modules[f"planner.{planner.PUBLIC[name]}"], name)


def test_forecast_is_the_step_even_after_its_room_was_imported():
    pilot = known_pilot(power(0.15, 0.04, 0.6))
    reached = planner.forecast(pilot, ForecastSettings(pool_size=20_000))
    plan = planner.decide(planner.evaluate(reached, planner.Assumptions(cost_per_label=0.35)))
    again = decide(planner.evaluate(planner.forecast(pilot, planner.ForecastSettings(pool_size=20_000))))
    assert isinstance(plan, planner.Plan)
    assert np.isfinite(again.target)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'forcast'"):
        planner.forcast  # noqa: B018


def test_importing_the_package_loads_no_model_library():
    code = "import planner, sys; assert not {'sklearn', 'pandas', 'streamlit'} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

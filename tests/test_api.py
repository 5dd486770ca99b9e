"""The Python door: the pipeline read aloud, from the package itself."""

import subprocess
import sys
from importlib import import_module

import numpy as np
import pytest
from making import known_pilot, power

import planner
from planner.forecast import ForecastSettings
from planner.plan import decide

ROOMS = ("sample", "pilot", "forecast", "economics", "plan", "report")


@pytest.mark.parametrize(("place", "name"), [(place, name) for place, held in planner.PUBLIC.items() for name in held])
def test_every_public_name_is_the_thing_its_room_holds(place, name):
    found = getattr(planner, name)
    assert callable(found)
    assert found.__module__.split(".")[:2] == ["planner", place]
    assert found is getattr(import_module(f"planner.{place}"), name)


@pytest.mark.parametrize("room", ROOMS)
def test_every_name_on_the_door_of_a_room_is_defined_in_that_room(room):
    package = import_module(f"planner.{room}")
    for name in package.__all__:
        assert getattr(package, name).__module__.startswith(f"planner.{room}.")


def test_forecast_is_the_step_even_after_its_room_was_imported():
    pilot = known_pilot(power(0.15, 0.04, 0.6))
    reached = planner.forecast(pilot, ForecastSettings(pool_size=20_000))
    plan = planner.decide(planner.evaluate(reached, planner.Assumptions(cost_per_label=0.35)))
    again = decide(planner.evaluate(planner.forecast(pilot, planner.ForecastSettings(pool_size=20_000))))
    assert isinstance(plan, planner.Plan)
    assert np.isfinite(again.target)


@pytest.mark.parametrize("place", ["planner", *(f"planner.{room}" for room in ROOMS)])
def test_an_unknown_name_is_an_attribute_error(place):
    with pytest.raises(AttributeError, match=f"'{place}' has no attribute 'forcast'"):
        import_module(place).forcast  # noqa: B018


def test_importing_the_package_and_its_rooms_loads_no_model_library():
    rooms = ", ".join(f"planner.{room}" for room in ROOMS)
    code = f"import {rooms}, sys; assert not {{'sklearn', 'pandas', 'numpy', 'streamlit'}} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

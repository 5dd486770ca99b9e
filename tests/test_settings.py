"""Settings: declared once, checked where they enter, named the same everywhere."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.economics import Assumptions
from planner.errors import BadSetting, PlannerError, UnknownChoice
from planner.forecast import ForecastSettings
from planner.pilot import PilotSettings
from planner.registry import Registry
from planner.settings import Knob, Settings, key, knob, knobs

ALL = [(owner, one) for owner in (PilotSettings, ForecastSettings, Assumptions) for one in knobs(owner)]
MENU: Registry = Registry("colour")


@MENU.register("dark_red", "Dark red")
def dark_red() -> None:
    """A colour."""


@dataclass(frozen=True)
class Paint(Settings):
    litres: float = knob(1.0, "How much.", title="Paint", unit="litres", low=0, high=10)
    coats: int | None = knob(None, "How often.", title="Coats", low=1)
    colour: str = knob("dark_red", "Which.", title="Colour", choices=MENU)
    others: tuple[str, ...] = knob((), "More of them.", title="Others", choices=MENU)
    glossy: bool = knob(False, "Shine.", title="Glossy")


def test_a_value_outside_its_limits_is_refused_in_a_sentence_that_says_what_to_do() -> None:
    with pytest.raises(BadSetting, match=r"Paint is 11; it cannot be above 10 litres\. How much\."):
        Paint(litres=11)
    with pytest.raises(BadSetting, match=r"Paint is -1; it cannot be below 0 litres\."):
        Paint(litres=-1)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "many", True, None, [1]])
def test_what_is_no_finite_number_is_refused(value: object) -> None:
    with pytest.raises(BadSetting, match="Paint must be a"):
        Paint(litres=value)  # type: ignore[arg-type]


def test_half_a_coat_is_no_whole_number() -> None:
    with pytest.raises(BadSetting, match=r"Coats must be a whole number, not 1\.5\."):
        Paint(coats=1.5)  # type: ignore[arg-type]
    assert Paint(coats=None).coats is None


def test_a_hyphen_reads_as_an_underscore_and_a_typing_error_gets_a_hint() -> None:
    assert Paint(colour="dark-red") == Paint(colour="dark_red")
    assert Paint(others="dark-red").others == ("dark_red",)  # type: ignore[arg-type]
    with pytest.raises(
        UnknownChoice, match=r"No colour is named 'dark_reed'\. Did you mean 'dark_red'\? Known: dark_red\."
    ):
        Paint(colour="dark_reed")


def test_a_switch_takes_yes_or_no_only() -> None:
    with pytest.raises(BadSetting, match="Glossy must be a bool, not 1"):
        Paint(glossy=1)  # type: ignore[arg-type]


@given(st.floats(0, 10))
def test_a_valid_setting_survives_being_copied(litres: float) -> None:
    assert replace(Paint(), litres=litres).litres == litres
    assert hash(Paint(litres=litres)) == hash(Paint(litres=litres))


@pytest.mark.parametrize(("owner", "one"), ALL, ids=[one.name for _, one in ALL])
def test_every_setting_is_fit_to_be_read(owner: type, one: Knob) -> None:
    assert one.help.endswith((".", ")")), one.help
    assert one.title[0].isupper()
    assert not one.title.endswith(".")
    assert one.name == one.name.lower()
    assert getattr(owner(), one.name) == one.default, "the default must itself be valid"
    if one.kind in (int, float) and one.choices is None:
        assert one.low is not None, f"{one.name} has no lower limit"
        assert one.high is not None, f"{one.name} has no upper limit"
        assert one.unit or one.name == "seed" or one.name == "draws", f"{one.name} has no unit"


@pytest.mark.parametrize(("owner", "one"), ALL, ids=[one.name for _, one in ALL])
def test_every_numeric_setting_refuses_what_lies_beyond_its_limits(owner: type, one: Knob) -> None:
    if one.kind not in (int, float):
        return
    for beyond in ([one.low - 1] if one.low is not None else []) + ([one.high * 2 + 1] if one.high is not None else []):
        with pytest.raises(PlannerError) as refused:
            owner(**{one.name: one.kind(beyond)})
        assert one.title in str(refused.value)


def test_no_two_settings_share_a_name() -> None:
    names = [one.name for _, one in ALL]
    assert len(names) == len(set(names))


def test_a_key_tells_different_settings_apart_and_equal_ones_not() -> None:
    assert key("a", Paint()) == key("a", Paint())
    assert len({key("a", Paint()), key("a", Paint(litres=2)), key("b", Paint()), key("a", "b"), key("ab")}) == 5

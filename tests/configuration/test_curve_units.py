"""Tables of curves take every unit of their dimension, and give the same machine in each."""

import numpy as np
import pytest
from pydantic import ValidationError

from testsite_sim.configuration.base import CurvePoints
from testsite_sim.configuration.hydrogen import ConsumptionCurve, Electrolyser
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.turbine import TurbineConfiguration
from testsite_sim.plant.electrolysis import dispatch_curve
from testsite_sim.wind.fleet import build_turbine


def test_a_consumption_per_normal_cubic_metre_is_that_per_kilogram():
    machine = load_component("electrolyser", "pem-10mw", Electrolyser)
    assert machine.consumption is not None
    per_kilogram = machine.consumption.specific_consumption
    assert per_kilogram.units == "kWh/kg"
    per_volume = CurvePoints(units="kWh/Nm³", values=tuple(value * 0.08988 for value in per_kilogram.values))
    other = machine.model_copy(
        update={"consumption": machine.consumption.model_copy(update={"specific_consumption": per_volume})}
    )
    np.testing.assert_allclose(dispatch_curve(other).production, dispatch_curve(machine).production, rtol=1e-12)


def test_a_consumption_below_the_thermodynamic_limit_is_found_in_any_unit():
    with pytest.raises(ValidationError, match="below the thermodynamic limit"):
        ConsumptionCurve.model_validate(
            {"load": [0.1, 1.0], "source": "x", "specific_consumption": {"units": "kWh/Nm3", "values": [3.4, 3.6]}}
        )


def test_units_of_another_dimension_are_refused_by_the_name_of_the_table():
    with pytest.raises(ValidationError, match=r"specific_consumption wants units of the dimension of kWh/kg.*'bar'"):
        ConsumptionCurve.model_validate(
            {"load": [0.1, 1.0], "source": "x", "specific_consumption": {"units": "bar", "values": [50, 52]}}
        )


def test_a_turbine_in_other_units_is_the_same_turbine():
    stated = load_component("turbine", "leanwind-8-164", TurbineConfiguration)
    curves = stated.curves
    assert curves is not None
    in_knots = CurvePoints(units="km/h", values=tuple(3.6 * speed for speed in curves.wind_speed.values))
    in_megawatt = CurvePoints(units="MW", values=tuple(power / 1e6 for power in curves.power.values_in("W")))
    other = stated.model_copy(
        update={"curves": curves.model_copy(update={"wind_speed": in_knots, "power": in_megawatt})}
    )
    np.testing.assert_allclose(build_turbine(other).power, build_turbine(stated).power, rtol=1e-12)
    np.testing.assert_allclose(build_turbine(other).wind_speed, build_turbine(stated).wind_speed, rtol=1e-12)


@pytest.mark.parametrize("units", ["-", 1])
def test_a_curve_without_a_unit_may_be_written_as_a_data_sheet_does(units: object):
    assert CurvePoints.model_validate({"units": units, "values": [0.9, 0.8]}).units == "1"


def test_a_number_other_than_one_is_no_unit():
    with pytest.raises(ValidationError, match="valid string"):
        CurvePoints.model_validate({"units": True, "values": [0.9, 0.8]})

"""Numbers that are not finite are refused by name in every public function of balancing and hydrogen."""

import importlib
import inspect
import pkgutil

import numpy as np
import pytest

import testsite_sim.dispatch
import testsite_sim.plant
from testsite_sim.common.errors import ConfigurationError, DataError, TestsiteError
from testsite_sim.common.finite import refuse_not_finite
from testsite_sim.dispatch import Forecast, Objective, ReducedPlant, StrategySettings
from testsite_sim.dispatch.contracts import difference
from testsite_sim.dispatch.general import HorizonLimits, general_optimum
from testsite_sim.dispatch.market import energy_market
from testsite_sim.dispatch.optimum import optimum
from testsite_sim.plant.compression import compression_work

PLANT = ReducedPlant(electrolyser_capacity=1e6, tank_capacity=10.0)
GOOD = np.ones(3)
BAD = np.array([1.0, np.nan, np.inf])


@pytest.mark.parametrize("call", [optimum, lambda w, d, s, p, m, o: general_optimum(w, [d], s, [p], m, o)])
def test_every_series_and_parameter_of_an_optimum_is_named(call):
    market = energy_market(GOOD, PLANT)
    for text, arguments in (
        (r"wind is not finite in 2 of 3", (BAD, GOOD, 1.0, PLANT, market, Objective())),
        (r"demand.* is not finite in 2 of 3", (GOOD, BAD, 1.0, PLANT, market, Objective())),
        (r"step is nan", (GOOD, GOOD, float("nan"), PLANT, market, Objective())),
        (r"objective.penalty is inf", (GOOD, GOOD, 1.0, PLANT, market, Objective(penalty=np.inf))),
        (
            r"market.prices is not finite",
            (GOOD, GOOD, 1.0, PLANT, market.__class__(market.edges, BAD[:, None], market.fixed), Objective()),
        ),
    ):
        with pytest.raises(DataError, match=text):
            call(*arguments)


def test_a_price_that_is_no_number_is_refused_where_it_enters():
    with pytest.raises(DataError, match=r"market: price is not finite in 2 of 3 value.s., the first .nan. at 1"):
        energy_market(BAD, PLANT)
    with pytest.raises(DataError, match=r"price is not finite.*strike is nan"):
        difference(BAD, float("nan"), BAD, two_sided=True, suspended_below=0.0)
    with pytest.raises(TestsiteError, match="suction_pressure"):
        compression_work(np.nan, 2e7, stages=2)


def test_an_absent_limit_may_be_infinite_and_no_number_may_not():
    refuse_not_finite("here", limits=HorizonLimits())
    with pytest.raises(DataError, match=r"limits\.imported_energy_maximum is nan"):
        refuse_not_finite("here", limits=HorizonLimits(imported_energy_maximum=np.nan))
    for thing in (StrategySettings(band=np.nan), Forecast(auction_hour=np.inf)):
        with pytest.raises(DataError, match="thing"):
            refuse_not_finite("here", thing=thing)
    with pytest.raises(ConfigurationError, match="tank_capacity is nan"):
        ReducedPlant(tank_capacity=np.nan)


def test_every_simulation_checks_its_arguments():
    found = []
    for package in (testsite_sim.dispatch, testsite_sim.plant):
        for module in pkgutil.iter_modules(package.__path__):
            part = importlib.import_module(f"{package.__name__}.{module.name}")
            for name, function in inspect.getmembers(part, inspect.isfunction):
                if name.startswith("simulate_") and function.__module__ == part.__name__:
                    found.append(name)
                    assert hasattr(function, "__wrapped__"), name
    assert len(found) >= 9


@pytest.mark.parametrize(
    ("wind", "demand", "step", "said"),
    [
        (np.ones(3), np.ones(2), 1.0, "wind has 3 intervals and demand 2"),
        (np.empty(0), np.empty(0), 1.0, "one interval at least"),
        (np.ones(3), np.ones(3), 0.0, "step is 0 s; expected above zero"),
        (np.ones(3), np.ones(3), -1.0, "step is -1 s"),
    ],
)
def test_series_that_no_plant_can_follow_are_named(wind, demand, step, said):
    with pytest.raises(DataError, match=said):
        optimum(wind, demand, step, PLANT, energy_market(GOOD, PLANT), Objective())

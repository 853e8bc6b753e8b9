"""What the step of operations says of the test site, simulated on a grid and interpolated for the members.

Months to a certificate, prototypes per year and the cost of failures come from the simulation of berths and of the
commercial fleet; they depend on a few assumptions, over whose ranges the simulation is repeated.
"""

import itertools
from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy.interpolate import RegularGridInterpolator
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.time_axis import step_of
from testsite_sim.common.units import DAY, SECONDS_PER_YEAR
from testsite_sim.configuration.berths import OffshoreTestSite
from testsite_sim.configuration.operations import FleetValue
from testsite_sim.configuration.quantities import Quantity
from testsite_sim.operations import (
    FailureRates,
    certification_time,
    expected_failure_rate,
    sea_state,
    simulate_berths,
    value_of_reliability,
)
from testsite_sim.operations.sea_source import sea_record
from testsite_sim.studies.flanders_wind_farm.configuration.study import FlandersWindFarm
from testsite_sim.studies.flanders_wind_farm.model.campaigns import Campaigns, simulate_campaigns
from testsite_sim.studies.framework.prices import price_factors
from testsite_sim.studies.framework.uncertainty import Values
from testsite_sim.wind import build_turbine

MONTH = 365.25 * DAY / 12.0
GRID_POINTS = 5  # over the range of an assumption
REPAIRS = "certification.fleet.maintenance.technician_cost"  # whose prices are those of all repairs
FAILURE_RATES = (5.0, 10.0, 20.0, 40.0)  # of the fleets that are simulated [1/year]


@dataclass(frozen=True)
class SeaSurfaces:
    """Responses of the simulation: by arrivals [1/year] and duration of the test [s], and by failure rate [1/year]."""

    arrivals: Floats
    test_duration: Floats
    months_to_certificate: Floats  # (arrivals, test_duration) [month]
    prototypes_per_year: Floats  # (arrivals, test_duration) [1/year]
    months_of_members: Floats  # of the central site (history,) [month]
    repair_cost: Floats  # (FAILURE_RATES,) per turbine [EUR/year]
    energy_lost: Floats  # (FAILURE_RATES,) per turbine [J/year]
    rated_power: float  # of a turbine of the fleet [W]

    def of_berths(self, arrivals: Floats, test_duration: Floats) -> tuple[Floats, Floats]:
        """Return months to a certificate [month] and prototypes per year [1/year], both (member,)."""
        points = np.column_stack(
            [
                np.clip(arrivals, self.arrivals[0], self.arrivals[-1]),
                np.clip(test_duration, self.test_duration[0], self.test_duration[-1]),
            ]
        )
        axes = (self.arrivals, self.test_duration)
        months, prototypes = (
            RegularGridInterpolator(axes, surface)(points)
            for surface in (self.months_to_certificate, self.prototypes_per_year)
        )
        return months, prototypes

    def cost_of_failures(self, failure_rate: Floats, price: Floats) -> Floats:
        """Return repairs and energy not sold of a fleet, per power, in its first years [EUR/W/year], (member,)."""
        repairs = np.interp(failure_rate, FAILURE_RATES, self.repair_cost)
        energy = np.interp(failure_rate, FAILURE_RATES, self.energy_lost)
        return np.asarray((repairs + energy * price) / self.rated_power)


def failure_rates(test_site: OffshoreTestSite, value: Values, path: str) -> tuple[Floats, Floats]:
    """Return the expected failure rate of a turbine before and after the test [1/year], both (member,)."""
    before, fix, delay, duration = (
        value(f"{path}.reliability_growth.{name}")
        for name in ("failure_rate", "fix_probability", "redesign_delay", "test_duration")
    )
    growth = test_site.reliability_growth
    after = expected_failure_rate(before, fix, delay, duration, modes=growth.modes, spread=float(growth.spread))
    return before, after


def simulate_sea(study: FlandersWindFarm) -> tuple[SeaSurfaces, Campaigns]:
    """Return the responses of the test site: berths over arrivals and duration of the test, fleets over failure rates.

    They depend on quantities that all members share and on those two; the members interpolate. The campaigns of the
    vessels are those of the same sea.
    """
    configuration = study.certification
    record = sea_record(configuration, configuration.seed)
    sea = sea_state(record)
    sailed = simulate_campaigns(study.vessel, sea)
    test_site = configuration.test_site
    direction = record["wind_direction"].isel(height=-1).to_numpy()
    density = record["air_density"].to_numpy() if "air_density" in record else None
    durations = certification_time(test_site, sea, direction, density)
    arrivals = _axis(test_site.arrivals)
    test_duration = _axis(test_site.reliability_growth.test_duration)
    months, prototypes = np.empty((2, arrivals.size, test_duration.size))
    for (i, rate), (j, duration) in itertools.product(enumerate(arrivals), enumerate(test_duration)):
        growth = test_site.reliability_growth.model_copy(update={"test_duration": Quantity(duration)})
        varied = test_site.model_copy(update={"arrivals": Quantity(rate), "reliability_growth": growth})
        found = simulate_berths(varied, sea, durations, members=configuration.members, seed=configuration.seed)
        months[i, j] = float(found["months_to_certificate"].mean())
        prototypes[i, j] = float(found["prototypes_per_year"].mean())
    central = simulate_berths(test_site, sea, durations, members=configuration.members, seed=configuration.seed)
    fleet = configuration.fleet
    if fleet is None:
        raise ValueError("a study needs a fleet: its configuration is checked for it")
    repairs, energy = _failures(fleet, record, configuration.seed)
    repairs = repairs * price_factors(study).get(REPAIRS, 1.0)
    surfaces = SeaSurfaces(
        arrivals,
        test_duration,
        months,
        prototypes,
        central["months_to_certificate"].to_numpy(),
        repairs,
        energy,
        float(np.max(build_turbine(fleet.turbine).power)),
    )
    return surfaces, sailed


def _axis(quantity: float) -> Floats:
    """Return points over the range of a quantity; about its value, where it has none."""
    low, high = getattr(quantity, "range", None) or (0.999 * quantity, 1.001 * quantity)
    return np.linspace(low, high, GRID_POINTS)


def _failures(fleet: FleetValue, record: xr.Dataset, seed: int) -> tuple[Floats, Floats]:
    """Return cost of repairs [EUR/year] and energy lost [J/year] of a turbine at each failure rate."""
    steps = int(fleet.years * SECONDS_PER_YEAR / step_of(record["time"].to_numpy()))
    sea, turbine = sea_state(record.isel(time=slice(0, steps))), build_turbine(fleet.turbine)
    power = np.interp(sea.wind_speed, np.asarray(turbine.wind_speed), np.asarray(turbine.power), left=0.0, right=0.0)
    repairs, energy = [], []
    for k in range(0, len(FAILURE_RATES), 2):
        found = value_of_reliability(
            fleet.maintenance,
            sea,
            fleet.turbines,
            FailureRates(FAILURE_RATES[k], FAILURE_RATES[k + 1], float(fleet.mature_failure_rate)),
            power=power,
            price=1.0,
            members=fleet.members,
            seed=seed,
        )
        repairs += (found["cost_total"].mean("member") / fleet.turbines).to_numpy().tolist()
        energy += (found["revenue_lost"].mean("member") / fleet.turbines).to_numpy().tolist()
    return np.array(repairs), np.array(energy)

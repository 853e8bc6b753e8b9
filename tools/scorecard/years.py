"""Years and months of the whole zone of which a total is published: by the command of the hindcast, none seen before.

No meter of these years was at hand when the zone was made; what its owners and the grid's operator publish of them was
looked up when all choices stood.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.weather import WindError
from tools.scorecard import causes
from tools.scorecard import hindcast as running
from tools.scorecard.measured import BOTH, PRICES, RAW, STATIONS, WIND, Measured, Period, missing, read
from tools.scorecard.page import Rows, number
from tools.scorecard.zone import percent
from tools.validation_pages import listed

METERED = re.compile(r"zone \d{4}, energy")  # aims of the metered periods
WIND_ERROR = "coastal-stations"
FARM, CAPACITY = "belgian-zone", 2262.0
FILES = (WIND, PRICES)


@dataclass(frozen=True)
class Published:
    """A total [GWh] from the first to the last day, half of its last digit [GWh], and who published it."""

    name: str
    first: str
    last: str
    energy: float
    rounding: float
    source: str

    @property
    def is_a_year(self) -> bool:
        """Whether it is that of a whole year."""
        return self.name == self.first[:4]


TOTALS = (
    Published("2021", "2021-01-01", "2021-12-31", 6779.0, 0.5, "Elia on the mix of 2023, by productivity.be"),
    Published("2022", "2022-01-01", "2022-12-31", 6600.0, 50.0, "Belgian Offshore Platform, by eco2050.be"),
    Published("February 2022", "2022-02-01", "2022-02-28", 1003.0, 0.5, "Elia, by vrt.be of 6 January 2023"),
    Published("2023", "2023-01-01", "2023-12-31", 8011.0, 0.5, "Elia on the mix of 2023, by productivity.be"),
    Published("July 2023", "2023-07-01", "2023-07-31", 692.0, 0.5, "Elia, by vrt.be of 3 August 2023"),
    Published("December 2023", "2023-12-01", "2023-12-31", 1075.0, 0.5, "Belgian Offshore Platform, 3 January 2024"),
    Published("2024", "2024-01-01", "2024-12-31", 7070.0, 5.0, "Belgian Offshore Platform, by energymagz.com"),
    Published("2025", "2025-01-01", "2025-12-31", 6600.0, 50.0, "Belgian Offshore Platform, 13 January 2026"),
)
ROUND = 0.01  # of the energy: what is published in larger steps is no test of 3 %
HEAD = [
    "period", "published [GWh]", "rounded to", "simulated [GWh]", "error", "with the air of the climate",
    "with the records as they were measured", "at prices below zero [GWh]",
    "capacity factor", "available, by energy", "wind measured", "published by",
]  # fmt: skip


@dataclass(frozen=True)
class Year:
    """A year as it was simulated: power [MW] by hour, of the run of the aims and of what differs in one thing alone.

    `climate`: with the air of the climate; `raw`: with the breaks of the records; `available`: by energy [1]; `sold`:
    by concession (hour, concession); `sensitivity`: relative change of the energy over that of the wind speed [1].
    """

    measured: Measured
    power: pd.Series
    climate: pd.Series
    raw: pd.Series
    available: float
    sold: pd.DataFrame = field(default_factory=pd.DataFrame)
    sensitivity: float = float("nan")


def simulated(data: Path, work: Path) -> list[Year]:
    """Return the years of `TOTALS`, each run by the command of the hindcast."""
    folder = work / "years"  # of their own: files are named by the year, and so are those of the hindcast
    folder.mkdir(parents=True, exist_ok=True)
    return [
        simulate(data, folder, Period(name, f"{name}-01-01", f"{name}-12-31", FARM, CAPACITY, FILES))
        for name in sorted({each.first[:4] for each in TOTALS})
    ]


def simulate(data: Path, folder: Path, period: Period) -> Year:
    """Run a year in the wind of both stations, with the air of the hour where it can be had and with the climate's."""
    measured = read(data, period)
    running.prepare(measured, data, folder)
    power: dict[str, pd.Series] = {}
    available = float("nan")
    variants = [each for each in running.of_the_air(measured) if each == running.CLIMATE_AIR]
    winds = [BOTH, *([RAW] if corrected(measured, folder) else [])]
    for wind, variant in (*((each, running.PROFILE) for each in winds), *((BOTH, each) for each in variants)):
        command = running.run_command(measured, wind, variant)
        running.run(folder, command)
        with xr.open_datatree(folder / command[-1] / "results.nc") as tree:
            power[wind if variant == running.PROFILE else variant] = tree[running.SERIES].to_series() / 1e6
            if (wind, variant) == (BOTH, running.PROFILE):
                available = float(tree["wind/availability_energy"])
                sold = tree["plant/power_sold_of_concession"].transpose("time", "concession").to_pandas() / 1e6
                sensitivity = float(tree["wind/energy_sensitivity"])
    main = power[BOTH]
    variants_of = (power.get(running.CLIMATE_AIR, main), power.get(RAW, main))
    return Year(measured, main, *variants_of, available, sold, sensitivity)


def corrected(measured: Measured, folder: Path) -> bool:
    """Return whether a break was corrected in a record of the year: else both winds are the same."""
    air = running.air_in(measured)
    for station in STATIONS:
        speeds = []
        for raw in (False, True):
            with xr.open_dataset(folder / running.record_of(measured, station, raw=raw, air=air)) as record:
                speeds.append(record["wind_speed"].to_numpy())
        if not np.array_equal(*speeds, equal_nan=True):
            return True
    return False


def energy(power: pd.Series, of: Published) -> float:
    """Return the energy of a period [GWh]."""
    return float(power.loc[of.first : of.last].sum()) / 1e3


def below_zero(year: Year, of: Published) -> float:
    """Return the energy [GWh] of a period that is simulated in hours whose day-ahead price is below zero."""
    price = year.measured.table["price"]
    return energy(year.power.where(price.reindex(year.power.index) < 0.0, 0.0), of)


def rows(years: list[Year]) -> Rows:
    """Return a row of each total as `HEAD` has them."""
    by = {each.measured.period.name: each for each in years}
    made = []
    for each in TOTALS:
        year = by[each.first[:4]]
        main, *others = (energy(power, each) for power in (year.power, year.climate, year.raw))
        span = year.power.loc[each.first : each.last]
        known = year.measured.known[BOTH].loc[each.first : each.last]
        made.append(
            [
                each.name,
                f"{each.energy:,.0f}",
                f"{100.0 * each.rounding / each.energy:.1f} %",
                f"{main:,.0f}",
                percent(main / each.energy - 1.0),
                *(percent(other / each.energy - 1.0) for other in others),
                f"{below_zero(year, each):,.0f}",
                f"{float(span.mean()) / CAPACITY:.3f}",
                f"{100.0 * year.available:.1f} %" if each.is_a_year else "–",
                f"{100.0 * float(known.mean()):.1f} %",
                each.source,
            ]
        )
    return made


def with_totals(years: list[Year]) -> list[causes.Simulated]:
    """Return the years with what is published of them, for the causes of their errors."""
    totals = {each.name: each for each in TOTALS if each.is_a_year}
    return [
        causes.Simulated(
            name, totals[name].energy, totals[name].rounding, each.sold, each.measured.table["price"], each.sensitivity
        )
        for each in years
        if (name := each.measured.period.name) in totals
    ]


def judged() -> list[str]:
    """Return the names of the years whose totals are published finely enough for a test; months are shown alone."""
    return [each.name for each in TOTALS if each.rounding <= ROUND * each.energy and each.is_a_year]


def aim(name: str) -> str:
    """Return the name of the aim of a total."""
    return f"zone, all of {name}, energy as published"


def sentence(found: Rows, aims: Rows) -> str:
    """Return how far the years are off together, next to the metered periods, and what hours of low prices hold.

    Parameters
    ----------
    found : list of list of str
        Rows as `HEAD` has them.
    aims : list of list of str
        Rows of the aims, those of the metered periods among them.
    """
    whole = [row for row in found if row[0] in judged()]
    errors, raw = (pd.Series({row[0]: number(row[k]) for row in whole}) for k in (4, 6))
    stopped = pd.Series({row[0]: 100.0 * number(row[7]) / number(row[1]) for row in whole})
    months = ", ".join(f"{row[0]} by {row[4]}" for row in found if row[0] not in errors)
    metered = listed([f"{row[2]} in {row[0].split()[1].rstrip(',')}" for row in aims if METERED.fullmatch(row[0])])
    return (
        f"- {', '.join(errors.index)}: off by {errors.mean():+.1f} % in the mean, between {errors.min():+.1f} and "
        f"{errors.max():+.1f} %, where the metered periods, which were known, are off by {metered}; {months}. With the "
        f"records as they were measured the years are off by {raw.mean():+.1f} % in the mean. Hours with prices below "
        f"zero hold {stopped.min():.1f} to {stopped.max():.1f} % of what is published; hardly a farm stops in them in "
        "the simulation, and some did ([decision 9](../decisions/009-negative-prices.md))."
    )


def of_the_wind() -> str:
    """Return how uncertain the level of the stations' wind is, as ensembles draw it: evenly rising to the middle."""
    low, high = load_component("wind-error", WIND_ERROR, WindError).record.range
    spread = 100.0 * (high - low) / 24.0**0.5
    return (
        f"the level of the stations' wind has a standard deviation of {spread:.1f} % (`wind-error/{WIND_ERROR}`), of "
        "which 1 % is about 1.3 % of energy"
    )


def lacking(data: Path) -> list[str]:
    """Return the names that are not in the data."""
    return missing(data, FILES)


def air_of(year: Year) -> str:
    """Return where the air of a year is from, empty where it is that of the climate."""
    return running.air_in(year.measured)

"""The figures of what is done at sea: maintenance, campaigns, the test site; and what a reader must be warned of."""

from collections.abc import Iterator, Mapping

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.common.units import DAY, GIGAWATT_HOUR, HOUR

Entry = tuple[str, str, float | None]
Results = Mapping[str, xr.Dataset]
MOST_BACKLOG = 60.0  # [day] of work at the rate of the record; beyond it, and the time to get a vessel, work piles up
_COUNTED = ("stopped", "completed", "open", "hired_duration", "cost_vessel")  # by task or vessel
FEWEST_OPEN = 3.0  # open jobs, besides those that wait for a charter, that are no longer the odd one


def sea_entries(results: Results) -> dict[str, Entry]:
    """Return units, description and value of each figure of what is done at sea, where the scenario has it."""
    found: dict[str, Entry] = {}
    if "cost_total" in results.get("operations", ()):
        found |= _maintenance(results["operations"])
    for path, dataset in results.items():
        parts = path.split("/")
        if parts[0] == "installation" and len(parts) == 2 and parts[1] != "sweep":
            found |= _campaign(dataset, parts[1])
    if "certification/berths" in results:
        found |= _certification(results)
    return found


def sea_warnings(results: Results) -> Iterator[str]:
    """Yield a sentence for each thing at sea that does not get done, or that is known of a part of the years only."""
    if "cost_total" in results.get("operations", ()):
        yield from _piled_up(results["operations"])
    for path, dataset in results.items():
        cut_off = int(dataset.attrs.get("years_cut_off", 0))
        if path.startswith("installation/") and cut_off:
            yield _cut_off(path.split("/")[1], dataset, cut_off)
    if "certification/berths" in results:
        berths = results["certification/berths"]
        unfinished = int(berths["unfinished"].sum())
        if unfinished:
            yield (
                f"certification: {unfinished} of {int(berths['arrived'].sum())} prototypes that arrive within the "
                "record do not leave before it ends, means are of those that do, which favours short stays"
            )


def _cut_off(name: str, campaign: xr.Dataset, cut_off: int) -> str:
    """Return the sentence on the years that the end of the record cuts off."""
    missing = [
        label
        for label, value in (("P50", "campaign_duration_p50"), ("P90", "campaign_duration_p90"))
        if np.isnan(float(campaign[value]))
    ]
    reached = f"{' and '.join(missing)} not reached" if missing else "percentiles allow for them"
    return (
        f"installation {name}: {cut_off} of {campaign.attrs['years_started']} campaigns do not end within the record, "
        f"{reached}"
    )


def backlog(operations: xr.Dataset) -> NDArray[np.float64]:
    """Return how long the open jobs of each task take at the rate at which jobs were finished [s], shape (task,).

    Jobs that wait for a charter, fewer than its threshold, are not counted; what is never finished takes for ever.
    """
    period = float(operations.attrs["years"]) * 365.0 * DAY
    names = ("open", "task_charter_threshold", "completed")
    left, threshold, completed = (operations.variables[name].to_numpy() for name in names)
    piled = np.maximum(left - threshold, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(piled > 0.0, piled / completed, 0.0) * period)


def _piled_up(operations: xr.Dataset) -> Iterator[str]:
    """Yield a sentence for each task whose work piles up, and for each whose vessel is not there."""
    late, held = backlog(operations) / DAY, operations.variables
    allowed = MOST_BACKLOG + held["task_lead_time"].to_numpy() / DAY
    tasks, vessels = held["task"].to_numpy().tolist(), held["vessel"].to_numpy().tolist()
    number = dict(zip(vessels, held["vessels"].to_numpy().tolist(), strict=True))
    waiting = held["task_charter_threshold"].to_numpy()
    columns = (held[name].to_numpy().tolist() for name in ("failures", "open", "task_vessel"))
    for k, (task, came, open_jobs, vessel) in enumerate(zip(tasks, *columns, strict=True)):
        if number.get(vessel) == 0.0:
            yield f"maintenance: there is no {vessel}, so that none of {came:.0f} jobs of {task} is done"
        elif open_jobs - waiting[k] >= FEWEST_OPEN and late[k] > allowed[k]:
            days = f"{late[k]:,.0f} days of work at its rate" if np.isfinite(late[k]) else "none was finished"
            yield (
                f"maintenance: work piles up: {open_jobs:.0f} of {came:.0f} jobs of {task} are open at the end of the "
                f"period ({days}), more of {vessel} or of technicians are needed"
            )


def _maintenance(operations: xr.Dataset) -> dict[str, Entry]:
    """Return the figures of simulated maintenance."""
    turbines, years = float(operations.attrs["turbines"]), float(operations.attrs["years"])
    of = {str(name): operations.variables[name].to_numpy() for name in _COUNTED}
    down = of["stopped"] / HOUR / turbines / years
    found: dict[str, Entry] = {
        "jobs_done": ("count", "repairs and services finished in the period", float(of["completed"].sum())),
        "jobs_open": (
            "count",
            "repairs and services that came up in the period and are not finished",
            float(of["open"].sum()),
        ),
        "maintenance_cost": (
            "EUR/year",
            "vessels, technicians and parts of simulated maintenance; part of the cash flow",
            float(operations["cost_total"]),
        ),
        "vessel_days": (
            "day",
            "days for which vessels of maintenance are paid in the period",
            float(of["hired_duration"].sum()) / DAY,
        ),
        "downtime": ("h/year", "time that a turbine stands still, mean", float(down.sum())),
    }
    if "turbines_visited" in operations:
        visited = float(operations["turbines_visited"])
        found["turbines_visited"] = (
            "count",
            f"turbines of {turbines:.0f} on which people worked in the period",
            visited,
        )
    for k, task in enumerate(operations["task"].to_numpy().tolist()):
        name = task.replace("-", "_")
        found[f"jobs_done_{name}"] = ("count", f"jobs finished, {task}", float(of["completed"][k]))
        found[f"jobs_open_{name}"] = (
            "count",
            f"jobs that came up and are not finished, {task}",
            float(of["open"][k]),
        )
        found[f"downtime_{name}"] = ("h/year", f"downtime of a turbine by {task}", float(down[k]))
    vessels = operations["task_vessel"].to_numpy()
    for name in dict.fromkeys(vessels.tolist()):
        hours = float(down[vessels == name].sum())
        key = name.replace("-", "_").replace(" ", "_")
        found[f"downtime_served_by_{key}"] = ("h/year", f"downtime of a turbine by tasks of {name}", hours)
    for k, name in enumerate(operations["vessel"].to_numpy().tolist()):
        key = name.replace("-", "_")
        hired = float(of["hired_duration"][k]) / DAY
        found[f"vessel_days_{key}"] = ("day", f"days for which {name} is paid in the period", hired)
        found[f"vessel_cost_{key}"] = (
            "EUR/year",
            f"hire and mobilisation of {name}",
            float(of["cost_vessel"][k]),
        )
    return found


def _campaign(campaign: xr.Dataset, strategy: str) -> dict[str, Entry]:
    """Return the figures of one strategy of installing; None for a percentile that is not reached."""
    started, cut_off = int(campaign.attrs["years_started"]), int(campaign.attrs["years_cut_off"])
    name = strategy.replace("-", "_")
    of = f"{strategy}, {started - cut_off} of {started} campaigns end within the record"

    def known(variable: str, unit: float) -> float | None:
        value = float(campaign[variable])
        return None if np.isnan(value) else value / unit

    def reached(variable: str) -> str:
        return "; not reached: it lies among those that do not end" if known(variable, 1.0) is None else ""

    lost = float(campaign["weather_downtime"].sum() / campaign["vessel_time"].sum())
    return {
        f"installation_duration_p50_{name}": (
            "day",
            "median duration of the campaign over the weather years, " + of + reached("campaign_duration_p50"),
            known("campaign_duration_p50", DAY),
        ),
        f"installation_duration_p90_{name}": (
            "day",
            "duration not exceeded in 90 % of the weather years, " + of + reached("campaign_duration_p90"),
            known("campaign_duration_p90", DAY),
        ),
        f"installation_cost_{name}": (
            "EUR",
            "cost of vessels, mobilisation and equipment, mean of the weather years, "
            + of
            + reached("campaign_cost_mean"),
            known("campaign_cost_mean", 1.0),
        ),
        f"installation_weather_downtime_{name}": (
            "1",
            f"share of hired vessel time that is lost to weather, {of}",
            lost,
        ),
        f"installation_years_cut_off_{name}": (
            "count",
            f"of {started} campaigns, those that do not end within the record, {strategy}",
            float(cut_off),
        ),
    }


def _certification(results: Results) -> dict[str, Entry]:
    """Return the figures of the test site."""
    berths, growth = results["certification/berths"], results["certification/reliability"]
    times = results["certification/times"]
    found: dict[str, Entry] = {
        "berths": ("count", "berths of the test site", float(times.sizes["berth"])),
        "test_site_investment": ("EUR", "what the berths cost to build", float(times.attrs["investment"])),
    }
    for name, units, text in (
        ("months_to_certificate", "month", "from the arrival of a prototype to its certificates, mean"),
        ("berth_utilisation", "1", "share of time that a berth is taken, mean"),
        ("prototypes_per_year", "1/year", "prototypes that complete their campaigns, mean"),
    ):
        found[name] = (units, text, float(berths[name].mean()))
    found["prototypes_arrived"] = (
        "count",
        "prototypes that arrive within the record, in all histories",
        float(berths["arrived"].sum()),
    )
    found["prototypes_unfinished"] = (
        "count",
        "those of them that do not leave before its end, and are not in the means",
        float(berths["unfinished"].sum()),
    )
    for variable, text in (("power_performance", "power curve"), ("load_measurement", "capture matrix")):
        found[f"days_to_{text.replace(' ', '_')}"] = (
            "day",
            f"time to a {text}, median over starts and berths",
            float(times[variable].median()) / DAY,
        )
    found["starts_cut_off"] = (
        "1",
        "share of the starts, over the berths, whose measurements the end of the record cuts off; medians are of "
        "the others",
        float(times["load_measurement"].isnull().mean()),
    )
    rates = growth["expected_failure_rate"]
    found["failure_rate_before"] = (
        "1/year",
        "failures of a turbine of the new design, before the test",
        float(rates[0]),
    )
    found["failure_rate_after"] = (
        "1/year",
        "failures of a turbine of the design as the test leaves it",
        float(rates[-1]),
    )
    if "certification/energy" in results:
        energy = results["certification/energy"]

        def certified(name: str) -> float:
            return float(energy[name].sel(mean_wind_speed=10.0).mean())

        found["certified_energy"] = (
            "GWh",
            "annual energy of the measured power curve in a Rayleigh climate of 10 m/s, mean over berths and starts",
            certified("energy_extrapolated") / GIGAWATT_HOUR,
        )
        found["certified_energy_uncertainty"] = (
            "1",
            "its standard uncertainty, categories A and B of IEC 61400-12-1, over it",
            certified("uncertainty") / certified("energy_extrapolated"),
        )
    if "certification/value" in results:
        found["value_of_test_site"] = (
            "EUR/year",
            "what the commercial fleet saves in its first years by the failures that the test removed, mean",
            float(results["certification/value"]["value"].mean()),
        )
    return found

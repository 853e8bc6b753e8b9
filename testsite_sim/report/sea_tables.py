"""The tables of a report on operations at sea: jobs and vessels, campaigns by strategy, berths."""

from typing import Any

import numpy as np
import xarray as xr

from testsite_sim.common.units import DAY, HOUR
from testsite_sim.output.formatting import number
from testsite_sim.report.cards import vessel_days

Table = dict[str, Any]  # title, head, rows, note
NOT_REACHED = "not reached"


def sea_tables(results: xr.DataTree) -> list[Table]:
    """Return the tables that a run has: title, head, rows of text and a note."""
    found: list[Table] = []
    if "operations" in results.children and "cost_total" in results["operations"]:
        found += _of_maintenance(results["operations"].to_dataset())
    if "installation" in results.children:
        strategies = {n: node.to_dataset() for n, node in results["installation"].children.items() if n != "sweep"}
        found.append(_of_campaigns(strategies))
    if "certification" in results.children:
        found.append(_of_berths(results))
    return found


def _table(title: str, head: list[str], rows: list[list[str]], note: str = "") -> Table:
    """Return a table as the page shows it; the first column is text, the others are numbers."""
    return {"title": title, "head": head, "rows": rows, "note": note}


def _of_maintenance(operations: xr.Dataset) -> list[Table]:
    """Return jobs by task, and vessels."""
    turbines, years = float(operations.attrs["turbines"]), float(operations.attrs["years"])
    down = operations["stopped"].to_numpy() / HOUR / turbines / years
    vessel_of = operations["task_vessel"].to_numpy()
    jobs = [
        [
            str(task),
            str(vessel_of[k]),
            *(f"{float(operations[name][k]):,.0f}" for name in ("failures", "completed", "open")),
            f"{down[k]:,.1f}",
        ]
        for k, task in enumerate(operations["task"].to_numpy())
    ]
    totals = [f"{float(operations[name].sum()):,.0f}" for name in ("failures", "completed", "open")]
    jobs.append(["all", "", *totals, f"{down.sum():,.1f}"])
    vessels = [
        [
            str(name),
            f"{float(operations['vessels'][k]):.0f}",
            f"{float(operations['hired_duration'][k]) / DAY:,.0f}",
            f"{float(operations['trips'][k]):,.0f}",
            f"{float(operations['mobilisations'][k]):,.0f}",
            f"{down[vessel_of == name].sum():,.1f}" if name in vessel_of else "",
            f"{float(operations['cost_vessel'][k]) / 1e6:,.2f}",
        ]
        for k, name in enumerate(operations["vessel"].to_numpy())
    ]
    shared = [name for name in dict.fromkeys(map(str, vessel_of)) if name not in operations["vessel"].to_numpy()]
    vessels += [[name, "", "", "", "", f"{down[vessel_of == name].sum():,.1f}", ""] for name in shared]
    costs = ", ".join(
        f"{text} {value / 1e6:,.2f}"
        for text, value in (
            ("vessels", float(operations["cost_vessel"].sum())),
            ("technicians", float(operations["cost_technicians"])),
            ("parts", float(operations["cost_parts"])),
        )
    )
    total = float(operations["cost_total"]) / 1e6
    return [
        _table(
            "Jobs",
            ["task", "vessel", "raised", "completed", "open at the end", "downtime [h per turbine and year]"],
            jobs,
        ),
        _table(
            "Vessels",
            [
                "vessel",
                "number",
                "paid days",
                "trips or visits",
                "mobilisations",
                "downtime by its tasks [h per turbine and year]",
                "cost [million EUR a year]",
            ],
            vessels,
            f"Cost of maintenance {total:,.2f} million EUR a year: {costs}. It is part of the cash flow.",
        ),
    ]


def _of_campaigns(strategies: dict[str, xr.Dataset]) -> Table:
    """Return the campaigns by strategy."""

    def of(value: xr.DataArray, unit: float) -> str:
        amount = float(value) / unit
        return NOT_REACHED if np.isnan(amount) else number(amount)

    rows = []
    for name, campaign in strategies.items():
        started, cut_off = int(campaign.attrs["years_started"]), int(campaign.attrs["years_cut_off"])
        lost = float(campaign["weather_downtime"].sum() / campaign["vessel_time"].sum())
        rows.append(
            [
                name,
                of(campaign["campaign_duration_p50"], DAY),
                of(campaign["campaign_duration_p90"], DAY),
                _phase(campaign),
                vessel_days(campaign),
                of(campaign["campaign_cost_mean"], 1e6),
                f"{100.0 * lost:.0f}",
                f"{started - cut_off} of {started}",
            ]
        )
    first = next(iter(strategies.values()))
    note = ""
    if "calm_share" in first.attrs:
        note = (
            f"Sea: {first.attrs['sea']}, {float(first.attrs['sea_years']):.0f} years, significant wave height at most "
            f"1.5 m for {100.0 * float(first.attrs['calm_share']):.0f} % of the time. Percentiles allow for campaigns "
            "that the record's end cuts off (Kaplan and Meier)."
        )
    head = [
        "strategy",
        "P50 [day]",
        "P90 [day]",
        "turbines alone, median [day]",
        "vessel days, mean",
        "mean cost [million EUR]",
        "lost to weather [% of vessel time]",
        "campaigns that end within the record",
    ]
    return _table(f"Installing {int(first.attrs['turbines'])} turbines", head, rows, note)


def _phase(campaign: xr.Dataset) -> str:
    """Return the median duration of the last phase, that of the turbines, from the campaigns that end [day]."""
    return number(float(campaign["duration"].isel(phase=-1).median()) / DAY)


def _of_berths(results: xr.DataTree) -> Table:
    """Return the berths with the time of their measurements."""
    times = results["certification/times"].to_dataset()
    rows = []
    for berth in times["berth"].to_numpy():
        here = times.sel(berth=berth)
        rows.append(
            [
                str(berth),
                f"{100.0 * float(here['valid_share']):.0f}",
                *(
                    f"{float(here[name].quantile(share)) / DAY:,.0f}"
                    for name in ("power_performance", "load_measurement")
                    for share in (0.5, 0.9)
                ),
                f"{100.0 * float(here['load_measurement'].isnull().mean()):.1f}",
            ]
        )
    investment = float(times.attrs["investment"]) / 1e6
    note = f"The berths cost {investment:,.0f} million EUR. Starts that the record's end cuts off are left out."
    if "calm_share" in times.attrs:
        note += f" Sea: {times.attrs['sea']}, {float(times.attrs['sea_years']):.0f} years."
    head = [
        "berth",
        "valid sectors [% of time]",
        "power curve, median [day]",
        "P90 [day]",
        "capture matrix, median [day]",
        "P90 [day]",
        "starts cut off [%]",
    ]
    return _table("Berths", head, rows, note)

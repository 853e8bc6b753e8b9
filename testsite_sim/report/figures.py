"""The figures of a run by name."""

from collections.abc import Callable, Hashable

import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.common.printing import csv_text
from testsite_sim.report.cash_flow import draw_cash_flow
from testsite_sim.report.dispatch import draw_dispatch_week
from testsite_sim.report.drawing import NamedFigure
from testsite_sim.report.energy import draw_load_duration, draw_monthly_energy
from testsite_sim.report.ensemble.convergence import draw_convergence
from testsite_sim.report.ensemble.distribution import draw_distributions
from testsite_sim.report.ensemble.sensitivity import draw_sensitivity
from testsite_sim.report.ensemble.sweep import draw_sweep, followed_headlines
from testsite_sim.report.layout import draw_layout
from testsite_sim.report.losses import draw_losses
from testsite_sim.report.plant import (
    SOURCES,
    STORES,
    USES,
    draw_fuel_cell,
    draw_plant_life,
    draw_plant_months,
    draw_plant_week,
    has_any,
)
from testsite_sim.report.plant_flows import draw_plant_flows
from testsite_sim.report.refuelling import draw_station, draw_store
from testsite_sim.report.sea import draw_campaign, draw_certification, draw_limit_sweep, draw_weather_windows
from testsite_sim.report.sizing import draw_sizing
from testsite_sim.report.stacks import draw_polarisation, draw_stack_degradation
from testsite_sim.report.wind_rose import draw_wind_rose

Draw = Callable[[xr.DataTree], tuple[Figure, xr.Dataset]]
FIGURES: dict[str, tuple[Draw, str]] = {
    "wind-rose": (draw_wind_rose, "Wind rose: share of time by direction and wind speed."),
    "farm-layout": (
        draw_layout,
        "Farm layout: each turbine's energy lost to wakes, of its own farm and of others, and to blockage.",
    ),
    "dispatch-week": (
        draw_dispatch_week,
        "A week of dispatch: uses of power, hydrogen in store, price of electricity.",
    ),
    "monthly-energy": (draw_monthly_energy, "Uses of the wind energy of each month."),
    "load-duration": (draw_load_duration, "Load-duration curve of wind and export."),
}

# Figures of one group of the results alone, which they are given without the others: that group.
GROUP_OF: dict[Draw, str] = {
    draw_wind_rose: "weather",
    draw_layout: "wind",
    draw_losses: "losses",
    draw_dispatch_week: "plant",
    draw_monthly_energy: "plant",
    draw_load_duration: "plant",
    draw_plant_week: "plant",
    draw_plant_flows: "plant",
    draw_plant_months: "plant",
    draw_fuel_cell: "plant",
    draw_plant_life: "lifetime",
    draw_cash_flow: "economics",
}
OF_A_FARM = ("wind-rose", "farm-layout")  # which every run has that simulates the wind of one

# What the figure of a week of balancing has no place for.
_MORE_THAN_BALANCING = (
    "power_photovoltaics",
    "power_station",
    "power_charged",
    "hydrogen_by_product",
    "hydrogen_in_pipeline",
)


def figures_of(results: xr.DataTree) -> dict[str, tuple[Draw, str]]:
    """Return the figures that a run has: those of every run, and those of its operations at sea."""
    if "members" in results.children:
        return _of_ensemble(results)
    if "sizing" in results.children:
        return {"sizing": (draw_sizing, "Net present value and cost of hydrogen over the sizes that were tried.")}
    if "plant" not in results.children:
        return {"farm-layout": FIGURES["farm-layout"]}  # of a windIO plant
    found = dict(FIGURES) if "wind" in results.children else {}
    if results["plant"].attrs.get("sold") == "no":
        del found["dispatch-week"]  # all is delivered, at no price
    elif "dispatch-week" in found and "hydrogen_stored" not in results["plant"]:
        found["dispatch-week"] = (draw_dispatch_week, "A week of dispatch: uses of power, price of electricity.")
    if "losses" in results.children:
        found["losses"] = (
            draw_losses,
            "Losses of the wind farm: from the energy of turbines standing alone to the net one.",
        )
    found |= _of_plant(results)
    if "economics" in results.children:
        found["cash-flow"] = (draw_cash_flow, "Cash flow by year, and its running sum, not discounted.")
    if "weather-windows" in results.children:
        found["weather-windows"] = (
            lambda r: draw_weather_windows(r["weather-windows"].to_dataset()),
            "Weather windows by month: the probability that work can start at once, and the waiting time.",
        )
    if "certification" in results.children:
        found["certification-time"] = (
            lambda r: draw_certification(r["certification/times"].to_dataset()),
            "Duration of the measurements of a prototype, by berth and month of start: median (line) and P90 (dashed).",
        )
    if "installation" not in results.children:
        return found
    for name in results["installation"].children:
        if name == "sweep":
            found["installation-sweep"] = (
                lambda r: draw_limit_sweep(r["installation/sweep"].to_dataset()),
                "Median duration and cost of the whole campaign against the limits of wind and waves of one operation.",
            )
        else:
            found[f"campaign-{name}"] = (
                lambda r, n=name: draw_campaign(r[f"installation-log/{n}"].to_dataset()),  # type: ignore[misc]
                f"Activities of the vessels, {name}, in the year of the median duration of the first strategy.",
            )
    return found


def _of_plant(results: xr.DataTree) -> dict[str, tuple[Draw, str]]:
    """Return the figures of a hydrogen plant, of the machines that it has."""
    plant = results["plant"].to_dataset()
    if "hydrogen_vented" not in plant:  # no plant
        return {}
    found: dict[str, tuple[Draw, str]] = {}
    if any(name in plant for name in _MORE_THAN_BALANCING) and has_any(plant, (*SOURCES, *USES, *STORES)):
        found["dispatch-week"] = (
            draw_plant_week,
            "A week of dispatch: sources and uses of power, stored hydrogen.",
        )
    found["plant-flows"] = (
        draw_plant_flows,
        "The energy of the period from its sources to its uses; hydrogen by its lower heating value.",
    )
    found["plant-months"] = (draw_plant_months, "Hydrogen by month: made or taken, and used.")
    if "lifetime" in results.children and any(
        name in results["lifetime"] for name in ("stacks_replaced", "fuel_cell_replacements", "battery_replacements")
    ):
        found["plant-life"] = (
            draw_plant_life,
            "The machines over the life: degradation and replacements.",
        )
    if "stacks" in results.children:
        found["polarisation"] = (
            draw_polarisation,
            "Stacks: voltage and efficiency against current density, new and at the end of life, and the time there.",
        )
        if any("year" in results[f"stacks/{name}"].dims for name in results["stacks"].children):
            found["stack-degradation"] = (
                draw_stack_degradation,
                "Stacks over the life of the plant: what the voltage of a cell changes by, and when they are replaced.",
            )
    if "power_fuel_cells" in plant:
        found["fuel-cell"] = (draw_fuel_cell, "Fuel cells at work: efficiency against load, and time at each load.")
    if plant.sizes.get("bank", 0) > 0:
        found["store"] = (
            lambda r: draw_store(r["plant"].to_dataset()),
            "Pressure in the store, and its level over the share of time.",
        )
    if "refuelling" in results.children:
        found["station-banks"] = (
            lambda r: draw_store(r["refuelling"].to_dataset()),
            "Pressure in the station's banks, and their level over the share of time.",
        )
        found["station"] = (
            lambda r: draw_station(r["refuelling"].to_dataset()),
            "The station: hydrogen by month and hour, waiting time, electricity per mass of hydrogen.",
        )
    return found


def _of_ensemble(results: xr.DataTree) -> dict[str, tuple[Draw, str]]:
    """Return the figures that an ensemble has."""
    if "sensitivity" in results.children:
        return {"sensitivity": (draw_sensitivity, "The factors that matter most to each output, with 95 % intervals.")}
    if results["statistics"].sizes["point"] > 1:
        if not followed_headlines(results):
            return {}
        return {"sweep": (draw_sweep, "Outputs against the swept keys; P5 to P95 shaded where there are members.")}
    return {
        "distribution": (draw_distributions, "Distribution of the outputs over the members."),
        "convergence": (draw_convergence, "Convergence of percentiles and means with the number of members."),
    }


def named_figures(results: xr.DataTree) -> dict[str, NamedFigure]:
    """Return every figure that a run of the chain, an ensemble, a sizing or a plant has.

    Parameters
    ----------
    results : xarray.DataTree
        As a run writes it: a group for every step.
    """
    return {name: _named(results, draw, caption) for name, (draw, caption) in figures_of(results).items()}


def figures_of_one_group(results: xr.DataTree) -> dict[str, NamedFigure]:
    """Return the figures that the whole run will have too, and the same: of one group that is there already.

    Parameters
    ----------
    results : xarray.DataTree
        The groups so far, of a scenario.
    """
    if "plant" in results.children:
        found = figures_of(results)
    else:
        found = {name: FIGURES[name] for name in OF_A_FARM if "wind" in results.children}
    return {name: _named(results, *each) for name, each in found.items() if GROUP_OF.get(each[0]) in results.children}


def _named(results: xr.DataTree, draw: Draw, caption: str) -> NamedFigure:
    """Return a figure with what draws it, of its group alone where that is known."""
    group = GROUP_OF.get(draw)

    def drawn() -> tuple[Figure, dict[str, str]]:
        given = results
        if group is not None:
            given = xr.DataTree.from_dict({group: results.children[group].to_dataset(inherit=False)})
        figure, data = draw(given)
        tables = tables_of(data)
        return figure, {end: csv_text(each.to_dataframe(), float_format="%.6g") for end, each in tables.items()}

    return NamedFigure(caption, drawn, None if group is None else draw)


def tables_of(data: xr.Dataset) -> dict[str, xr.Dataset]:
    """Return the data of a figure as tables, one for each set of dimensions, by the end of the names of their files.

    Variables over a part of a table's dimensions stand in it; in one table with the others, each of its rows would be
    repeated for each of theirs.

    Parameters
    ----------
    data : xarray.Dataset
        What a figure shows.

    Returns
    -------
    dict of str to xarray.Dataset
        The table of the first variable without an end, the others with the names of their dimensions.

    Examples
    --------
    >>> data = xr.Dataset({"a": (("x", "y"), [[1.0]]), "b": ("x", [2.0]), "c": ("z", [3.0, 4.0, 5.0])})
    >>> {end: list(table.data_vars) for end, table in tables_of(data).items()}
    {'': ['a', 'b'], '-z': ['c']}
    """
    tables: dict[tuple[Hashable, ...], list[Hashable]] = {}
    for name in sorted(data.data_vars, key=lambda each: -data[each].ndim):
        home = next((dims for dims in tables if set(data[name].dims) <= set(dims)), data[name].dims)
        tables.setdefault(home, []).append(name)
    if not tables:
        return {"": data}
    first = next(iter(data.data_vars))
    ordered = {dims: [name for name in data.data_vars if name in names] for dims, names in tables.items()}
    return {
        "" if first in names else "".join(f"-{each}" for each in dims): data[names] for dims, names in ordered.items()
    }

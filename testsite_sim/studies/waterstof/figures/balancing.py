"""The figure of balancing: what flexibility earns and costs, and the power that balances."""

import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from testsite_sim.report.style import DARK_BLUE, SKY_BLUE, TWO_COLUMNS, VERMILION, YELLOW, new_figure
from testsite_sim.studies.framework.report.numbers import thousands
from testsite_sim.studies.framework.words import Words, label
from testsite_sim.studies.waterstof.figures.frame import (
    MILLION,
    THOUSAND,
    frame,
    horizons,
    row_of,
    slanted_ticks,
    spread,
    whisker,
)

SERVICE_STYLE = {"day-ahead": (DARK_BLUE, ""), "imbalance": (SKY_BLUE, ""), "reserve": (YELLOW, "\\\\\\\\")}
WIDTH = 0.36


def draw_balancing(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw income by service next to the cost of every option, and the power that balances, in the cluster years."""
    periods = horizons(results)
    figure = new_figure(TWO_COLUMNS, 3.1)
    *panels, powers = figure.subplots(1, len(periods) + 1, squeeze=False)[0]
    rows: list[dict[str, object]] = []
    for axes, (horizon, period) in zip(panels, periods, strict=True):
        chosen = period.sel(year=int(period["cluster_year"]))
        rows += _incomes(axes, chosen, horizon, words)
        axes.set_title(words["heading.in_year"].format(year=int(period["cluster_year"])), fontsize=8)
    for axes in panels[1:]:
        axes.sharey(panels[0])
    panels[0].set_ylabel(words["axis.flexibility"])
    _, last = periods[-1]
    rows += _powers(powers, last.sel(year=int(last["cluster_year"])), str(results.attrs["scenario"]), words)
    powers.set_title(words["heading.in_year"].format(year=int(last["cluster_year"])), fontsize=8)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure, frame(rows)


def _incomes(axes: Axes, chosen: xr.Dataset, horizon: str, words: Words) -> list[dict[str, object]]:
    """Draw what every option earns by trading and by keeping ready, and what it costs; return the data."""
    rows: list[dict[str, object]] = []
    options = [str(name) for name in chosen["option"].to_numpy()]
    for place, option in enumerate(options):
        below = 0.0
        for service, (colour, hatch) in SERVICE_STYLE.items():
            found = spread(chosen["balancing_income"].sel(option=option, service=service), THOUSAND)
            apart = service == "reserve"
            axes.bar(
                place + (WIDTH if apart else 0.0) - WIDTH / 2.0,
                found[1],
                WIDTH,
                bottom=0.0 if apart else below,
                color=colour,
                hatch=hatch,
                edgecolor="#404040" if hatch else colour,
                linewidth=0.0,
                label=label(words, "service", service) if place == 0 else None,
            )
            below += 0.0 if apart else found[1]
            rows.append(row_of(found, horizon=horizon, option=option, quantity=service, units="EUR/kW/year"))
        cost = spread(chosen["balancing_cost"].sel(option=option), THOUSAND)
        whisker(axes, float(place), cost)
        axes.plot(
            place,
            cost[1],
            "D",
            color=VERMILION,
            markeredgecolor="black",
            markersize=5.0,
            linestyle="none",
            label=words["legend.balancing_cost"] if place == 0 else None,
        )
        rows.append(row_of(cost, horizon=horizon, option=option, quantity="cost", units="EUR/kW/year"))
    slanted_ticks(axes, [(float(place), label(words, "option", name)) for place, name in enumerate(options)])
    axes.grid(visible=False, axis="x")
    return rows


def _powers(axes: Axes, chosen: xr.Dataset, scenario: str, words: Words) -> list[dict[str, object]]:
    """Draw the power that balancing asks for and that earns its cost; return the data."""
    found = {
        "need": chosen["balancing_need"],
        "standing": chosen["balancing_standing"].sel(scenario=scenario),
        **{
            f"{name}-competing": chosen["balancing_competing"].sel(option=name)
            for name in ("electrolyser", "fuel-cell")
        },
        **{name: chosen["balancing_competing"].sel(option=name) for name in ("battery", "interconnector")},
    }
    rows: list[dict[str, object]] = []
    for place, (name, values) in enumerate(found.items()):
        amounts = spread(values, 1.0 / MILLION)
        axes.bar(place, amounts[1], 0.7, color=DARK_BLUE if "competing" in name or name == "standing" else SKY_BLUE)
        whisker(axes, float(place), amounts)
        rows.append(row_of(amounts, quantity=name, units="MW"))
    slanted_ticks(axes, [(float(place), words[f"balancing_part.{name}"]) for place, name in enumerate(found)])
    axes.set_ylabel(words["axis.balancing_power"])
    axes.yaxis.set_major_formatter(thousands)
    axes.set_ylim(0.0, None)
    axes.grid(visible=False, axis="x")
    return rows

"""Why an aim is missed, with the size of each reason: computed where it can be, else with its source."""

from pathlib import Path

import numpy as np
import pandas as pd

from tools.scorecard import hydrogen, sea, stations, zone
from tools.scorecard.hindcast import AS_PUBLISHED, OTHER, PROFILE, Hindcast
from tools.scorecard.measured import RAW, STATIONS
from tools.scorecard.page import REACHED, Rows, number
from tools.scorecard.statistics import monthly, scores
from tools.validation_pages import PAGES, marked, tables

HEAD = ["aim", "off by", "why"]


def reason_rows(aims: Rows, reasons: dict[str, str]) -> Rows:
    """Return the rows of the aims that are missed, each with its reason.

    Raises
    ------
    KeyError
        When an aim is missed and no reason is known.
    """
    return [[row[0], row[3].removeprefix("off by "), reasons[row[0]]] for row in aims if row[3] != REACHED]


def of_the_zone(found: Hindcast, data: Path) -> dict[str, str]:
    """Return why a period is not met as it should: what is unknown of the wind, and what no simulation could do."""
    year, capacity = zone.year_of(found), found.measured.period.capacity
    meter = zone.scored(found)
    by = {name: scores(power, meter, capacity) for name, power in found.power.items()}
    main, other = by[zone.MAIN], by[OTHER]
    models = [scores(power, meter, capacity).energy for power in found.models.values()]
    by_model = f"{zone.percent(min(models))} to {zone.percent(max(models))} by the wake model"
    near = scores(zone.nearest(found), meter, capacity)
    stations = ", ".join(f"{zone.percent(by[name].energy)} in the wind of {label}" for name, label in STATIONS.items())
    high = [each.quantile(0.995) / capacity for each in (meter.dropna(), found.power[zone.MAIN].where(meter.notna()))]
    energy = (
        f"at its 99.5 % quantile the meter gives {100.0 * high[0]:.1f} % of the rated power and the simulation "
        f"{100.0 * high[1]:.1f} % (there {100.0 * found.at_most[0]:.1f} % of the rated power waits for no repair, "
        f"and cables, transformers and curves leave {100.0 * found.at_most[1]:.1f} % of it); "
        f"over all hours the turbines are available for {100.0 * found.at_most[2]:.1f} % of the energy, where C-Power "
        f"published 94 and 97 % of its first year; {stations}; "
        f"{zone.percent(other.energy)} with the {OTHER} instead of `{PROFILE}`; "
        f"{zone.percent(by[RAW].energy)} with the breaks of the records; "
        f"{zone.percent(by[AS_PUBLISHED].energy)} with the winds hour by hour and at 10 m; "
        f"{by_model}: "
        "no measurement here decides between them"
    )
    hours = (
        f"60 hours of other months with the same wind at both stations, a fit to the meter, reach r {near.r:.3f} and "
        f"{100.0 * near.error:.1f} %; one station gives "
        + " and ".join(f"{by[name].r:.3f} and {100.0 * by[name].error:.1f} %" for name in STATIONS)
        + f"; r {main.r:.3f} and {100.0 * main.error:.1f} % are what wind 25 to 45 km away leaves to this simulation"
    )
    return {
        f"zone {year}, energy": energy,
        f"zone {year}, monthly scatter": _of_months(found, data, main.monthly, near.monthly),
        f"zone {year}, hourly r": hours,
        f"zone {year}, RMSE of capacity": hours,
    }


def _of_months(found: Hindcast, data: Path, scatter: float, near: float) -> str:
    """Return why months scatter: how the stations differ from what they usually do, and how that goes with errors."""
    usual, of_months = stations.ratios(stations.found(data)[1], found.measured.period)
    errors = monthly(found.power[zone.MAIN], zone.scored(found))["error"]
    both = pd.DataFrame({"error": errors, "ratio": of_months}).dropna()
    r = float(np.corrcoef(both["error"], both["ratio"])[0, 1])
    first, second = STATIONS.values()
    parts = ", ".join(f"{month.strftime('%b')} {100.0 * each:+.0f} %" for month, each in both["ratio"].items())
    return (
        f"of the scatter of {100.0 * scatter:.1f} % the stations hold a part: in {stations.UNMETERED_SAID} "
        f"{first} reads {100.0 * usual:+.0f} % against {second}, here, without breaks, {parts}, whose "
        f"correlation with the monthly errors is {r:+.2f}; the fit of the nearest hours scatters by "
        f"{100.0 * near:.1f} %"
    )


def of_coverage(centre: str) -> dict[str, str]:
    """Return why the ensemble does not cover, from the sentence on its middle and width."""
    return {"zone, metered months inside P10 to P90": centre.removeprefix("- ").rstrip(".")}


def of_hydrogen(cells: Rows, consumption: Rows, head: list[str]) -> dict[str, str]:
    """Return why cells and plants miss, from their tables."""
    refit = [number(each) for each in cells[-1][2:-1]]
    names = [each.split(" (")[0] for each in head[2:-1]]
    worst = int(np.argmax(refit))
    least = int(np.argmin(refit))
    found = {
        "alkaline cell on an electrolyser left out of its fit [V]": (
            f"{refit[worst]:.0f} mV on {names[worst]} and {refit[least]:.0f} mV on {names[least]}: the same "
            "model with four parameters of its own meets each set within 7 mV ([hydrogen](hydrogen.md)), so that no "
            "reading of a set is off: electrodes differ between makers, and a cell needs a curve of its own maker"
        )
    }
    status = next(row for row in consumption if hydrogen.STATUS in row[1])
    for row in consumption:
        found[f"{row[0]}, {row[1].split('(')[1].rstrip(')')}"] = (
            f"{row[2]} with auxiliaries and rectifier; {of_the_measured_cell()}: the indicator of "
            f"{row[1].split(' (')[0]} is a target for new plants, and this one is an electrolyser that stands; "
            f"against what is sold it is {status[3]} off, of {status[1]}"
            if row[0].startswith("`alkaline-9mw`")
            else f"{row[2]} with auxiliaries and rectifier; the indicator of {row[1]} is a target for new plants"
        )
    return found


def of_the_measured_cell() -> str:
    """Return what the cell of `alkaline-9mw` takes alone, as it was measured."""
    current, voltage, alone = hydrogen.measured_at_rated_load()
    return (
        f"its cell, as Sakas et al. (2022) measured it, has {voltage:.3f} V at {current:,.0f} A/m² when hot, which "
        f"alone is {alone:.1f} kWh/kg"
    )


def of_the_sea(campaigns: Rows, cases: Rows) -> dict[str, str]:
    """Return why campaigns and maintenance cases miss, from their tables."""
    outside = [f"{row[0]}, {row[1].split(' [')[0]} {row[4]}" for row in cases if row[4] != "within"]
    found = {
        "reference cases of maintenance within the models": (
            f"{len(outside)} of {len(cases)} outside: {'; '.join(outside)}. {of_scarce_crews()}"
        )
    }
    for row in campaigns:
        error, weather = sea.judged(row)
        text = f"{row[1]} days in the field; {error} in {weather}, {row[6]} in generated years"
        if row[0] == "Northwester 2":
            text += (
                "; the builders name exceptionally adverse weather, which that winter had, and a second vessel "
                "(windtech-international.com, en.portnews.ru of 15 April 2020), its owner the safety measures of an "
                "epidemic besides (nsenergybusiness.com), and dates of single turbines that would separate weather "
                "from technical stops could not be read"
            )
        if row[0] == "Norther":
            text += (
                "; its owner calls the campaign a record, of usually twice the time, and the durations of the Guide to "
                "an Offshore Wind Farm are not those of a record"
            )
        found[f"campaign of {row[0]}, median"] = text
    return found


def of_scarce_crews() -> str:
    """Return what the assumptions that the paper leaves open do to the cases outside, from the page of operations."""
    _, *lines = tables(marked((PAGES / "operations.md").read_text(encoding="utf-8"), "table of Dinwoodie"))[0]
    by = {row[0]: row for row in lines}
    share = {name: row[1].split()[0] for name, row in by.items()}
    technicians = number(by["no heavy lift"][6]) - number(by["no heavy lift"][4]) - number(by["no heavy lift"][5])
    crews = number(by["only manual-reset"][5])
    fixed = number(by["no heavy lift"][4]) + technicians + crews
    rest = "switch: fewer vessels, a stopped turbine does not wear"
    return (
        "Where crews are scarce one convention decides, which the paper does not state: failures that go on arriving "
        f"at turbines that stand still give {share['fewer vessels']} with fewer vessels, failures of the running time "
        f"alone {share[rest]}, and the models lie between ({by['fewer vessels'][3]}); with the second the base case "
        f"would be {share['switch: a stopped turbine does not wear']} and outside. Without heavy lifts parts "
        f"({by['no heavy lift'][4]}), technicians ({technicians:.2f}) and three crew-transfer vessels ({crews:.2f}) "
        f"alone cost {fixed:.2f} million, more than the models' {by['no heavy lift'][7]}, which were read off a chart; "
        f"field support adds {number(by['no heavy lift'][5]) - crews:.2f}"
    )

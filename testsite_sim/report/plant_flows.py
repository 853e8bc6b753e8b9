"""Where the energy of a hydrogen plant comes from and goes to, as ribbons from wind to use."""

import textwrap

import pandas as pd
import xarray as xr
from matplotlib.figure import Figure
from testsite_kernels.numerics.constants import LOWER_HEATING_VALUE

from testsite_sim.common.units import GIGAWATT_HOUR
from testsite_sim.output import number
from testsite_sim.report.magnitude import physical_scale
from testsite_sim.report.rates import rate
from testsite_sim.report.ribbons import draw_ribbons
from testsite_sim.report.style import DARK_BLUE, GREY, LIGHT_GREY, SKY_BLUE, TWO_COLUMNS, VERMILION, YELLOW, new_figure

NAMES = {
    "wind": "wind",
    "panels": "panels",
    "bought": "bought",
    "from fuel cell": "from the fuel cell",
    "by-product": "by-product hydrogen",
    "electricity": "electricity",
    "electrolysers": "electrolysers",
    "station": "station",
    "pipeline": "compressor of the pipeline",
    "battery": "battery, lost and kept",
    "sold": "sold",
    "curtailed": "curtailed",
    "hydrogen": "hydrogen",
    "cooling": "heat",
    "losses": "auxiliaries",
    "vehicles": "vehicles",
    "demand": "delivered",
    "fuel cell": "fuel cell",
    "kept": "kept, vented",
    "power": "electricity",
    "heat": "usable heat",
    "waste": "lost heat",
}
SMALL = 0.1  # of the largest flow: a fuel cell that takes less is not divided
DRAWN = 1e-4  # of the largest flow: a smaller one would be no line, and is written below the figure
ROUNDING = 1e-12  # of the largest flow: a difference that small is none
COLUMNS = (
    ("wind", "panels", "bought", "from fuel cell"),
    ("electricity",),
    ("sold", "curtailed", "station", "pipeline", "battery", "electrolysers", "by-product"),
    ("hydrogen", "cooling", "losses"),
    ("vehicles", "demand", "fuel cell", "kept"),
    ("power", "heat", "waste"),
)
COLOURS = {
    "wind": SKY_BLUE,
    "panels": YELLOW,
    "bought": GREY,
    "from fuel cell": VERMILION,
    "by-product": "#303030",
    "electricity": SKY_BLUE,
    "electrolysers": DARK_BLUE,
    "hydrogen": DARK_BLUE,
    "fuel cell": DARK_BLUE,
    "vehicles": DARK_BLUE,
    "demand": DARK_BLUE,
    "power": SKY_BLUE,
    "heat": VERMILION,
    "cooling": VERMILION,
    "waste": LIGHT_GREY,
    "losses": LIGHT_GREY,
    "curtailed": LIGHT_GREY,
    "sold": SKY_BLUE,
    "station": GREY,
    "pipeline": GREY,
    "battery": GREY,
    "kept": LIGHT_GREY,
}


def plant_flows(plant: xr.Dataset) -> pd.DataFrame:
    """Return the energy of a period between the parts of a plant: source, target, value [GWh].

    Hydrogen counts with its lower heating value. What enters a part leaves it: the difference is named, as losses, as
    lost heat, or as kept; a negative one was there before the period, and flows the other way.
    """

    def energy(name: str, factor: float = 1.0) -> float:
        return float(rate(plant, name).sum()) * float(plant.attrs["step"]) * factor / GIGAWATT_HOUR

    rows: list[tuple[str, str, float]] = [
        ("wind", "electricity", energy("power_wind")),
        ("panels", "electricity", energy("power_photovoltaics")),
        ("bought", "electricity", energy("power_imported") + energy("power_missing")),
        ("from fuel cell", "electricity", energy("power_fuel_cells")),
        ("electricity", "sold", energy("power_exported")),
        ("electricity", "curtailed", energy("power_curtailed")),
        ("electricity", "station", energy("power_station") + energy("power_compressor")),
        ("electricity", "pipeline", energy("power_pipeline")),
        ("electricity", "battery", energy("power_charged") - energy("power_discharged")),
        ("electricity", "electrolysers", energy("power_electrolysers")),
    ]
    made = energy("hydrogen_produced", LOWER_HEATING_VALUE)
    cooling = energy("heat_electrolysers")
    rows += [
        ("electrolysers", "hydrogen", made),
        ("electrolysers", "cooling", cooling),
        ("electrolysers", "losses", energy("power_electrolysers") - made - cooling),
    ]
    taken = energy("hydrogen_by_product", LOWER_HEATING_VALUE)
    used = {
        "vehicles": energy("hydrogen_dispensed", LOWER_HEATING_VALUE),
        "demand": energy("hydrogen_delivered", LOWER_HEATING_VALUE),
        "fuel cell": energy("hydrogen_to_fuel_cells", LOWER_HEATING_VALUE),
    }
    rows.append(("by-product", "hydrogen", taken))
    rows += [("hydrogen", name, value) for name, value in used.items()]
    rows.append(("hydrogen", "kept", made + taken - sum(used.values())))
    power, heat = energy("power_fuel_cells"), energy("heat_fuel_cells")
    if used["fuel cell"] >= SMALL * max(value for *_, value in rows):
        rows += [
            ("fuel cell", "power", power),
            ("fuel cell", "heat", heat),
            ("fuel cell", "waste", used["fuel cell"] - power - heat),
        ]
    if not any(value > 0.0 for source, _, value in rows if source in ("wind", "panels", "bought")):
        rows = [row for row in rows if "electricity" not in row[:2]]  # all of it comes from the fuel cell
    flows = pd.DataFrame(rows, columns=["source", "target", "value"])
    backwards = flows["value"] < 0.0
    flows.loc[backwards, ["source", "target"]] = flows.loc[backwards, ["target", "source"]].to_numpy()
    flows["value"] = flows["value"].abs()
    there: pd.DataFrame = flows[flows["value"] > ROUNDING * flows["value"].max()].reset_index(drop=True)
    return there


def drawn_flows(flows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the flows that a figure can show, and the others in words, each with its energy."""
    shown = flows["value"] > DRAWN * flows["value"].max()
    forwards = flows.apply(lambda row: _column(row["source"]) < _column(row["target"]), axis=1)
    others = [
        f"{NAMES[source]} to {NAMES[target]} {energy_text(value, 2)}"
        for source, target, value in flows[~(shown & forwards)].itertuples(index=False)
    ]
    return flows[shown & forwards].reset_index(drop=True), others


def energy_text(value: float, figures: int) -> str:
    """Return an energy [GWh] in the unit in which it is read.

    Examples
    --------
    >>> energy_text(0.07262, 3), energy_text(338.7, 3)
    ('72.6 MWh', '339 GWh')
    """
    factor, unit = physical_scale("GWh", value)
    return f"{number(factor * value, figures)} {unit}"


def _column(node: str) -> int:
    """Return in which column of the figure a node stands."""
    return next(number for number, column in enumerate(COLUMNS) if node in column)


def draw_plant_flows(results: xr.DataTree) -> tuple[Figure, xr.Dataset]:
    """Draw the energy of the period from its sources to its uses."""
    every = plant_flows(results["plant"].to_dataset())
    flows, others = drawn_flows(every)
    there = set(flows["source"]) | set(flows["target"])
    columns = [[node for node in column if node in there] for column in COLUMNS]
    columns = [column for column in columns if column]
    size = {
        node: float(max(flows[flows[end] == node]["value"].sum() for end in ("source", "target"))) for node in there
    }
    labels = {node: f"{NAMES[node]}\n{energy_text(size[node], 3)}" for node in there}
    figure = new_figure(TWO_COLUMNS, 3.6)
    axes = figure.add_subplot()
    if others:  # first, as the ribbons fill the room that it leaves
        figure.supxlabel(textwrap.fill(f"not drawn: {'; '.join(others)}", 120), fontsize=7)
    draw_ribbons(axes, flows, columns, COLOURS, labels)
    table = xr.Dataset.from_dataframe(every.rename_axis("flow"))
    table["value"].attrs["units"] = "GWh"
    return figure, table

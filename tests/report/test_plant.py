"""The figures of a hydrogen plant: what enters a part leaves it, and the week that is shown is a whole one."""

import numpy as np
import pytest
import xarray as xr

from tests.report.plants import by_product, fuel_cell, halle, tree
from tests.report.test_ribbons import check_labels
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.report.figures import figures_of, named_figures, tables_of
from testsite_sim.report.plant import SOURCES, STORES, USES, busiest_week, draw_fuel_cell
from testsite_sim.report.plant_flows import draw_plant_flows, drawn_flows, energy_text, plant_flows

WIND = 5e5 * (1.0 + np.sin(np.arange(1200) / 9.0))


@pytest.fixture(scope="module")
def whole() -> xr.DataTree:
    return tree(halle(), WIND, price=3e-8)


def test_what_enters_a_part_of_the_flows_leaves_it(whole: xr.DataTree) -> None:
    flows = plant_flows(whole["plant"].to_dataset())
    for node in ("electricity", "electrolysers", "hydrogen"):
        into = flows.loc[flows["target"] == node, "value"].sum()
        out = flows.loc[flows["source"] == node, "value"].sum()
        assert into == pytest.approx(out, rel=1e-9), node


def test_a_flow_too_small_to_be_drawn_is_in_the_data_and_named(whole: xr.DataTree) -> None:
    hydrogen = whole["plant"].to_dataset()
    share = 1e-5 * float(hydrogen["power_wind"].sum()) / hydrogen["power_photovoltaics"].size
    little = hydrogen.assign(power_photovoltaics=xr.full_like(hydrogen["power_photovoltaics"], share))
    flows = plant_flows(little)
    assert "panels" in set(flows["source"])
    drawn, others = drawn_flows(flows)
    assert "panels" not in set(drawn["source"])
    energy = flows.loc[flows["source"] == "panels", "value"].sum()
    assert f"panels to electricity {energy_text(energy, 2)}" in others
    figure, table = draw_plant_flows(xr.DataTree.from_dict({"plant": little}))
    assert f"panels to electricity {energy_text(energy, 2)}" in " ".join(figure.get_supxlabel().split())
    assert table.sizes["flow"] == len(flows) == len(drawn) + len(others)
    check_labels(figure)


def test_a_battery_that_gives_more_than_it_takes_flows_the_other_way(whole: xr.DataTree) -> None:
    hydrogen = whole["plant"].to_dataset()
    emptied = hydrogen.assign(power_discharged=hydrogen["power_charged"] + 100.0)
    flows = plant_flows(emptied)
    back = flows[(flows["source"] == "battery") & (flows["target"] == "electricity")]
    assert back["value"].item() == pytest.approx(100.0 * hydrogen.sizes["time"] * hydrogen.attrs["step"] / 3.6e12)
    assert (flows["value"] > 0.0).all()
    assert any(text.startswith("battery") for text in drawn_flows(flows)[1])


def test_a_fuel_cell_on_by_product_alone_is_drawn_without_a_bus_of_electricity() -> None:
    plant = PlantConfiguration(by_product=by_product(), fuel_cells=(fuel_cell(),))
    flows = plant_flows(tree(plant, 0.0 * WIND, by_product=0.01)["plant"].to_dataset())
    assert set(flows["source"]) == {"by-product", "hydrogen", "fuel cell"}
    assert {"power", "heat", "waste"} <= set(flows["target"])


def test_every_figure_has_its_data_and_only_what_there_is_is_drawn(whole: xr.DataTree) -> None:
    names = figures_of(whole)
    assert {"plant-flows", "dispatch-week", "plant-months", "plant-life", "fuel-cell", "store", "station"} <= set(names)
    for name in ("dispatch-week", "plant-months", "plant-life", "fuel-cell", "plant-flows"):
        figure, table = names[name][0](whole)
        assert figure.axes, name
        assert table.sizes, name
    alone = figures_of(
        tree(PlantConfiguration(by_product=by_product(), refuelling=halle().refuelling), 0.0 * WIND, by_product=0.01)
    )
    assert {"store", "fuel-cell", "plant-life"}.isdisjoint(alone)


def test_a_week_is_drawn_of_what_there_is_and_not_of_a_plant_without_power_and_store(whole: xr.DataTree) -> None:
    def labels(results: xr.DataTree) -> list[str]:
        return [axes.get_ylabel().split()[0] for axes in figures_of(results)["dispatch-week"][0](results)[0].axes]

    def zero(*layers: tuple[str, str, str, str]) -> xr.DataTree:
        plant = whole["plant"].to_dataset()
        none = {name: xr.zeros_like(plant[name]) for name, *_ in layers if name in plant}
        return xr.DataTree.from_dict({"plant": plant.assign(none)})

    assert labels(whole) == ["from", "to", "hydrogen"]
    assert labels(zero(*STORES)) == ["from", "to"]
    assert labels(zero(*SOURCES, *USES)) == ["hydrogen"]
    assert "dispatch-week" not in figures_of(zero(*SOURCES, *USES, *STORES))


def test_a_fuel_cell_that_gives_no_heat_is_drawn_without_it(whole: xr.DataTree) -> None:
    for heat, expected in ((0.0, ["electrical"]), (1e3, ["electrical", "with usable heat"])):
        plant = whole["plant"].to_dataset()
        plant["heat_fuel_cells"] = heat * (plant["power_fuel_cells"] > 0.0)
        figure, table = draw_fuel_cell(xr.DataTree.from_dict({"plant": plant}))
        texts = [text.get_text() for axes in figure.axes if axes.get_legend() for text in axes.get_legend().get_texts()]
        assert texts == expected
        assert "total_efficiency" in table


def test_the_data_of_a_figure_with_several_axes_are_a_table_for_each_and_no_product_of_them(whole: xr.DataTree) -> None:
    _, data = figures_of(whole)["station"][0](whole)
    tables = tables_of(data)
    assert list(tables) == ["", "-hour", "-waiting", "-part"]
    for table in tables.values():
        assert len(table.to_dataframe()) == max(table[name].size for name in table.data_vars)
    assert sorted(name for table in tables.values() for name in table.data_vars) == sorted(data.data_vars)
    _, texts = named_figures(whole)["station"].draw()
    assert texts["-hour"].splitlines()[0] == "hour,requested,dispensed"
    assert len(texts["-hour"].splitlines()) == 25


def test_the_week_shown_begins_at_midnight_and_lasts_seven_days(whole: xr.DataTree) -> None:
    week = busiest_week(whole["plant"].to_dataset())
    assert week.sizes["time"] == 168
    assert week["time"].dt.hour[0] == 0
    missing = {name for name, *_ in (*SOURCES, *USES)} - set(week.data_vars)
    assert missing <= {"power_pipeline"}  # which this plant does not have

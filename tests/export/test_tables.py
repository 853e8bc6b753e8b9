"""The tables of a run hold what its results hold, in the units that people read."""

import numpy as np
import pytest
import xarray as xr

import testsite_sim as ts
from testsite_sim.common.units import MEGAWATT_HOUR
from testsite_sim.export import Exported, compared, tables_of
from testsite_sim.export.tables import chosen


def test_every_variable_of_the_results_stands_in_one_table(shipped_run: ts.Run) -> None:
    tables = tables_of(shipped_run.exported)
    for node in shipped_run.results.subtree:
        path = node.path.strip("/").replace("/", "-")
        if not node.variables:
            continue
        for name, variable in node.to_dataset(inherit=False).data_vars.items():
            table = next(t for t in tables if t.name == "-".join([path, *map(str, variable.dims)]))
            if variable.ndim:
                assert len(table.frame) == variable.size, name
                assert name in table.frame
            else:
                assert name in set(table.frame["variable"])


def test_energy_is_in_megawatt_hours_and_units_stand_in_the_columns(shipped_run: ts.Run) -> None:
    table = next(t for t in tables_of(shipped_run.exported) if t.name == "wind-turbine")
    energy = shipped_run.results["wind"]["energy"].to_numpy() / MEGAWATT_HOUR
    np.testing.assert_allclose(table.frame["energy"], energy, rtol=1e-12)
    assert {column.name: column.units for column in table.columns}["energy"] == "MWh"
    assert list(table.frame.columns) == [column.name for column in table.columns]


def test_durations_are_in_hours_and_the_rest_is_as_it_was() -> None:
    data = xr.Dataset(
        {"waiting": ("phase", [7200.0, 1800.0], {"units": "s"}), "depth": ("phase", [20.0, 30.0], {"units": "m"})},
        coords={"test_time": ("phase", [3600.0, 0.0], {"units": "s"})},
    )
    (table,) = tables_of(Exported("t", {}, xr.DataTree.from_dict({"sea": data})))[1:]
    assert {column.name: column.units for column in table.columns[1:]} == {
        "test_time": "h",
        "waiting": "h",
        "depth": "m",
    }
    assert table.frame["waiting"].tolist() == [2.0, 0.5]
    assert table.frame["depth"].tolist() == [20.0, 30.0]
    assert data["waiting"].attrs["units"] == "s"


def test_the_summary_and_every_assumption_with_its_source_come_first(shipped_run: ts.Run) -> None:
    summary, assumptions = tables_of(shipped_run.exported)[:2]
    assert list(summary.frame["figure"]) == list(shipped_run.summary)
    row = assumptions.frame.set_index("parameter").loc["plant.electrolysers.0.cost.capital"]
    assert row["value"] == "900 EUR/kW"
    assert "indicator table" in row["source"]


def test_two_runs_differ_in_what_was_changed_alone(shipped_run: ts.Run, linear_run: ts.Run) -> None:
    table, differing = compared([shipped_run.exported, linear_run.exported])
    assert {"difference", "relative difference", "units", "description"} <= set(table.frame)
    assert "plant.electrolysers.0.minimum_load" in set(differing.frame["parameter"])
    assert "plant.electrolysers.0.cost.capital" not in set(differing.frame["parameter"])
    with pytest.raises(ts.ConfigurationError, match="found one run"):
        compared([shipped_run.exported])


def test_an_unknown_table_is_refused_with_the_nearest_name(shipped_run: ts.Run) -> None:
    with pytest.raises(ts.ConfigurationError, match="Nearest: summary"):
        chosen(tables_of(shipped_run.exported), ["sumary"])


def test_what_every_draw_of_a_study_gave_is_exported_by_name_alone(shipped_run: ts.Run) -> None:
    import xarray as xr

    draws = xr.Dataset({"price": (("member", "year"), np.ones((2, 3)), {"units": "EUR kg-1"})})
    tree = xr.DataTree.from_dict({"study": draws, "percentiles": draws.rename(member="percentile")})
    tables = tables_of(Exported("a study", {}, tree))
    kept, left = chosen(tables, [])
    assert [t.name for t in left] == ["study-member-year"]
    assert [t.name for t in kept] == ["summary", "percentiles-percentile-year"]
    assert [t.name for t in chosen(tables, ["study-member-year"])[0]] == ["study-member-year"]

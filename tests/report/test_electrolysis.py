"""Figures of electrolysis stacks."""

import matplotlib
import numpy as np
import pytest
import xarray as xr

from testsite_sim.report.electrolysis import draw_polarisation, draw_stack_degradation
from testsite_sim.report.style import SETTINGS, save


@pytest.fixture(autouse=True)
def look():
    with matplotlib.rc_context(SETTINGS):
        yield


def stacks(count):
    current = np.linspace(200.0, 2e4, 50)
    years = np.arange(1, 11)
    rise = np.tile(((years * 0.03) % 0.19)[:, None], (1, count))
    renewed = np.diff(np.vstack([np.zeros(count), rise]), axis=0) < 0.0
    return xr.Dataset(
        {
            "voltage": ("current_density", 1.5 + current / 5e4),
            "voltage_worn": ("current_density", 1.7 + current / 5e4),
            "efficiency": ("current_density", 0.7 - current / 2e5),
            "efficiency_worn": ("current_density", 0.65 - current / 2e5),
            "time_at_current": ("current_density", np.full(50, 3.6e6)),
            "voltage_rise": (("year", "stack"), rise),
            "replacements": (("year", "stack"), renewed.astype(float)),
            "hydrogen_share": ("year", 1.0 - rise[:, 0] / 2.5),
        },
        coords={"current_density": current, "year": years, "stack": np.arange(count)},
        attrs={"end_of_life": 0.19},
    )


def test_the_polarisation_shows_new_and_worn_over_the_time_at_each_current(tmp_path):
    figure, table = draw_polarisation(stacks(3))
    assert len(figure.axes) == 4
    assert set(table.dims) == {"current_density"}
    assert len(table.to_dataframe()) == 50
    assert save(figure, tmp_path, "polarisation", ["svg"])[0].stat().st_size > 5000


@pytest.mark.parametrize("count", [3, 30])
def test_every_replacement_is_marked(count, tmp_path):
    figure, _ = draw_stack_degradation(stacks(count))
    above = figure.axes[0]
    if count == 3:
        marks = [line for line in above.lines if line.get_marker() == "v"]
        assert sum(line.get_xdata().size for line in marks) == 3  # each of the three once
    else:
        assert above.patches
    assert save(figure, tmp_path, "wear", ["png"])[0].stat().st_size > 5000


def test_stacks_that_do_not_age_have_no_limit():
    one = stacks(2).assign_attrs(end_of_life=np.inf)
    figure, _ = draw_stack_degradation(one)
    assert all(line.get_linestyle() != ":" for line in figure.axes[0].lines)

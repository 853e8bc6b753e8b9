"""What the labels of results mean: the long names of coordinates, which several steps share, each once.

A variable of a step is described where it is made.
"""

import xarray as xr

LONG_NAMES = {
    "account_year": "calendar year of the accounts",
    "advantage": "advantage of a lead market",
    "advantage_computed": "whether the advantage is computed, not assessed",
    "application": "application of hydrogen",
    "assumption": "assumption that is drawn, by its path in the configuration",
    "berth": "berth of the test site",
    "buyer": "part of the value chain that buys",
    "cash_item": "item of the cash flow",
    "cluster_year": "calendar year of the cluster that stands for the horizon",
    "combination": "fleets of the lead cluster, together",
    "component": "part of the plant",
    "electrolyser": "electrolyser",
    "farm": "wind farm",
    "farm_year": "calendar year in which the farm was commissioned",
    "fleet": "fleet: before or after the failures that the test removed",
    "fuel_cell": "fuel cell",
    "headline": "output that is ranked",
    "height": "height above the ground or the sea",
    "horizon": "horizon of the study",
    "horizon_end": "last calendar year of the horizon",
    "horizon_of_year": "horizon that the year belongs to",
    "horizon_start": "first calendar year of the horizon",
    "hour": "hour of the day, UTC",
    "incumbent": "technology that hydrogen competes with",
    "market": "market",
    "market_of_application": "market that the application belongs to",
    "mean_wind_speed": "mean of the Rayleigh distribution of wind speed",
    "mechanism": "mechanism by which the test site adds value",
    "member": "number of the draw",
    "milestone": "milestone of the roadmap",
    "observation": "what was observed",
    "observed_year": "calendar year of the observation",
    "participant": "participant in the cluster",
    "percentile": "percentile over the members",
    "phase": "phase of the work",
    "place": "place of the work",
    "plant": "plant whose year the chain simulates",
    "plant_owner": "owner of the plant",
    "plant_place": "place of the plant",
    "plant_scenario": "scenario that simulates the plant",
    "plant_source": "source of what is known of the plant",
    "plant_year": "calendar year in which the plant opens",
    "public_item": "item of the public budget",
    "scenario": "scenario of the study",
    "segment": "segment of the value chain",
    "service_unit": "unit of the service that the application gives",
    "source": "supply of hydrogen",
    "stack": "number of the stack",
    "start": "number of the start",
    "support": "instrument of support",
    "task": "maintenance task",
    "task_vessel": "class of vessel that does the task",
    "thrust_source": "where the thrust curve is from",
    "time": "time, UTC",
    "turbine_type": "type of the turbine",
    "vessel": "class of vessels",
    "wave_limit": "limit of the significant wave height for the operation",
    "wind_limit": "limit of the wind speed for the operation",
    "year": "calendar year, or year of the project from 0 on",
    "year_cut_off": "start years whose campaigns the end of the record cuts off",
}


def described(dataset: xr.Dataset) -> xr.Dataset:
    """Return a Dataset whose coordinates all carry a `long_name`; one that has its own keeps it."""
    result = dataset.copy()
    for name, coordinate in result.coords.items():
        if "long_name" not in coordinate.attrs and str(name) in LONG_NAMES:
            result[name].attrs["long_name"] = LONG_NAMES[str(name)]
    return result

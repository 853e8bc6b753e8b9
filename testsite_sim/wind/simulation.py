"""The step of wind: a farm, its inflow and what acts on it in; its power and the energy after each loss out."""

from collections.abc import Hashable
from typing import Any

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.arguments import instance_of
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.time_axis import step_seconds
from testsite_sim.wind.curve_losses import AfterLosses
from testsite_sim.wind.energy import loss_to_wakes
from testsite_sim.wind.farm import Farm, turbine_coordinates
from testsite_sim.wind.farm_flow import BLOCKAGES
from testsite_sim.wind.farm_table import FarmTable
from testsite_sim.wind.flow import ExactFlow, Flow
from testsite_sim.wind.mechanisms import CURVE_LOSSES, FLOW_MECHANISMS, MECHANISMS, Mechanisms
from testsite_sim.wind.models import wake_model
from testsite_sim.wind.tabulated import TabulatedFlow
from testsite_sim.wind.yaw import same_yaw

ABOUT_DELIVERED = {"units": "W", "long_name": "power of the farm at its connection"}
SENSITIVITY_STEP = 0.01  # of the wind speed, up and down
WEAKER_AND_STRONGER = (1.0 - SENSITIVITY_STEP, 1.0 + SENSITIVITY_STEP)


def simulate(
    farm: Farm,
    inflow: xr.Dataset,
    mechanisms: Mechanisms | None = None,
    *,
    table: FarmTable | None = None,
    sensitivity: bool = False,
    groups: tuple[str, ...] = (),
    workers: int | None = None,
    running: xr.Dataset | None = None,
    each_turbine: bool = True,
) -> xr.Dataset:
    """Simulate a farm in a series of undisturbed winds, with all that keeps it from giving its gross energy.

    Parameters
    ----------
    farm : Farm
        The turbines.
    inflow : xarray.Dataset, dims (time,), (time, turbine) or (time, height)
        As in `simulate_farm`, in the order of time and without power_limit; or wind_speed, wind_direction and
        air_density at the hub heights of the farm: the direction is then that of the level nearest to its mean hub.
        What its yaw, or that of the farm, takes of the turbines themselves counts as lost to wakes.
    mechanisms : Mechanisms, optional
        What acts; None: nothing, the turbines stand alone and always run.
    table : FarmTable, optional
        Read the flow from the table of the farm (`tabulate_farm`) instead of simulating it: a hundred times as fast.
        Wakes, neighbours and blockage are then those that the table was made with; the inflow is over (time, height),
        and a yaw that of the farm, by sectors.
    sensitivity : bool
        Whether to find how the energy answers to the wind speed, by two more flows.
    groups : tuple of str
        The farms of the zone, as `farm.farms` names them, of which each has its own power at the connection; none:
        they are one.
    workers : int, optional
        Threads; None: one a processor. They change no bit.
    running : xarray.Dataset, optional
        What `power_at_connection` gave of the same, without a table: it is not simulated again.
    each_turbine : bool
        Whether the power, the energy and the yaw of every turbine are asked for: of a table, what they take is most of
        the memory.

    Returns
    -------
    xarray.Dataset, dims (time, turbine, mechanism)
        power (time, turbine) [W], all turbines running; power_delivered (time) [W] at the connection; energy,
        energy_without_wakes (turbine) [J], flow_loss (turbine) [1]; energy_after (mechanism) [J], what each mechanism
        and those before it leave, from `gross` on; availability_energy, electrical_loss () [1]; energy_sensitivity ()
        [1], relative change of the energy over that of the wind speed; with `groups`, power_delivered_of_farm
        (time, group) [W]; where turbines are turned out of the wind, yaw (time, turbine) [degree]. Attribute `step`
        [s].

    Raises
    ------
    ConfigurationError
        As `Mechanisms` and `simulate_farm`; when the table is that of another farm.
    DataError
        As `simulate_farm`; when the stamps do not rise at a constant step, or the inflow has a power_limit.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> from testsite_sim import wind
    >>> turbine = wind.Turbine("even", 100.0, 90.0, [3.0, 12.0, 25.0], [0.0, 3e6, 3e6], [0.8, 0.8, 0.1])
    >>> farm = wind.Farm([0.0, 600.0], [0.0, 0.0], turbine)
    >>> hours = np.datetime64("2024-01-01", "ns") + np.arange(2) * np.timedelta64(1, "h")
    >>> winds = {"wind_speed": ("time", [9.0, 9.0]), "wind_direction": ("time", [270.0, 0.0])}
    >>> inflow = xr.Dataset(winds, coords={"time": hours})
    >>> found = wind.simulate(farm, inflow, wind.Mechanisms(wakes="bastankhah", availability=0.95, electrical=0.02))
    >>> found["energy_after"].sel(mechanism=["gross", "wakes", "electrical"]).values.round(-8) / 1e9
    array([28.8, 25.6, 23.9])
    """
    instance_of(farm, Farm, "simulate", "a Farm")
    acting = Mechanisms() if mechanisms is None else mechanisms
    instance_of(acting, Mechanisms, "simulate", "Mechanisms, for example `Mechanisms(wakes=…)` of a wake model")
    if not isinstance(inflow, xr.Dataset) or "time" not in inflow.coords:
        raise DataError("inflow: has no coordinate time; expected an xarray.Dataset with rising stamps.")
    if "power_limit" in inflow:
        raise DataError("inflow: power_limit is none of the mechanisms; leave it out, or call `simulate_farm`.")
    step = step_seconds(inflow["time"], "wind", "the inflow")
    flow: Flow = ExactFlow(farm, inflow, acting, step, workers, groups)
    if table is not None:
        instance_of(table, FarmTable, "simulate", "a table, as `tabulate_farm` makes it")
        if table.farm.names != farm.names or len(table.farm.turbines) != len(farm.turbines):
            raise ConfigurationError("simulate: the table is that of another farm; make it anew by `tabulate_farm`.")
        if not same_yaw(table.farm.yaw, farm.yaw):
            raise ConfigurationError("simulate: the table is that of another yaw; make it anew by `tabulate_farm`.")
        winds = WEAKER_AND_STRONGER if sensitivity else ()
        flow = TabulatedFlow(farm, inflow, acting, step, table, groups, each_turbine, winds)
    alone = flow.energy_alone
    after = {"gross": float(alone.sum())}
    after |= {name: flow.energy_after(name) for name in FLOW_MECHANISMS}
    operating = flow.operating if running is None else _found_operating(running, inflow, farm, groups)
    delivered, of_farms = _delivered(farm, operating, acting)
    weighted = float(operating.total[:, 0].sum()) / max(flow.total_power, 1e-300)
    left = after["availability"] = after["blockage"] * weighted
    at_curve = operating.total.sum(axis=0)
    for n, name in enumerate(CURVE_LOSSES):
        left *= float(at_curve[n + 1]) / max(float(at_curve[n]), 1e-300)
        after[name] = left
    after["regulatory_curtailment"] = left * (1.0 - float(acting.regulatory_curtailment))
    held = float(at_curve[-1]) * (1.0 - float(acting.regulatory_curtailment))
    after["electrical"] = float(delivered.sum()) * step
    lost = 1.0 - float(delivered.sum()) / max(held, 1e-300)
    found: dict[Hashable, Any] = {
        "power_delivered": ("time", delivered, ABOUT_DELIVERED),
        "availability_energy": ((), weighted, {"units": "1", "long_name": "availability weighted by power"}),
        "electrical_loss": ((), lost, {"units": "1", "long_name": "loss from the turbines to the connection"}),
        "energy_after": (
            "mechanism",
            [after[name] for name in ("gross", *MECHANISMS)],
            {"units": "J", "long_name": "energy that a mechanism and those before it leave"},
        ),
        "mechanism": (
            "mechanism",
            ["gross", *MECHANISMS],
            {"long_name": "mechanism of loss, in the order of the losses"},
        ),
    }
    found |= _of_groups(of_farms, groups)
    if each_turbine and (farm.yaw is not None or "yaw" in inflow) and flow.yaw is not None:
        found["yaw"] = flow.yaw.variable
    if sensitivity:
        found["energy_sensitivity"] = _sensitivity(flow, flow.total_power).variable
    if each_turbine:
        result = _described(flow.power.to_dataset(name="power"), alone, step).assign(found)
    else:
        result = xr.Dataset(coords=farm.coordinates).assign({"time": inflow["time"]} | found)
    about_models = {"wake_model": wake_model(acting.wakes).source, "blockage": BLOCKAGES[acting.blockage]}
    return result.assign_attrs(about_models, step=step)


def energy_sensitivity(
    farm: Farm, inflow: xr.Dataset, mechanisms: Mechanisms, power: Floats, *, workers: int | None = None
) -> xr.DataArray:
    """Return how the energy answers to the wind speed, of a farm that `simulate` simulated without it.

    Parameters
    ----------
    farm, inflow, mechanisms, workers
        As in `simulate`.
    power : ndarray, shape (time, turbine)
        The power [W] that `simulate` gave.

    Returns
    -------
    xarray.DataArray, dims ()
        Its `energy_sensitivity` [1]: relative change of the energy over that of the wind speed, by two more flows.

    Raises
    ------
    ConfigurationError, DataError
        As `simulate`.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> from testsite_sim import wind
    >>> turbine = wind.Turbine("even", 100.0, 90.0, [3.0, 12.0, 25.0], [0.0, 3e6, 3e6], [0.8, 0.8, 0.1])
    >>> hours = np.datetime64("2024-01-01", "ns") + np.arange(2) * np.timedelta64(1, "h")
    >>> winds = {"wind_speed": ("time", [9.0, 9.0]), "wind_direction": ("time", [270.0, 0.0])}
    >>> inflow, farm = xr.Dataset(winds, coords={"time": hours}), wind.Farm([0.0], [0.0], turbine)
    >>> power = wind.simulate(farm, inflow)["power"].values
    >>> round(float(wind.energy_sensitivity(farm, inflow, wind.Mechanisms(), power)), 6)  # 9 / (9 - 3)
    1.5
    """
    instance_of(farm, Farm, "energy_sensitivity", "a Farm")
    instance_of(mechanisms, Mechanisms, "energy_sensitivity", "Mechanisms")
    step = step_seconds(inflow["time"], "wind", "the inflow")
    return _sensitivity(ExactFlow(farm, inflow, mechanisms, step, workers), float(power.sum()))


def power_at_connection(
    farm: Farm,
    inflow: xr.Dataset,
    mechanisms: Mechanisms,
    *,
    groups: tuple[str, ...] = (),
    workers: int | None = None,
) -> xr.Dataset:
    """Simulate the power of a farm at its connection alone: one flow, where `simulate` needs one for each loss.

    Parameters
    ----------
    farm, inflow, mechanisms, groups, workers
        As in `simulate`.

    Returns
    -------
    xarray.Dataset, dims (time, turbine)
        power_delivered (time) [W] and, with `groups`, power_delivered_of_farm (time, group) [W], as of `simulate`;
        what `simulate` takes of it: power_operating (time, curve_loss) [W], of the farm before the losses that act on
        the curves and after each, and power_operating_of_farm (time, part) [W], after all of them. Attribute `step`
        [s].

    Raises
    ------
    ConfigurationError, DataError
        As `simulate`.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> from testsite_sim import wind
    >>> turbine = wind.Turbine("even", 100.0, 90.0, [3.0, 12.0, 25.0], [0.0, 3e6, 3e6], [0.8, 0.8, 0.1])
    >>> hours = np.datetime64("2024-01-01", "ns") + np.arange(2) * np.timedelta64(1, "h")
    >>> winds = {"wind_speed": ("time", [9.0, 12.0]), "wind_direction": ("time", [270.0, 0.0])}
    >>> inflow, farm = xr.Dataset(winds, coords={"time": hours}), wind.Farm([0.0], [0.0], turbine)
    >>> found = wind.power_at_connection(farm, inflow, wind.Mechanisms(electrical=0.02))
    >>> found["power_delivered"].values / 1e6
    array([1.96, 2.94])
    """
    instance_of(farm, Farm, "power_at_connection", "a Farm")
    instance_of(mechanisms, Mechanisms, "power_at_connection", "Mechanisms")
    step = step_seconds(inflow["time"], "wind", "the inflow")
    operating = ExactFlow(farm, inflow, mechanisms, step, workers, groups).operating
    delivered, of_farms = _delivered(farm, operating, mechanisms)
    about = {"units": "W", "long_name": "power of the turbines that run, before and after the losses on their curves"}
    found = xr.Dataset(
        {
            "power_delivered": ("time", delivered, ABOUT_DELIVERED),
            "power_operating": (("time", "curve_loss"), operating.total, about),
            "power_operating_of_farm": (("time", "part"), operating.by_group, about),
        },
        coords={"time": inflow["time"], **turbine_coordinates(farm)},
        attrs={"step": step},
    )
    return found.assign(_of_groups(of_farms, groups))


def _found_operating(found: xr.Dataset, inflow: xr.Dataset, farm: Farm, groups: tuple[str, ...]) -> AfterLosses:
    """Return the power of the farm before and after the losses on its curves, found before."""
    hours = inflow.sizes["time"]
    shapes = {
        "power_operating": (hours, len(CURVE_LOSSES) + 1),
        "power_operating_of_farm": (hours, len(groups or ("",))),
    }
    fits = isinstance(found, xr.Dataset) and found.sizes.get("turbine") == len(farm.turbines)
    if not fits or any(name not in found or found[name].shape != shape for name, shape in shapes.items()):
        raise DataError("simulate: running is not what `power_at_connection` gives of this farm in this inflow.")
    return AfterLosses(*(found[name].to_numpy() for name in shapes))


def _of_groups(of_farms: Floats, groups: tuple[str, ...]) -> dict[Hashable, Any]:
    """Return the power of each farm of a zone [W] as variables; none where they are one."""
    if not groups:
        return {}
    text = "power of a farm at the connection, which bears the losses of the cables by its share"
    return {
        "power_delivered_of_farm": (("time", "group"), of_farms, {"units": "W", "long_name": text}),
        "group": ("group", list(groups), {"long_name": "farm of the zone"}),
    }


def _delivered(farm: Farm, found: AfterLosses, acting: Mechanisms) -> tuple[Floats, Floats]:
    """Return the power at the connection (time,) and that of each group (time, group) [W]."""
    held = found.total[:, -1] * (1.0 - float(acting.regulatory_curtailment))
    delivered = acting.after_cables(held, float(farm.per_turbine("rated_power").sum()))
    part = np.divide(delivered, found.total[:, -1], out=np.zeros_like(held), where=found.total[:, -1] > 0.0)
    return delivered, found.by_group * part[:, None]


def _described(power: xr.Dataset, alone: Floats, step: float) -> xr.Dataset:
    """Return the power of the turbines with the energy of each, standing alone and with wakes [J]."""
    energy = power["power"].to_numpy().sum(axis=0) * step
    loss = loss_to_wakes(energy, alone)
    return power.assign(
        energy=("turbine", energy, {"units": "J", "long_name": "energy of the turbine, with wakes"}),
        energy_without_wakes=("turbine", alone, {"units": "J", "long_name": "energy of the turbine standing alone"}),
        flow_loss=("turbine", loss, {"units": "1", "long_name": "energy lost to all wakes, blockage and storms"}),
    )


def _sensitivity(flow: Flow, total: float) -> xr.DataArray:
    """Return the relative change of the energy over that of the wind speed [1]; of no energy, 0."""
    low, high = (flow.power_in_wind(factor) for factor in WEAKER_AND_STRONGER)
    found = (high - low) / total / (2.0 * SENSITIVITY_STEP) if total > 0.0 else 0.0
    about = {"units": "1", "long_name": "relative change of the energy over that of the wind speed"}
    return xr.DataArray(found, attrs=about)

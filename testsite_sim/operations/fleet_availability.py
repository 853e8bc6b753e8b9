"""Availability of a fleet for the chain: a weather record and a maintenance configuration in, (time, turbine) out."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from testsite_sim.common.errors import DataError
from testsite_sim.common.remembering import Remembered, digest_of
from testsite_sim.configuration.climate import Climate
from testsite_sim.configuration.maintenance import Maintenance
from testsite_sim.operations.maintenance import maintenance_history
from testsite_sim.operations.maintenance_tables import Workable, maintenance_tables
from testsite_sim.operations.metocean import generate_waves
from testsite_sim.operations.sea_state import SeaState, sea_of_series, sea_state, working_wind

_WAVES: Remembered[xr.Dataset] = Remembered(1)  # of a run, whose bases are checked and simulated in the same sea


def fleet_availability(
    record: xr.Dataset,
    maintenance: Maintenance,
    turbines: Sequence[str],
    *,
    climate: Climate | None = None,
    power: xr.DataArray | None = None,
    seed: int = 0,
    member: int = 0,
    burn_in: float = 0.0,
    log: bool = True,
) -> xr.Dataset:
    """Simulate maintenance on the chain's own weather.

    A record without waves gets them from the climate, so that they follow its wind.

    Parameters
    ----------
    record : xarray.Dataset, dims (time, height, …)
        Weather; wind_speed and, if it has them, significant_wave_height.
    maintenance : Maintenance
        Tasks, vessels, crews.
    turbines : sequence of str
        Their names.
    climate : Climate, optional
        Of the waves, where the record has none.
    power : xarray.DataArray, dims (time, turbine), optional
        What each turbine would produce [W], for the energy lost.
    seed, member : int
        Root seed and number of the replica.
    burn_in : float
        For how long the fleet is simulated before the record [s], as in `simulate_maintenance`.
    log : bool
        Whether to keep the log of events.

    Returns
    -------
    xarray.Dataset
        As `maintenance_history`: availability (time, turbine), the event log; with availability_time and, where the
        power is given, availability_energy () [1].

    Raises
    ------
    DataError
        When neither the record nor a climate gives waves, or power does not fit.
    """
    sea = sea_of(record, climate, seed, member)
    watts = None
    if power is not None:
        watts = np.ascontiguousarray(power.transpose("turbine", "time").to_numpy())
        if watts.shape != (len(turbines), sea.time.size):
            raise DataError(
                f"availability: power has the shape {watts.shape}; expected ({len(turbines)}, {sea.time.size}), "
                "turbines and steps of the record."
            )
    history = maintenance_history(
        maintenance, sea, len(turbines), seed=seed, member=member, names=turbines, burn_in=burn_in, log=log
    )
    share = history["availability"]
    about = {"units": "1", "long_name": "time-based availability"}
    history["availability_time"] = ((), float(share.to_numpy().mean()), about)
    if watts is not None and watts.sum() > 0.0:
        energy = float((share.to_numpy().T * watts).sum() / watts.sum())
        history["availability_energy"] = ((), energy, {"units": "1", "long_name": "energy-based availability"})
    return history


def check_maintenance(
    record: xr.Dataset, maintenance: Maintenance, *, climate: Climate | None = None, seed: int = 0
) -> None:
    """Refuse maintenance that could never be done in a record, without simulating it.

    Parameters
    ----------
    record : xarray.Dataset, dims (time, height, …)
        Weather, as in `fleet_availability`.
    maintenance : Maintenance
        Tasks, vessels, crews.
    climate : Climate, optional
        Of the waves, where the record has none.
    seed : int
        Of the waves.

    Raises
    ------
    ConfigurationError
        See `maintenance_tables`.
    """
    maintenance_tables(maintenance, Workable(sea_of(record, climate, seed, 0)))


def sea_of(record: xr.Dataset, climate: Climate | None, seed: int, member: int) -> SeaState:
    """Return wind and waves of a record, the waves from a climate where it has none."""
    if "significant_wave_height" in record or climate is None:
        return sea_state(record)
    wind = working_wind(record)
    inputs = (digest_of(wind.to_dataset(name="wind_speed")), climate, seed, member)
    waves = _WAVES.get(inputs, lambda: generate_waves(wind, climate, seed=seed, member=member))
    return sea_of_series(wind, waves["significant_wave_height"])

"""Maintenance of a fleet from several bases: each has its farms, people and vessels, and its own failures."""

import zlib
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.configuration.climate import Climate
from testsite_sim.configuration.maintenance import Maintenance
from testsite_sim.operations.fleet_availability import sea_of
from testsite_sim.operations.maintenance import maintenance_history

HIGHEST = ("task_lead_time",)  # of a task that several bases have; all else adds up


def availability_of_bases(
    record: xr.Dataset,
    maintenance: Maintenance,
    bases: Mapping[str, tuple[Maintenance, Sequence[str]]],
    turbines: Mapping[str, str],
    *,
    climate: Climate | None = None,
    seed: int = 0,
    member: int = 0,
    burn_in: float = 0.0,
    log: bool = True,
) -> xr.Dataset:
    """Simulate maintenance on the chain's own weather, where farms have people and vessels of their own.

    The sea is the same for all. Failures of a base have a stream of its own, by its name, so that another base changes
    none of them.

    Parameters
    ----------
    record : xarray.Dataset, dims (time, height, …)
        Weather, as in `fleet_availability`.
    maintenance : Maintenance
        Of the farms that no base serves.
    bases : mapping of str to (Maintenance, sequence of str)
        By name: the maintenance of a base, and its farms.
    turbines : mapping of str to str
        By the name of each turbine: its farm.
    climate, seed, member, burn_in, log
        As in `fleet_availability`.

    Returns
    -------
    xarray.Dataset
        As `fleet_availability`, without the energy: tasks of one name are one task, vessels of one name one class.
    """
    sea = sea_of(record, climate, seed, member)
    of_farm = {farm: name for name, (_, served) in bases.items() for farm in served}
    owner = np.array([of_farm.get(farm, "") for farm in turbines.values()])
    names = list(turbines)
    parts, rows = [], []
    for name, of_base in {"": maintenance, **{name: base for name, (base, _) in bases.items()}}.items():
        mine = np.flatnonzero(owner == name)
        if mine.size == 0:
            continue
        labels = [names[int(i)] for i in mine]
        own = seed if name == "" else _seed_of(seed, name)
        parts.append(
            maintenance_history(
                of_base, sea, mine.size, seed=own, member=member, names=labels, burn_in=burn_in, log=log
            )
        )
        rows.append(mine)
    return _together(parts, rows, names, {"seed": seed, "member": member})


def _seed_of(seed: int, name: str) -> int:
    """Return the root seed of a base."""
    return int(np.random.SeedSequence(seed, spawn_key=(zlib.crc32(name.encode()),)).generate_state(1)[0])


def _together(
    parts: Sequence[xr.Dataset], rows: Sequence[NDArray[np.int64]], turbines: Sequence[str], attrs: dict[str, Any]
) -> xr.Dataset:
    """Return the histories of parts of a fleet as that of the whole."""
    first = parts[0]
    shares = np.empty((first["time"].size, len(turbines)), np.float32)
    for part, mine in zip(parts, rows, strict=True):
        shares[:, mine] = part["availability"].to_numpy()
    variables: dict[Hashable, Any] = {"availability": (("time", "turbine"), shares, first["availability"].attrs)}
    names = {
        dim: list(dict.fromkeys(str(k) for part in parts for k in part[dim].to_numpy())) for dim in ("task", "vessel")
    }
    for name, variable in first.data_vars.items():
        if variable.dims == ("event",) or name == "availability":
            continue
        if variable.dims == ():
            variables[name] = ((), sum(float(part[name]) for part in parts), variable.attrs)
        else:
            (dim,) = variable.dims
            values = _by_label(parts, str(name), str(dim), names[str(dim)])
            variables[name] = (dim, values, variable.attrs)
    if "event_kind" in first:
        variables |= _events(parts)
    variables["availability_time"] = ((), float(shares.mean()), {"units": "1", "long_name": "time-based availability"})
    vessel_of: dict[str, list[str]] = {}
    for part in parts:
        for task, vessel in zip(part["task"].to_numpy(), part["task_vessel"].to_numpy(), strict=True):
            known = vessel_of.setdefault(str(task), [])
            known += [str(vessel)] if str(vessel) not in known else []
    served = np.array([" or ".join(vessel_of[task]) for task in names["task"]])
    coordinates = {
        "time": first["time"].to_numpy(),
        "turbine": list(turbines),
        **names,
        "task_vessel": ("task", served),
    }
    about = attrs | {"turbines": len(turbines), "years": first.attrs["years"]}
    return xr.Dataset(variables, coords=coordinates, attrs=about)


def _by_label(parts: Sequence[xr.Dataset], name: str, dim: str, labels: Sequence[str]) -> NDArray[np.float64]:
    """Return what parts have of each task or vessel, added up, or the highest."""
    values = np.zeros(len(labels))
    combine = np.maximum if name in HIGHEST else np.add
    for part in parts:
        at = [labels.index(str(each)) for each in part[dim].to_numpy()]
        values[at] = combine(values[at], part[name].to_numpy())
    return values


def _events(parts: Sequence[xr.Dataset]) -> dict[Hashable, Any]:
    """Return the logs as one, in the order of begin; vessels of a class are numbered through the bases."""
    names = [name for name, variable in parts[0].data_vars.items() if variable.dims == ("event",)]
    columns: dict[Hashable, list[NDArray[Any]]] = {name: [] for name in names}
    before: dict[str, int] = {}
    for part in parts:
        for name in names:
            values = part[name].to_numpy()
            if name == "event_vessel_number":
                first = np.array([before.get(str(each), 0) for each in part["event_vessel"].to_numpy()], np.int32)
                values = np.where(values >= 0, values + first, values).astype(np.int32)
            columns[name].append(values)
        for vessel, number in zip(part["vessel"].to_numpy(), part["vessels"].to_numpy(), strict=True):
            before[str(vessel)] = before.get(str(vessel), 0) + int(number)
    table = {name: np.concatenate(each) for name, each in columns.items()}
    order = np.argsort(table["event_start"], kind="stable")
    return {name: ("event", values[order], parts[0][name].attrs) for name, values in table.items()}

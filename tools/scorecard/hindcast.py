"""The hindcast of the Belgian zone: the commands that make records of the measurements and run the scenario in them."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.configuration.catalogue import names
from tools.scorecard.measured import BOTH, LAND, PLACES, RAW, STATIONS, Measured, history
from tools.scorecard.stations import DISTANT

SCENARIO = "flanders-wind-farm/belgian-zone"
SHEAR = '{value: 0.08, source: "IEA Wind 740-10-MW reference plant at Borssele", range: [0.06, 0.11]}'
# The first is that of the aims; why: docs/decisions/010. No meter and no month that is scored here decided it.
PROFILES = {
    "monin-obukhov": ("weather.profile=monin-obukhov", "weather.air_sea=southern-north-sea"),
    "power law": (f"weather.shear_exponent={SHEAR}",),
}
PROFILE, OTHER = PROFILES
AVERAGING = "wind.curve_averaging=hourly-from-the-coast"
# How the wind of a station is that of a place far away: docs/decisions/010. Estimated on no meter.
HEIGHT = (
    'weather.sensor_height={value: 25 m, source: "assumption: a mast at sea; the network publishes a wind at sensor '
    'height and one at 10 m", range: [20 m, 30 m], assumption: true}'
)
SHARED = (
    HEIGHT,
    'weather.averaging_time={value: 4 hour, source: "a third platform, June 2023 to December 2025, by '
    'tools/fit_interpolation.py", range: [2 hour, 6 hour]}',
)
REPAIRS = "[correct-mast-shadow]"
INTERPOLATION = ("weather.error_distance=230 km",)  # tools/fit_interpolation.py
WINDS = (*STATIONS, RAW, BOTH)
GUSTS = "  - {{column: {station}_gust, quantity: wind_gust, units: m/s, height: 10 m}}\n"
MODELS = ("noj", "bastankhah", "niayifar-2016", "nygaard-2022")
SERIES = "plant/power_exported"
MEMBERS = 16
AS_PUBLISHED = "as published"  # hourly, and at the level that the stations state
CLIMATE_AIR = "air of the climate"  # its temperature, where that of the hour is known, far away
LAND_AIR = "air of land days"  # where the run of the aims has a better one
# [h] that a turbine stands at a stretch
STRETCHES = {"up to a day": 24.0, "up to ten days": 240.0, "up to thirty": 720.0, "longer": np.inf}
# What the assumed height of the sensors is worth: as the network states its winds, and the ends of the range.
SENSORS = {
    "sensors at 10 m": (),
    "sensors at 20 m": ("weather.sensor_height=20 m",),
    "sensors at 30 m": ("weather.sensor_height=30 m",),
}
MAPPING = """time: {{column: time, zone: UTC, marks: start}}
columns:
  - {{column: {station}_speed, quantity: wind_speed, units: m/s, height: 10 m}}
  - {{column: {station}_direction, quantity: wind_direction, units: degree, height: 10 m}}
{gusts}"""
PRICE = "  - {column: price, quantity: day_ahead_price, units: EUR/MWh}\n"
AIR = "  - {column: air_temperature, quantity: air_temperature, units: K, height: 1 m}\n"


@dataclass(frozen=True)
class Hindcast:
    """A period, simulated: power [MW] of each hour by station, of an ensemble (member, hour), of each wake model.

    `at_most`: in the hours of most power of the run of the aims, the share of the rated power whose turbines run, and
    what is delivered over what these would give; the availability by energy of the whole period [1]. `running`: the
    share of the rated power whose turbines run, by hour; `offered`, `taken`: what the wind gives behind wakes and
    storms, and what of it the turbines that run take, of the rated power, by hour [1]. `standing`: what the turbines
    that stand would give at rated power, of that of all, by how long they stand at a stretch [1]. `without_days`:
    members with the air of the climate, where the run of the aims has it from days on land; else none.
    """

    measured: Measured
    power: dict[str, pd.Series]
    members: np.ndarray
    models: dict[str, pd.Series]
    at_most: tuple[float, float, float]
    running: pd.Series
    offered: pd.Series
    taken: pd.Series
    standing: dict[str, float] = field(default_factory=dict)
    without_days: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))


def short(measured: Measured) -> str:
    """Return the year, by which files are named."""
    return measured.period.start[:4]


def scenario(measured: Measured) -> str:
    """Return the scenario of a period: that of its year where one ships, else that of today."""
    of_year = f"{SCENARIO}-{short(measured)}"
    return of_year if of_year in names("scenarios") else SCENARIO


def settings(
    measured: Measured, wind: str, profile: str = PROFILE, shared: Sequence[str] = SHARED, *, air: str = ""
) -> list[str]:
    """Return what is set of the scenario: its record or both, its farm, no climate, how wind of one height goes on."""
    farm = [f"farm={measured.period.farm}"] if scenario(measured) == SCENARIO else []
    first, second = STATIONS
    several = wind in (BOTH, RAW)
    record = record_of(measured, first if several else wind, raw=wind == RAW, air=air)
    records = [f"weather.record={record}", f"weather.repairs={REPAIRS}"]
    if several:
        records += [f"weather.{axis}={place}" for axis, place in zip("xy", PLACES[first], strict=True)]
        x, y = PLACES[second]
        other = record_of(measured, second, raw=wind == RAW, air=air)
        records += [f"weather.stations=[{{record: {other}, x: {x}, y: {y}, repairs: {REPAIRS}}}]", *INTERPOLATION]
    return [*records, *farm, "weather.climate=null", *PROFILES[profile], *shared, AVERAGING]


def air_in(measured: Measured, variant: str = PROFILE) -> str:
    """Return where the air temperature of the hour of a run is from (`Measured.airs`); empty: from the climate."""
    if variant == CLIMATE_AIR:
        return ""
    return LAND if variant == LAND_AIR else next(iter(measured.airs), "")


def of_the_air(measured: Measured) -> tuple[str, ...]:
    """Return the variants of a period that differ in their air alone from the run of the aims."""
    best = air_in(measured)
    return (*([CLIMATE_AIR] if best else []), *([LAND_AIR] if best != LAND and LAND in measured.airs else []))


def record_of(measured: Measured, wind: str, *, raw: bool = False, air: str = "") -> str:
    """Return the file of a record of a station: without its breaks, or as it was measured; with the air of the hour."""
    return f"{wind}-{'measured-' if raw else ''}{short(measured)}{marked(air)}.nc"


def marked(air: str) -> str:
    """Return how files with an air temperature of the hour are named by where it is from."""
    return f"-{air}" if air else ""


def import_command(table: str, mapping: str, record: str) -> list[str]:
    """Return the command that makes a record of a table."""
    return ["weather", "import", table, "--format", "mapped", "--mapping", mapping, "-o", record, "--force"]


def import_commands(measured: Measured, *, air: str = "") -> list[list[str]]:
    """Return the commands that make the records of the stations: of the period, of all years, and without breaks."""
    table, commands = f"measured-{short(measured)}{marked(air)}.csv", []
    for name in STATIONS:
        commands.append(
            import_command(table, f"{name}{'-air' if air else ''}.yaml", record_of(measured, name, raw=True, air=air))
        )
        commands.append(import_command("stations.csv", f"{name}-years.yaml", f"{name}-years.nc"))
    for name, other in zip(STATIONS, reversed(STATIONS), strict=True):
        against = ["--history", f"{name}-years.nc", "--neighbour", f"{other}-years.nc", "--distant", DISTANT]
        made = ["-o", record_of(measured, name, air=air), "--force"]
        commands.append(["weather", "homogenise", record_of(measured, name, raw=True, air=air), *against, *made])
    return commands


def run_command(measured: Measured, station: str, variant: str = PROFILE) -> list[str]:
    """Return the command that runs the scenario in the record of a station, or in that of both.

    `variant`: the profile; `AS_PUBLISHED`; `CLIMATE_AIR`; `LAND_AIR`; one of `SENSORS`; or a wake
    model instead of that of the scenario.
    """
    profile = variant if variant in PROFILES else PROFILE
    shared = () if variant == AS_PUBLISHED else SHARED
    if variant in SENSORS:
        shared = (*SENSORS[variant], *(each for each in SHARED if each != HEIGHT))
    stated = settings(measured, station, profile, shared, air=air_in(measured, variant))
    if variant in MODELS:
        stated.append(f"wind.wake_model={variant}")
    sets = [word for each in stated for word in ("--set", each)]
    return ["run", scenario(measured), *sets, "-o", folder_of(station, variant, short(measured))]


def folder_of(station: str, variant: str, year: str) -> str:
    """Return the folder of a run."""
    return f"zone-{station}-{year}" if variant == PROFILE else f"zone-{station}-{variant.replace(' ', '-')}-{year}"


def ensemble_command(measured: Measured, members: int, *, variant: str = PROFILE) -> list[str]:
    """Return the command of the ensemble of the scenario: every quantity of it with a range, and the record's wind.

    `variant`: that of the air, by the names of `run_command`.
    """
    kept = f"ensemble={{flow: exact, weather: {{kind: record}}, keep_series: [{SERIES}]}}"
    stated = [*settings(measured, BOTH, air=air_in(measured, variant)), "weather.wind_error=coastal-stations", kept]
    sets = [word for each in stated for word in ("--set", each)]
    made = folder_of(BOTH, variant, short(measured)).replace(f"zone-{BOTH}", "ensemble")
    return ["run", scenario(measured), *sets, "--members", str(members), "-o", made]


def members_of(folder: Path, command: list[str]) -> np.ndarray:
    """Return the power [MW] of each member and hour of an ensemble that has run, without the scenario itself."""
    step, variable = SERIES.split("/")
    with xr.open_datatree(folder / command[-1] / "series.nc") as tree:
        numbers = tree.to_dataset()["member"].to_numpy()
        series = tree[step].to_dataset()[variable].to_numpy().reshape(numbers.size, -1) / 1e6
    return np.asarray(series[numbers > 0])


def shown(command: list[str]) -> str:
    """Return a command as one types it."""
    return shlex.join(["testsite-sim", *command])


def run(folder: Path, command: list[str]) -> None:
    """Run a command of testsite-sim in a folder, unless what it makes is there already."""
    target = folder / command[command.index("-o") + 1]
    if target.exists():
        return
    print(shown(command), flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "testsite_sim", *command],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        shutil.rmtree(target, ignore_errors=True)
        raise RuntimeError(f"{shown(command)}\n{done.stderr.strip()}")


def prepare(measured: Measured, data: Path, folder: Path) -> None:
    """Write the tables that records are made of, and their mappings; make the records."""
    measured.table.to_csv(folder / f"measured-{short(measured)}.csv", index_label="time")
    years = history(data)
    years.to_csv(folder / "stations.csv", index_label="time")
    for name in STATIONS:
        gusts = GUSTS.format(station=name) if f"{name}_gust" in measured.table else ""
        mapping = MAPPING.format(station=name, gusts=gusts)
        (folder / f"{name}.yaml").write_text(mapping + PRICE, encoding="utf-8")
        (folder / f"{name}-years.yaml").write_text(mapping, encoding="utf-8")
        (folder / f"{name}-air.yaml").write_text(mapping + PRICE + AIR, encoding="utf-8")
    for command in import_commands(measured):
        run(folder, command)
    for name, air in measured.airs.items():
        table = measured.table.assign(air_temperature=air)
        table.to_csv(folder / f"measured-{short(measured)}{marked(name)}.csv", index_label="time")
        for command in import_commands(measured, air=name):
            run(folder, command)


def running_share(tree: xr.DataTree) -> pd.Series:
    """Return what `Hindcast.running` says of a run."""
    rated = tree["wind/power"].to_numpy().max(axis=0)
    share = tree["operations/availability"].to_numpy() @ rated / rated.sum()
    return pd.Series(share, index=tree[SERIES].to_series().index)


def budget(tree: xr.DataTree) -> tuple[pd.Series, pd.Series]:
    """Return `Hindcast.offered` and `Hindcast.taken` of a run."""
    power, hours = tree["wind/power"].to_numpy(), tree[SERIES].to_series().index
    rated = power.max(axis=0).sum()
    taken = (power * tree["operations/availability"].to_numpy()).sum(axis=1)
    return pd.Series(power.sum(axis=1) / rated, index=hours), pd.Series(taken / rated, index=hours)


def standing(availability: np.ndarray, rated: np.ndarray) -> dict[str, float]:
    """Return `Hindcast.standing`, of availability (hour, turbine) and rated power (turbine)."""
    found = dict.fromkeys(STRETCHES, 0.0)
    for k in range(rated.size):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], availability[:, k] < 0.5, [0]]).astype(np.int64)))
        for hours in edges[1::2] - edges[::2]:
            name = next(each for each, most in STRETCHES.items() if hours <= most)
            found[name] += float(hours * rated[k])
    return {name: each / (availability.shape[0] * float(rated.sum())) for name, each in found.items()}


def at_most(tree: xr.DataTree, capacity: float, share: pd.Series) -> tuple[float, float, float]:
    """Return what `Hindcast.at_most` says of a run, of which `share` runs."""
    power = tree[SERIES].to_numpy() / 1e6
    top = power >= np.quantile(power, 0.995)
    running = float(share.to_numpy()[top].mean())
    rest = float(power[top].mean()) / capacity / running
    return running, rest, float(tree["wind/availability_energy"])


def simulate(measured: Measured, data: Path, folder: Path, members: int) -> Hindcast:
    """Run all commands of a period and read what they give; without members there is no ensemble."""
    prepare(measured, data, folder)
    year, power = short(measured), {}
    variants = (OTHER, AS_PUBLISHED, *SENSORS, *of_the_air(measured))
    for wind, variant in (*((each, PROFILE) for each in WINDS), *((BOTH, each) for each in variants)):
        run(folder, run_command(measured, wind, variant))
        with xr.open_datatree(folder / folder_of(wind, variant, year) / "results.nc") as tree:
            power[wind if variant == PROFILE else variant] = tree[SERIES].to_series() / 1e6
            if (wind, variant) == (BOTH, PROFILE):
                share = running_share(tree)
                offered, taken = budget(tree)
                most = at_most(tree, measured.period.capacity, share)
                still = standing(tree["operations/availability"].to_numpy(), tree["wind/power"].to_numpy().max(axis=0))
    models = {}
    own = load_scenario(scenario(measured)).wind.wake_model
    for name in MODELS:
        if name == own:
            models[name] = power[BOTH]
            continue
        run(folder, run_command(measured, BOTH, name))
        with xr.open_datatree(folder / folder_of(BOTH, name, year) / "results.nc") as tree:
            models[name] = tree[SERIES].to_series() / 1e6
    if members == 0:
        none = np.empty((0, len(measured.table)))
        return Hindcast(measured, power, none, models, most, share, offered, taken, still)
    commands = [ensemble_command(measured, members)]
    if air_in(measured) == LAND:
        commands.append(ensemble_command(measured, members, variant=CLIMATE_AIR))
    for command in commands:
        run(folder, command)
    made, *without = [members_of(folder, command) for command in commands]
    return Hindcast(measured, power, made, models, most, share, offered, taken, still, *without)

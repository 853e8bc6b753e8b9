"""Small files in the formats of others, made here; times from 2024-03-30, so that a clock change is among them."""

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

HOURS = pd.date_range("2024-03-30", periods=48, freq="h")
RNG = np.random.default_rng(7)
U10, V10 = RNG.normal(5.0, 3.0, 48), RNG.normal(2.0, 3.0, 48)


def era5(path: Path, axis: str = "valid_time", points: int = 3, expver: bool = False) -> Path:
    """Write ERA5 as the Climate Data Store does: 0.25 degree, latitudes falling."""
    shape = (48, points, points)
    fields = {
        "u10": (U10, "m s**-1"),
        "v10": (V10, "m s**-1"),
        "u100": (1.2 * U10, "m s**-1"),
        "v100": (1.2 * V10, "m s**-1"),
        "t2m": (np.full(48, 281.0), "K"),
        "sp": (np.full(48, 101_000.0), "Pa"),
        "swh": (np.full(48, 1.1), "m"),
        "mwp": (np.full(48, 5.0), "s"),
    }
    data = xr.Dataset(
        {
            name: (
                (axis, "latitude", "longitude"),
                np.broadcast_to(values[:, None, None], shape).astype("float32"),
                {"units": units},
            )
            for name, (values, units) in fields.items()
        },
        coords={axis: HOURS, "latitude": 51.75 - 0.25 * np.arange(points), "longitude": 2.5 + 0.25 * np.arange(points)},
    )
    if axis == "valid_time":
        data = data.assign_coords(number=0, expver=(axis, np.full(48, "0001")))
    if expver:
        late = np.arange(48) >= 40
        final = data.where(xr.DataArray(~late, dims=axis))
        recent = data.where(xr.DataArray(late, dims=axis))
        data = xr.concat([final, recent], dim=pd.Index([1, 5], name="expver"))
    data.to_netcdf(path, engine="h5netcdf")
    return path


def grib(path: Path) -> Path:
    """Write three hours of ERA5 at one point as GRIB: 10 m/s at 10 m, 15 m/s at 100 m."""
    import eccodes

    with path.open("wb") as written:
        for hour in range(3):
            for name, value in (("10u", 6.0), ("10v", -8.0), ("100u", 9.0), ("100v", -12.0), ("2t", 280.0)):
                message = eccodes.codes_grib_new_from_samples("regular_ll_sfc_grib1")
                settings = {
                    "centre": "ecmf",
                    "dataDate": 20240101,
                    "dataTime": 100 * hour,
                    "Ni": 1,
                    "Nj": 1,
                    "latitudeOfFirstGridPointInDegrees": 51.5,
                    "latitudeOfLastGridPointInDegrees": 51.5,
                    "longitudeOfFirstGridPointInDegrees": 3.0,
                    "longitudeOfLastGridPointInDegrees": 3.0,
                }
                for key, setting in settings.items():
                    eccodes.codes_set(message, key, setting)
                eccodes.codes_set(message, "shortName", name)
                eccodes.codes_set_values(message, [value])
                eccodes.codes_write(message, written)
                eccodes.codes_release(message)
    return path


def knmi(path: Path) -> Path:
    """Write hourly text of KNMI: its long header in short, HH the end of the hour, calm and variable directions."""
    lines = ["# BRON: KNMI", "", "# STN,YYYYMMDD,   HH,   DD,   FH,   FF,   FX,    T,    P,    U", ""]
    for k, stamp in enumerate(HOURS):
        direction = {3: 0, 4: 990}.get(k, 240)
        lines.append(
            f"  317,{stamp:%Y%m%d},{stamp.hour + 1:5d},{direction:5d},{80 + k:5d},   80,  110,   95,10130,   {80}"
        )
    path.write_text("\n".join(lines) + "\n")
    return path


def meetnet_csv(path: Path) -> Path:
    """Write a table with Dutch headers, semicolons, decimal commas."""
    lines = ["Tijdstip;Westhinder Gemiddelde windsnelheid (m/s);Westhinder Windrichting (°);Westhinder Golfhoogte (cm)"]
    lines += [
        f"{stamp:%Y-%m-%dT%H:%M:%S}+00:00;{8 + k / 10:.1f};240;110".replace(".", ",") for k, stamp in enumerate(HOURS)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def meetnet_text(path: Path, value: float) -> Path:
    """Write the older text of one parameter: date, time, value."""
    path.write_text("\n".join(f"{stamp:%Y-%m-%d %H:%M:%S}\t{value}" for stamp in HOURS))
    return path


def elia_csv(path: Path) -> Path:
    """Write wind power as ods031 does: quarters, two regions offshore and one onshore."""
    head = "datetime;resolutioncode;offshoreonshore;region;gridconnectiontype;measured;monitoredcapacity"
    lines = [head]
    for stamp in pd.date_range("2024-03-30", periods=96, freq="15min"):
        for place, region, power in (
            ("Offshore", "Federal", 900),
            ("Offshore", "Other", 100),
            ("Onshore", "Flanders", 50),
        ):
            lines.append(f"{stamp:%Y-%m-%dT%H:%M:%S}+00:00;PT15M;{place};{region};Elia;{power};2262.1")
    path.write_text("\n".join([head, *lines[:0:-1]]))
    return path


def entsoe(path: Path, marks: bool, year: int = 2024) -> Path:
    """Write day-ahead prices over the end of summer time, with or without the marks of the clock."""
    utc = pd.date_range(f"{year}-10-25 22:00", periods=72, freq="h", tz="UTC")
    lines = ['"MTU (CET/CEST)","Area","Sequence","Day-ahead Price (EUR/MWh)"']
    for k, stamp in enumerate(utc):
        both = [each.tz_convert("Europe/Brussels") for each in (stamp, stamp + pd.Timedelta("1h"))]
        texts = [f"{each:%d/%m/%Y %H:%M:%S}" + (f" ({each.tzname()})" if marks else "") for each in both]
        lines.append(f'"{texts[0]} - {texts[1]}","BZN|BE","Without Sequence","{k}"')
    path.write_text("\n".join(lines))
    return path


def newa(path: Path) -> Path:
    """Write a NEWA series: half hours, seven heights."""
    times = pd.date_range("2018-01-01", periods=96, freq="30min")
    heights = np.array([50.0, 75.0, 100.0, 150.0, 200.0, 250.0, 500.0])
    wind = 9.0 * (heights / 100.0) ** 0.1
    xr.Dataset(
        {
            "WS": (("time", "height"), np.tile(wind, (96, 1)), {"units": "m s-1"}),
            "WD": (("time", "height"), np.full((96, 7), 225.0), {"units": "degree"}),
            "T2": ("time", np.full(96, 280.0), {"units": "K"}),
        },
        coords={"time": times, "height": heights},
    ).to_netcdf(path, engine="h5netcdf")
    return path


def merra(path: Path, **more: float) -> Path:
    """Write MERRA-2 as its daily files are: stamps at the middle of the hour, 0.5 by 0.625 degree."""
    fields = {"U10M": 3.0, "V10M": -4.0, "U50M": 6.0, "V50M": -8.0, "T2M": 281.0, "PS": 101_000.0} | more
    units = {"T2M": "K", "PS": "Pa"}
    data = xr.Dataset(
        {
            name: (("time", "lat", "lon"), np.full((48, 3, 3), value), {"units": units.get(name, "m s-1")})
            for name, value in fields.items()
        },
        coords={"time": HOURS + pd.Timedelta("30min"), "lat": [51.0, 51.5, 52.0], "lon": [2.5, 3.125, 3.75]},
    )
    data.to_netcdf(path, engine="h5netcdf")
    return path

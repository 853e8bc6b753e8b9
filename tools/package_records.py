"""Turn the hourly CSV records into the compressed CF NetCDF that ships.

    python tools/package_records.py FOLDER_OF_CSV

Values are packed as integers at the digits of the source, so nothing is lost and nothing invented.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

RECORDS = Path(__file__).resolve().parents[1] / "testsite_sim" / "weather" / "records"

# column of the CSV: (variable, units, standard name, long name, step of the source's digits)
PLAIN: dict[str, tuple[str, str, str | None, str, float]] = {
    "wind_speed": ("wind_speed_at_hub", "m s-1", "wind_speed",
                   "wind speed at a hub height that the source does not state", 1e-4),
    "ghi": ("global_horizontal_irradiance", "W m-2", "surface_downwelling_shortwave_flux_in_air",
            "global horizontal irradiance", 1e-4),
    "dni": ("direct_normal_irradiance", "W m-2", None, "direct normal irradiance", 1e-4),
    "dhi": ("diffuse_horizontal_irradiance", "W m-2", "surface_diffuse_downwelling_shortwave_flux_in_air",
            "diffuse horizontal irradiance", 1e-4),
    "price": ("day_ahead_price", "EUR MWh-1", None, "day-ahead price of electricity", 1e-4),
    "air_temperature_1m": ("air_temperature", "K", "air_temperature", "air temperature at 1 m", 1e-4),
    "air_density": ("air_density", "kg m-3", "air_density", "air density", 1e-4),
    "significant_wave_height": ("significant_wave_height", "m", "sea_surface_wave_significant_height",
                                "significant wave height", 1e-3),
}  # fmt: skip

WOMBAT = "wombat 0.13.5 (PyPI wheel, library folder), Apache-2.0"
SOURCES: dict[str, dict[str, Any]] = {
    "hollandse_kust_noord_2023_hourly": {
        "name": "hollandse-kust-noord-2023",
        "location": "Hollandse Kust Noord, North Sea",
        "latitude": 52.698,
        "longitude": 4.293,
        "license": "MIT",
        "source": "hydesign 1.7.0 (PyPI wheel), examples/Europe/GWA2/input_ts_HKN.csv; reanalysis-based, the "
        "reanalysis is not stated there; prices agree with the Dutch day-ahead market of 2023",
    },
    "north_sea_58n_1p5w_1994_2023_hourly": {
        "name": "north-sea-58n-1994-2023",
        "location": "Scottish North Sea",
        "latitude": 58.0,
        "longitude": -1.5,
        "license": "Apache-2.0",
        "source": f"{WOMBAT}, code_comparison/avanessova_diss/weather",
    },
    "alpha_ventus_2002_2014_hourly": {
        "name": "alpha-ventus-2002-2014",
        "location": "alpha ventus, German Bight",
        "latitude": 54.0,
        "longitude": 6.6,
        "license": "Apache-2.0",
        "source": f"{WOMBAT}, code_comparison/dinwoodie/weather",
        "comment": "waves far too calm and hardly correlated with the wind (r = 0.17): for that benchmark only",
    },
    "us_east_coast_40n_2003_2012_hourly": {
        "name": "us-east-coast-2003-2012",
        "location": "US east coast",
        "latitude": 40.0,
        "longitude": -72.5,
        "license": "Apache-2.0",
        "source": f"{WOMBAT}, default/weather; ERA5",
    },
}


def profile(table: pd.DataFrame, quantity: str) -> tuple[np.ndarray, list[float]]:
    """Return the levels of a quantity (time, height) and their heights [m], rising."""
    columns = [name for name in table.columns if name.startswith(f"{quantity}_") and name.endswith("m")]
    heights = [float(name.rsplit("_", 1)[1].removesuffix("m")) for name in columns]
    order = np.argsort(heights)
    return table[[columns[k] for k in order]].to_numpy(), [heights[k] for k in order]


def record(path: Path, about: dict[str, Any]) -> xr.Dataset:
    """Return one record as a CF dataset."""
    table = pd.read_csv(path, index_col="time", parse_dates=True)
    dataset = xr.Dataset(coords={"time": table.index.to_numpy()})
    dataset["time"].attrs.update(standard_name="time", long_name="start of the interval, UTC")
    for quantity, units, standard in (
        ("wind_speed", "m s-1", "wind_speed"),
        ("wind_direction", "degree", "wind_from_direction"),
    ):
        values, heights = profile(table, quantity)
        if heights:
            attributes = {"units": units, "standard_name": standard, "long_name": quantity.replace("_", " ")}
            dataset = dataset.assign_coords(height=heights)
            dataset["height"].attrs.update(units="m", positive="up", standard_name="height", long_name="height")
            dataset[quantity] = (("time", "height"), values, attributes)
            dataset[quantity].encoding.update(packed(1e-4))
    for column, (name, units, standard_name, long_name, digit) in PLAIN.items():
        if column in table:
            attributes = {"units": units, "long_name": long_name}
            if standard_name:
                attributes["standard_name"] = standard_name
            if column == "air_temperature_1m":
                attributes["height"] = 1.0
            dataset[name] = ("time", table[column].to_numpy(), attributes)
            dataset[name].encoding.update(packed(digit))
    dataset.attrs.update(
        Conventions="CF-1.11",
        title=f"{about['location']}, hourly",
        history="packed from the source's hourly CSV at its own digits; nothing filled, nothing changed",
        **{key: value for key, value in about.items() if key != "name"},
    )
    return dataset


def packed(digit: float) -> dict[str, Any]:
    """Return the encoding of a variable: whole multiples of a digit, compressed."""
    fill = np.int32(-(2**31))
    return {"dtype": "int32", "scale_factor": digit, "_FillValue": fill, "zlib": True, "shuffle": True, "complevel": 9}


def main(folder: str) -> None:
    """Write every record."""
    RECORDS.mkdir(parents=True, exist_ok=True)
    for stem, about in SOURCES.items():
        target = RECORDS / f"{about['name']}.nc"
        record(Path(folder) / f"{stem}.csv.gz", about).to_netcdf(target, engine="h5netcdf")
        print(f"{target.name}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1])

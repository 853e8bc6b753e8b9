"""Hold waves that are generated for a wind record against those that the record has; write decision 011.

    python tools/compare_waves.py

Two packaged records have waves of their own, far from Flanders. Of the wind of each and of statistics of the whole
record (monthly winds, mean height, correlation), with the shape and the memories of `climate/belgian-zone`, waves are
generated as for a record without them; no month of the waves is seen. Writes its table into decision 011.
"""

import numpy as np
import xarray as xr

from testsite_sim.configuration.climate import Climate
from testsite_sim.configuration.loading import load_component
from testsite_sim.operations import generate_waves
from testsite_sim.weather import open_record
from tools.validation_pages import PAGES, with_marked

PAGE = PAGES.parent / "decisions" / "011-bases.md"
MARK = "waves of records"
RECORDS = ("north-sea-58n-1994-2023", "us-east-coast-2003-2012")
SEASONS = {"December to February": (12, 1, 2), "March to May": (3, 4, 5), "June to August": (6, 7, 8),
           "September to November": (9, 10, 11)}  # fmt: skip
LIMIT = 1.5  # [m] of crew transfer
WINDOW, SHIFT = 8, (6, 18)  # hours without a break, within the hours of a shift
HEAD = ("record", "months", "height measured [m]", "generated [m]", "days with a window measured", "generated")


def own_climate(wind: xr.DataArray, height: xr.DataArray) -> Climate:
    """Return the climate of a record: statistics of the whole record, but of no month of its waves."""
    months = wind.groupby("time.month").mean()
    changes = {
        "monthly_share": tuple(float(each) for each in months / months.mean()),
        "mean_wave_height": float(height.mean()),
        "wave_wind_correlation": float(np.corrcoef(wind, height)[0, 1]),
    }
    return load_component("climate", "belgian-zone", Climate).model_copy(update=changes)


def window_days(height: xr.DataArray) -> xr.DataArray:
    """Return for each whole day whether a shift of it has hours enough in a row at or below the limit, (day,)."""
    days = height.to_numpy()[: height.size // 24 * 24].reshape(-1, 24)[:, slice(*SHIFT)] <= LIMIT
    runs = np.lib.stride_tricks.sliding_window_view(days, WINDOW, axis=1).all(axis=-1).any(axis=1)
    return xr.DataArray(runs, coords={"time": height["time"].to_numpy()[: height.size // 24 * 24 : 24]}, dims="time")


def season_means(values: xr.DataArray) -> list[float]:
    """Return the mean of each season."""
    month = values["time"].dt.month
    return [float(values[month.isin(each)].mean()) for each in SEASONS.values()]


def rows() -> list[list[str]]:
    """Return the rows of the table: each record, season by season."""
    made = []
    for name in RECORDS:
        record = open_record(name)
        wind = record["wind_speed"].isel(height=-1, drop=True).interpolate_na("time")
        height = record["significant_wave_height"]
        found = generate_waves(wind, own_climate(wind, height))["significant_wave_height"]
        columns = [season_means(each) for each in (height, found, window_days(height), window_days(found))]
        for k, season in enumerate(SEASONS):
            heights, days = ([column[k] for column in part] for part in (columns[:2], columns[2:]))
            made.append(
                [f"`{name}`", season, *(f"{each:.2f}" for each in heights), *(f"{100.0 * each:.0f} %" for each in days)]
            )
    return made


def main() -> None:
    """Write the table."""
    lines = ["| " + " | ".join(each) + " |" for each in (HEAD, *rows())]
    lines.insert(1, "|---" * len(HEAD) + "|")
    PAGE.write_text(with_marked(PAGE.read_text(encoding="utf-8"), MARK, lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()

"""Evaluate the turbines of La Haute Borne as a power-performance test: bins, annual energy, time to completion.

`PYTHONPATH=.:kernels python tools/evaluate_la_haute_borne.py SCADA.csv ASSETS.csv`, the two files of
`examples/data/la_haute_borne.zip` in the openoa 3.2 wheel. The wind is that of the nacelle, so this is a test of the
method, not of the standard's mast.
"""

import sys

import numpy as np
import pandas as pd
from testsite_kernels.operations.certification import completion_steps

from testsite_sim.operations import annual_energy, power_curve_bins, valid_directions

RATED, CUT_IN, SPEED_AT_85_PERCENT = 2.05e6, 3.5, 11.0  # Senvion MM82; the last read off the measured curve
REQUIRED, TOTAL = 3.0, 180.0 * 6.0  # ten-minute means: half an hour in each bin, 180 hours


def main(scada: str, assets: str) -> None:
    """Print one line for each turbine."""
    places = pd.read_csv(assets).set_index("Wind_turbine_name")
    records = pd.read_csv(scada)
    records["Date_time"] = pd.to_datetime(records["Date_time"], utc=True)
    print(
        "| turbine | means | valid directions | AEP at 7 m/s [GWh] | category A | A and B | median time to complete |"
    )
    print("|---|---|---|---|---|---|---|")
    for name, rows in records.groupby("Wind_turbine_name"):
        here = places.loc[name]
        neighbours = [
            (
                (other.Longitude - here.Longitude) * 111320.0 * np.cos(np.radians(here.Latitude)),
                (other.Latitude - here.Latitude) * 110540.0,
            )
            for label, other in places.iterrows()
            if label != name
        ]
        valid = valid_directions(neighbours, float(here.Rotor_diameter_m))
        series = rows.drop_duplicates("Date_time").set_index("Date_time").asfreq("10min")
        speed, power = series["Ws_avg"].to_numpy(), series["P_avg"].to_numpy() * 1e3
        direction = series["Wa_avg"].to_numpy()
        there = np.isfinite(speed) & np.isfinite(power) & np.isfinite(direction)
        good = there & valid[np.where(there, direction, 0.0).astype(int) % 360]
        curve = power_curve_bins(speed[good], power[good])
        curve = curve.where(curve["count"] >= REQUIRED, drop=True)
        energy = annual_energy(curve, [7.0], power_uncertainty=0.005 * RATED, speed_uncertainty=0.2, cut_out=22.0)
        low, high = round((CUT_IN - 1.0) / 0.5), round(1.5 * SPEED_AT_85_PERCENT / 0.5)
        bins = np.floor(np.where(good, speed, -9.0) / 0.5 + 0.5) - low
        bins = np.where(good & (bins >= 0) & (bins <= high - low), bins, -1).astype(np.int16)
        completion = np.empty(bins.size, np.int32)
        completion_steps(bins, np.full(high - low + 1, REQUIRED), TOTAL, completion)
        days = (completion - np.arange(bins.size))[completion >= 0] / 144.0
        median = f"{np.median(days):.0f} days" if days.size else "never"
        gigawatt_hours = [float(energy[key][0]) / 3.6e12 for key in ("energy_measured", "uncertainty_a", "uncertainty")]
        print(
            f"| {name} | {int(good.sum())} | {int(valid.sum())}° | {gigawatt_hours[0]:.3f} | {gigawatt_hours[1]:.4f} "
            f"| {gigawatt_hours[2]:.3f} | {median} |"
        )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

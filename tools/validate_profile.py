"""Hold the marine wind profile against levels of a record that it does not see, by stability; write the page.

    python tools/validate_profile.py

The packaged record hollandse-kust-noord-2023 has winds at 50, 100, 150 and 200 m and the air temperature at 1 m. The
profile starts from its 50 m alone. Its sea temperature is that of the climate southern-north-sea, whose only use of the
record's winds is the ratio of 1 m to 50 m by month: what lies above 50 m was not seen.
"""

import numpy as np

from testsite_sim.configuration.air_sea import AirSeaClimate
from testsite_sim.configuration.loading import load_component
from testsite_sim.weather import Profile, at_hub_heights, open_record
from tools.validation_pages import PAGES, with_marked

BASE, HEIGHTS = 50.0, (100.0, 150.0, 200.0)
CLASSES = (
    ("unstable, colder than -2 K", -np.inf, -2.0),
    ("-2 to -0.5 K", -2.0, -0.5),
    ("near neutral, -0.5 to 0.5 K", -0.5, 0.5),
    ("0.5 to 2 K", 0.5, 2.0),
    ("stable, warmer than 2 K", 2.0, np.inf),
    ("all hours", -np.inf, np.inf),
)
SPEEDS = (3.0, 25.0)  # [m/s] at 50 m


def profile_table() -> list[str]:
    """Return the lines of the table: mean winds over that at 50 m, of the record, the profile and the power law."""
    whole = open_record("hollandse-kust-noord-2023")
    climate = load_component("air-sea", "southern-north-sea", AirSeaClimate)
    level = whole.sel(height=[BASE])
    level["air_temperature"].attrs["height"] = 1.0
    made = at_hub_heights(level, HEIGHTS, profile=Profile("monin-obukhov", air_sea=climate))
    power = at_hub_heights(level, HEIGHTS, 0.08)["wind_speed"].to_numpy()
    base = level["wind_speed"].to_numpy()[:, 0]
    true = whole["wind_speed"].sel(height=list(HEIGHTS)).to_numpy()
    difference = made["air_sea_temperature_difference"].to_numpy()
    blows = (base >= SPEEDS[0]) & (base <= SPEEDS[1])
    lines = [
        "| air less sea | hours | record, 100 / 150 / 200 m over 50 m | monin-obukhov | power law 0.08 |",
        "|---|---|---|---|---|",
    ]
    for name, low, high in CLASSES:
        rows = blows & (difference >= low) & (difference < high)
        cells = [
            " / ".join(f"{each:.3f}" for each in values[rows].sum(axis=0) / base[rows].sum())
            for values in (true, made["wind_speed"].to_numpy(), power)
        ]
        lines.append(f"| {name} | {np.count_nonzero(rows)} | {' | '.join(cells)} |")
    return lines


def main() -> None:
    """Write the table into the page."""
    page = PAGES / "weather.md"
    lines = profile_table()
    page.write_text(with_marked(page.read_text(encoding="utf-8"), "table of the profile", lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()

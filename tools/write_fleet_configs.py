"""Write configs/turbine of the reference turbines, configs/farm/belgian-zone and borssele, from published tables.

Run as `python tools/write_fleet_configs.py SHIP FLORIS OPTIWINDNET`, where SHIP holds the shippable records (the
Belgian tables and the LEANWIND turbine), FLORIS is the folder `floris/turbine_library` of the floris 4.7 wheel
(BSD-3-Clause) and OPTIWINDNET the folder `optiwindnet/data` of the optiwindnet 0.3.2 wheel.
"""

import csv
import math
import re
import sys
from pathlib import Path

from ruamel.yaml import YAML

CONFIGS = Path(__file__).resolve().parents[1] / "configs"
REFERENCES = {
    "nrel_5MW": (
        "nrel-5mw", "NREL 5 MW reference turbine", 5.0,
        "Jonkman et al. (2009), NREL/TP-500-38060; table of floris 4.7 (BSD-3-Clause)",
    ),
    "iea_10MW": (
        "iea-10mw", "IEA 10 MW reference turbine", 10.0,
        "Bortolotti et al. (2019), IEA Wind TCP Task 37; table of floris 4.7 (BSD-3-Clause)",
    ),
    "iea_15MW": (
        "iea-15mw", "IEA 15 MW reference turbine", 15.0,
        "Gaertner et al. (2020), IEA Wind TCP Task 37; table of floris 4.7 (BSD-3-Clause)",
    ),
    "iea_22MW": (
        "iea-22mw", "IEA 22 MW reference turbine", 22.0,
        "Zahle et al. (2024), IEA Wind TCP Task 55; table of floris 4.7 (BSD-3-Clause)",
    ),
}  # fmt: skip
TYPES = {
    "REpower 5M126": "repower-5m126",
    "REpower/Senvion 6.2M126": "senvion-6.2m126",
    "Vestas V90-3.0": "vestas-v90-3.0",
    "Alstom Haliade 150": "haliade-150-6.0",
    "Vestas V112-3.0": "vestas-v112-3.0",
    "MHI Vestas V112-3.3": "vestas-v112-3.3",
    "Siemens SWT-7.0-154 (uprated)": "siemens-swt-7.0-154",
    "MHI Vestas V164-8.4": "vestas-v164-8.4",
    "MHI Vestas V164-9.5": "vestas-v164-9.5",
    "Siemens Gamesa SG 8.0-167 DD": "siemens-gamesa-sg-8.0-167",
}


def transverse_mercator(latitude: float, longitude: float) -> tuple[float, float]:
    """Project onto EPSG:25831 (UTM zone 31 on GRS 80) [m] by Krüger's series to the third power of n.

    Source: Karney (2011), Transverse Mercator with an accuracy of a few nanometers, J. Geodesy 85, 475-485.
    """
    n = 1.0 / (2.0 * 298.257222101 - 1.0)
    radius = 6378137.0 / (1.0 + n) * (1.0 + n**2 / 4.0 + n**4 / 64.0)
    alpha = (n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16, 13 * n**2 / 48 - 3 * n**3 / 5, 61 * n**3 / 240)
    phi, lam = math.radians(latitude), math.radians(longitude - 3.0)
    eccentricity = 2.0 * math.sqrt(n) / (1.0 + n)
    conformal = math.sinh(math.atanh(math.sin(phi)) - eccentricity * math.atanh(eccentricity * math.sin(phi)))
    xi, eta = math.atan2(conformal, math.cos(lam)), math.asinh(math.sin(lam) / math.hypot(conformal, math.cos(lam)))
    east = eta + sum(a * math.cos(2 * k * xi) * math.sinh(2 * k * eta) for k, a in enumerate(alpha, 1))
    north = xi + sum(a * math.sin(2 * k * xi) * math.cosh(2 * k * eta) for k, a in enumerate(alpha, 1))
    return 500_000.0 + 0.9996 * radius * east, 0.9996 * radius * north


def rows(path: Path) -> list[dict[str, str]]:
    """Read a table, leaving out comment lines."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def write_turbine(name: str, head: list[str], speed: list[float], power: list[float], thrust: list[float]) -> None:
    """Write one turbine with its curves: from cut-in to cut-out, which is where power is above zero."""
    running = [k for k, value in enumerate(power) if value > 0.0]
    part = slice(running[0], running[-1] + 1)
    units = {"wind_speed": ("m/s", speed), "power": ("kW", power), "thrust_coefficient": ('"1"', thrust)}
    lines = [*head, "curves:"]
    for key, (unit, values) in units.items():
        text = ", ".join(f"{round(value, 6)}" for value in values[part])
        lines.append(f"  {key}: {{units: {unit}, values: [{text}]}}")
    (CONFIGS / "turbine" / f"{name}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_references(ship: Path, floris: Path) -> None:
    """Write the reference turbines with published thrust."""
    for file, (name, title, rated, source) in REFERENCES.items():
        table = YAML(typ="safe", pure=True).load(floris / f"{file}.yaml")
        curves = table["power_thrust_table"]
        # Above the rated power the tables repeat it with rounding: no turbine gives more than its rating.
        power = [min(value, rated * 1000.0) for value in curves["power"]]
        head = [
            f"title: {title}",
            f'source: "{source}"',
            f"rated_power: {rated:g} MW",
            f"rotor_diameter: {table['rotor_diameter']} m",
            f"hub_height: {table['hub_height']} m",
        ]
        write_turbine(name, head, curves["wind_speed"], power, curves["thrust_coefficient"])
    leanwind = rows(ship / "leanwind_8mw_164_power_ct.csv")
    head = [
        "title: LEANWIND 8 MW reference turbine, rotor 164 m",
        'source: "Desmond et al. (2016), J. Phys.: Conf. Ser. 753, 092013; table of '
        'NREL turbine-models (BSD-3-Clause)"',
        "rated_power: 8 MW",
        "rotor_diameter: 164 m",
        'hub_height: {value: 110 m, source: "Desmond et al. (2016)"}',
    ]
    columns = ("Wind Speed [m/s]", "Power [kW]", "Ct [-]")
    write_turbine("leanwind-8-164", head, *([float(row[column]) for row in leanwind] for column in columns))


def grid(centre: tuple[float, float], area: float, count: int, taken: list[tuple[float, float]], gap: float):
    """Return `count` points of a square grid of the area's density, nearest to the centre, `gap` m away from others."""
    spacing = math.sqrt(area / count)
    reach = range(-40, 41)
    candidates = [(centre[0] + i * spacing, centre[1] + j * spacing) for i in reach for j in reach]
    free = [p for p in candidates if all(math.dist(p, other) >= gap for other in taken)]
    return sorted(sorted(free, key=lambda p: math.dist(p, centre))[:count])


def write_belgian_zone(ship: Path) -> None:
    """Write the 399 turbines: 241 at their surveyed place, 158 on grids of the right density."""
    surveyed: dict[str, list[tuple[str, float, float]]] = {}
    for row in rows(ship / "belgian_turbine_coordinates_osm.csv"):
        x, y = float(row["x_epsg25831"]), float(row["y_epsg25831"])
        check = transverse_mercator(float(row["lat"]), float(row["lon"]))
        assert math.dist(check, (x, y)) < 0.2, (row, check)
        farm = "Haliade" if "Haliade" in row["model"] else row["farm"]
        name = row["name"] or f"node {row['osm_id']}"
        surveyed.setdefault(farm, []).append((name, x, y))
    taken = [(x, y) for points in surveyed.values() for _, x, y in points]
    parts = []
    for row in rows(ship / "belgian_offshore_zone.csv"):
        farm, phase, count = row["farm"], row["phase"], int(row["n_turbines"])
        key = "Haliade" if "Haliade" in phase else farm.split(" - ")[-1]
        label = farm if phase == "1" else f"{farm} {phase}"
        if key in surveyed:
            points = sorted(surveyed[key])
            layout = "surveyed positions, OpenStreetMap"
            if len(points) < count:
                missing = count - len(points)
                centre = tuple(sum(p[k] for p in points) / len(points) for k in (1, 2))
                placed = grid(
                    centre, float(row["area_km2_emodnet"]) * 1e6, 16 * count, taken, 4.0 * float(row["rotor_m"])
                )
                points += [
                    (f"unsurveyed {k + 1}", round(x, 1), round(y, 1)) for k, (x, y) in enumerate(placed[:missing])
                ]
                taken += placed[:missing]
                layout += f"; assumption: {missing} that is missing there stands in a gap of the farm"
        else:
            area = float(row["area_km2_emodnet"]) * 1e6
            if farm == "C-Power" and phase != "2":
                area *= count / 24.0  # phases 1 and 3 share one polygon
            centre = transverse_mercator(float(row["lat"]), float(row["lon"]))
            placed = grid(centre, area, count, taken, 4.0 * float(row["rotor_m"]))
            taken += placed
            points = [(f"{k + 1:02d}", round(x, 1), round(y, 1)) for k, (x, y) in enumerate(placed)]
            layout = (
                "assumption: square grid of the farm's density around the centroid of its polygon, "
                "four rotor diameters away from other turbines"
            )
        assert len(points) == count, (label, len(points), count)
        parts.append((label, row, layout, points))
    lines = [
        "title: The Belgian offshore zone of 2020, 399 turbines",
        'source: "Farms, types and ratings: operators and FPS Economy. Positions of 241 turbines: OpenStreetMap by '
        'optiwindnet 0.3.2. The other 158 stand on grids (see layout of each group)."',
        'attribution: "© OpenStreetMap contributors, Open Database License 1.0"',
        "coordinates: EPSG:25831, east and north in m",
        "groups:",
    ]
    for label, row, layout, points in parts:
        lines += [
            f"  {label}:",
            f"    commissioned: {row['year']}",
            f"    turbine: {{extends: {TYPES[row['turbine']]}, hub_height: {row['hub_m']} m}}",
            f'    layout: "{layout}"',
            f"    names: [{', '.join(chr(34) + name + chr(34) for name, _, _ in points)}]",
            f"    x: [{', '.join(str(x) for _, x, _ in points)}]",
            f"    y: [{', '.join(str(y) for _, _, y in points)}]",
        ]
    (CONFIGS / "farm" / "belgian-zone.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


TIP = "tip at 200 m, rotor 167 m (oedigital.com, 2 September 2020)"
LIKE = "assumption: as that of Northwester 2"
BORSSELE = {
    "T1": ("Borssele I", 2020, "siemens-gamesa-sg-8.0-167", "8 MW", "116.5 m", TIP),
    "T2": ("Borssele II", 2020, "siemens-gamesa-sg-8.0-167", "8 MW", "116.5 m", TIP),
    "T3": ("Borssele III", 2021, "vestas-v164-9.5", "9.5 MW", "109 m", LIKE),
    "T4": ("Borssele IV", 2021, "vestas-v164-9.5", "9.5 MW", "109 m", LIKE),
    "T5": ("Borssele V", 2021, "vestas-v164-9.5", "9.5 MW", "109 m", LIKE),
}
PLACE = re.compile(r"(T\d)-(\d+)\s+(\d+)°([\d.]+)'N\s+(\d+)°([\d.]+)'E")


def write_borssele(data: Path) -> None:
    """Write the 173 turbines of the Borssele zone at their published positions."""
    table = YAML(typ="safe", pure=True).load(data / "Borssele.yaml")
    points: dict[str, list[tuple[str, float, float]]] = {part: [] for part in BORSSELE}
    for part, name, north, north_minutes, east, east_minutes in PLACE.findall(table["TURBINES"]):
        place = transverse_mercator(int(north) + float(north_minutes) / 60.0, int(east) + float(east_minutes) / 60.0)
        points[part].append((name, *place))
    assert sum(map(len, points.values())) == 173, {part: len(each) for part, each in points.items()}
    lines = [
        "title: The Borssele zone, 173 turbines, 1,502.5 MW",
        'source: "Ørsted and Blauwwind (94 x 8 MW in service from November 2020, 77 + 2 x 9.5 MW from January 2021). '
        'Positions: data of Wikimedia Commons, as optiwindnet 0.3.2 has them"',
        'attribution: "Positions of Borssele: Wikimedia Commons contributors, by optiwindnet 0.3.2"',
        "coordinates: EPSG:25831, east and north in m",
        "groups:",
    ]
    for part, (label, year, turbine, rated, hub, source) in BORSSELE.items():
        named = sorted(points[part])
        height = f'{{value: {hub}, source: "{source}"}}'
        lines += [
            f"  {label}:",
            f"    commissioned: {year}",
            f"    turbine: {{extends: {turbine}, rated_power: {rated}, hub_height: {height}}}",
            '    layout: "published positions"',
            f"    names: [{', '.join(chr(34) + name + chr(34) for name, _, _ in named)}]",
            f"    x: [{', '.join(f'{x:.1f}' for _, x, _ in named)}]",
            f"    y: [{', '.join(f'{y:.1f}' for _, _, y in named)}]",
        ]
    (CONFIGS / "farm" / "borssele.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_references(Path(sys.argv[1]), Path(sys.argv[2]))
    write_belgian_zone(Path(sys.argv[1]))
    write_borssele(Path(sys.argv[3]))

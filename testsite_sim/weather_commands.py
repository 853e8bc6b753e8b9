"""The command group `weather`: thin, it calls the library and prints."""

from pathlib import Path

import click


@click.group("weather")
def weather() -> None:
    """Weather records: generate, import, look at, fetch."""


@weather.command("generate")
@click.argument("climate")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="NetCDF file to write.")
@click.option("--years", type=int, default=1, show_default=True, help="Calendar years.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Root seed.")
@click.option("--member", type=click.IntRange(min=0), default=0, show_default=True, help="Number of the record.")
@click.option("--start", default="2001-01-01", show_default=True, help="First day (UTC).")
@click.option("--step", default="1 hour", show_default=True, help="A multiple of 10 min that divides a day.")
def generate_command(climate: str, output: Path, years: int, seed: int, member: int, start: str, step: str) -> None:
    """Generate a record of CLIMATE (a name of configs/climate or a YAML file)."""
    from testsite_sim.configuration.loading import load_component
    from testsite_sim.configuration.quantities import parse_quantity
    from testsite_sim.configuration.weather_climate import WeatherClimate
    from testsite_sim.errors import ConfigurationError
    from testsite_sim.weather.generator import generate_weather
    from testsite_sim.weather.writing import write_record

    try:
        seconds = parse_quantity(step, "s")
    except ValueError as error:
        raise ConfigurationError(f"--step: {error}; wanted such as `10 min` or `1 hour`.") from error
    loaded = load_component("climate", climate, WeatherClimate)
    record = generate_weather(loaded, start=start, years=years, step=seconds, seed=seed, member=member)
    write_record(record, output)
    click.echo(f"written to {output}: {record.sizes['time']} intervals of {seconds:g} s, mean wind speed "
               f"{float(record['wind_speed'].mean()):.2f} m/s at {float(loaded.wind.height):g} m")  # fmt: skip

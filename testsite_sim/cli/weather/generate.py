"""`testsite-sim weather generate`: a record of a climate."""

from pathlib import Path

import click

from testsite_sim.common.printing import echo


@click.command("generate", short_help="Generate years of weather of a climate.")
@click.argument("climate")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="NetCDF file to write.")
@click.option("--years", type=int, default=1, show_default=True, help="Number of calendar years.")
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True, help="Seed of the random numbers."
)
@click.option(
    "--member",
    type=click.IntRange(0, 2**63 - 1),
    default=0,
    show_default=True,
    help="Number of the record; another number gives other weather of the same seed.",
)
@click.option("--start", default="2001-01-01", show_default=True, help="First day (UTC).")
@click.option("--step", default="1 hour", show_default=True, help="Time step: a multiple of 10 min that divides a day.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def generate_command(
    climate: str, output: Path, years: int, seed: int, member: int, start: str, step: str, force: bool
) -> None:
    """Generate a record of CLIMATE (a name of configs/climate or a YAML file)."""
    from testsite_kernels.compiling.kernel_cache import announced

    from testsite_sim.chain.generated_records import generate_of_climate
    from testsite_sim.common.errors import ConfigurationError
    from testsite_sim.configuration.quantities import parse_quantity
    from testsite_sim.weather.writing import check_record_target, write_record

    check_record_target(output, force, [Path(climate)])
    try:
        seconds = parse_quantity(step, "s")
    except ValueError as error:
        raise ConfigurationError(f"--step: {error}; expected such as `10 min` or `1 hour`.") from error
    with announced(echo):
        record, height = generate_of_climate(climate, start=start, years=years, step=seconds, seed=seed, member=member)
    write_record(record, output)
    echo(
        f"written to {output}: {record.sizes['time']} intervals of {seconds:g} s, mean wind speed "
        f"{float(record['wind_speed'].mean()):.2f} m/s at {height:g} m"
    )

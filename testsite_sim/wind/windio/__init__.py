"""Plants in the format of IEA Wind Task 37 (windIO, schema 2.1): read, and written.

In comes a YAML file with what it includes, out a farm, a wind resource and a wake model for `annual_energy_production`.
A document marks what is read of it (`document`), one subject a file reads it; what is left over is refused by its path.
"""

from testsite_sim.wind.windio.reading import Plant, read_windio
from testsite_sim.wind.windio.writing import windio_resource, windio_yaml, write_plant, write_windio

__all__ = ["Plant", "read_windio", "windio_resource", "windio_yaml", "write_plant", "write_windio"]

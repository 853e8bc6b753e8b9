"""Storage, compression and refuelling of hydrogen: `pytest benchmarks/test_hydrogen_storage.py --benchmark-only`."""

import numpy as np
import pytest
from testsite_kernels.plant.delivery import simulate_pipe, simulate_trailer
from testsite_kernels.plant.refuelling import FLOWS, Delivery, StationSeries, simulate_station
from testsite_kernels.storage.banks import FLOWS as BANK_FLOWS
from testsite_kernels.storage.banks import BankSeries, BankStore, simulate_banks
from testsite_kernels.storage.compression import fill_compression, fill_table_work
from testsite_kernels.storage.properties import fill_pressure, fill_properties

from tests.plant.plants import START, fleet, station, store
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.storage import HydrogenPipeline, TubeTrailer
from testsite_sim.plant.banks import initial_mass, kernel_banks
from testsite_sim.plant.compression import electricity_table
from testsite_sim.plant.delivery import NO_PIPELINE, NO_TRAILER, kernel_pipeline, kernel_trailer, new_trailer
from testsite_sim.plant.demand import vehicle_arrivals
from testsite_sim.plant.properties import hydrogen
from testsite_sim.plant.station import kernel_arrivals, kernel_station, new_state

HOURS = 8760
POINTS = 20_000


def points():
    rng = np.random.default_rng(1)
    return np.exp(rng.uniform(np.log(1e5), np.log(900e5), POINTS)), rng.uniform(240.0, 400.0, POINTS)


def test_properties(gauge, benchmark):
    pressure, temperature = points()
    gauge(fill_properties, hydrogen(), pressure, temperature, np.empty((POINTS, 3)))
    benchmark.extra_info["points"] = POINTS


def test_pressure_of_density(gauge, benchmark):
    _, temperature = points()
    gauge(fill_pressure, hydrogen(), np.linspace(0.1, 50.0, POINTS), temperature, np.empty(POINTS))
    benchmark.extra_info["points"] = POINTS


def test_staged_compression(gauge, benchmark):
    suction, _ = points()
    suction = np.minimum(suction, 400e5)
    gauge(fill_compression, hydrogen(), suction[:2000], 2.0 * suction[:2000], 3, 298.15, 0.7, np.empty((2000, 4)))
    benchmark.extra_info["points"] = 2000


def test_compression_from_the_table(gauge, benchmark):
    suction, _ = points()
    table = electricity_table(store().compressor)
    gauge(fill_table_work, table, suction, np.minimum(2.0 * suction, 1000e5), np.empty(POINTS))
    benchmark.extra_info["points"] = POINTS


def test_a_store_for_a_year_of_hours(gauge):
    place = store()
    banks, table = kernel_banks(place.cascade, 200e5), electricity_table(place.compressor)
    rng = np.random.default_rng(2)
    supply, demand = 0.02 * rng.random(HOURS), 0.02 * rng.random(HOURS)
    out = BankSeries(np.empty((HOURS, len(BANK_FLOWS))), np.empty((HOURS, 2)), np.empty((HOURS, 2)))
    machine = BankStore(banks, table, 0.0167, 30e5, 20e5)
    gauge(lambda: simulate_banks(machine, initial_mass(place.cascade), np.empty(2), supply, demand, 3600.0, 12, out))


@pytest.mark.parametrize(
    ("name", "who", "rate"),
    [("lillo-400", "buses-antwerp-5", 400.0), ("halle-130", "forklifts-halle-75", 130.0),
     ("trucks-700", "trucks-20", 1200.0)],
    ids=["buses", "fork-lift trucks", "trucks"],
)  # fmt: skip
def test_a_station_for_a_year_of_hours(gauge, benchmark, name, who, rate):
    place = station(name)
    came = vehicle_arrivals([fleet(who)], START, START + np.timedelta64(365, "D"))
    offered = np.full(HOURS, rate / 86400.0)
    numbers = kernel_station(place)
    rooms = [np.empty((HOURS, columns)) for columns in (len(FLOWS), 2, 3, 3)]
    out = StationSeries(*rooms, delivery=np.zeros((HOURS, 8)))
    at_once = Delivery(False, NO_PIPELINE, 0.0, False, NO_TRAILER, new_trailer(NO_TRAILER))

    def year():
        vehicles, state = kernel_arrivals(came, START), new_state(place)
        simulate_station(numbers, vehicles, state, 3600.0, offered, at_once, out)

    gauge(year)
    benchmark.extra_info["vehicles"] = int(came.sizes["arrival"])


def test_a_pipeline_for_a_year_of_hours(gauge):
    pipe = kernel_pipeline(load_component("hydrogen-pipeline", "distribution-20km", HydrogenPipeline))
    rng = np.random.default_rng(2)
    gauge(simulate_pipe, pipe, pipe.capacity, rng.random(HOURS), rng.random(HOURS), 3600.0, np.empty((HOURS, 5)))


def test_trailers_for_a_year_of_hours(gauge):
    trailer = kernel_trailer(load_component("tube-trailer", "steel-200bar", TubeTrailer))
    demand = 0.01 * np.random.default_rng(2).random(HOURS)
    gauge(lambda: simulate_trailer(trailer, new_trailer(trailer), demand, 3600.0, np.empty((HOURS, 4))))


def test_arrivals_of_a_year(gauge):
    gauge(vehicle_arrivals, [fleet("bus-depot-40")], START, START + np.timedelta64(365, "D"))

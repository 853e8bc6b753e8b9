"""Banks of pressure vessels and a refuelling station, slow and plain: lists, and properties from the equation of state.

Written from the description of the kernels; pressures and densities come from CoolProp, work from the library's table.
"""

import numpy as np

from tests.reference import compression as gas
from testsite_sim.plant.compression import specific_electricity


class Vessels:
    """Banks as lists: volume, temperature, limits, mass."""

    def __init__(self, cascade, reached):
        self.banks = cascade.banks
        self.filling, self.drawing = cascade.order("filling_order"), cascade.order("drawing_order")
        self.capacity = [self.at(b, min(bank.maximum_pressure, reached)) for b, bank in enumerate(self.banks)]
        self.minimum = [self.at(b, bank.minimum_pressure) for b, bank in enumerate(self.banks)]
        self.mass = [self.at(b, bank.initial_pressure) for b, bank in enumerate(self.banks)]

    def at(self, b, pressure):
        bank = self.banks[b]
        return bank.volume * gas.density(pressure, bank.temperature)

    def rated(self, bank):
        return bank.volume * gas.density(bank.maximum_pressure, bank.temperature)

    def most_filling(self, bank):
        return bank.filling_per_capacity * self.rated(bank)

    def pressure(self, b):
        bank = self.banks[b]
        return gas.pressure(self.mass[b] / bank.volume, bank.temperature)

    def room(self, b, duration):
        return min(self.capacity[b] - self.mass[b], self.most_filling(self.banks[b]) * duration)

    def fill(self, compressor, suction, expected, duration):
        """Return mass taken [kg] and electricity [J]."""
        taken = energy = 0.0
        for b in self.filling:
            amount = min(expected - taken, self.room(b, duration))
            if amount > 0:
                before = self.pressure(b)
                self.mass[b] += amount
                if compressor is not None:
                    mean = 0.5 * (before + self.pressure(b))
                    energy += amount * float(specific_electricity(compressor, suction, mean))
                taken += amount
        return taken, energy

    def draw(self, receiver, expected, duration):
        """Return mass drawn [kg]; no bank falls below the receiver or its cushion."""
        drawn = 0.0
        for b in self.drawing:
            least = max(self.minimum[b], self.at(b, receiver))
            amount = min(
                expected - drawn,
                self.mass[b] - least,
                self.banks[b].withdrawal_per_capacity * self.rated(self.banks[b]) * duration,
            )
            if amount > 0:
                self.mass[b] -= amount
                drawn += amount
        return drawn


def simulate_store(store, supply, demand, step, parts):
    """Return rows of taken, delivered [kg/s], power [W] and bank masses [kg]."""
    machine = store.compressor
    vessels = Vessels(store.cascade, store.supply_pressure if machine is None else machine.maximum_discharge_pressure)
    rows = []
    for offered, expected in zip(supply, demand, strict=True):
        taken = delivered = energy = 0.0
        for _ in range(parts):
            dt = step / parts
            through = np.inf if machine is None else machine.capacity * dt
            direct = min(offered * dt, expected * dt)
            if store.delivery_pressure > store.supply_pressure:
                direct = min(direct, through)
                through -= direct
                energy += direct * float(specific_electricity(machine, store.supply_pressure, store.delivery_pressure))
            drawn = vessels.draw(store.delivery_pressure, expected * dt - direct, dt)
            stored, used = vessels.fill(machine, store.supply_pressure, min(offered * dt - direct, through), dt)
            taken, delivered, energy = taken + direct + stored, delivered + direct + drawn, energy + used
        rows.append((taken / step, delivered / step, energy / step, *vessels.mass))
    return np.array(rows)


def simulate_station(station, arrivals, supply, step):
    """Return totals of a station walked in steps of 2 s: taken, dispensed, unserved [kg], compression [J].

    `arrivals` lists (time [s], deadline [s], mass [kg], tank mass [kg], tank volume [m3], temperature [K], flow
    [kg/s]).
    """
    machine, buffer, dt = station.compressor, station.buffer, 2.0
    vessels = Vessels(station.cascade, machine.maximum_discharge_pressure)

    def held(pressure):
        return buffer.volume * gas.density(pressure, buffer.temperature)

    least = held(max(buffer.minimum_pressure, machine.minimum_suction_pressure))
    most = held(min(buffer.maximum_pressure, station.supply_pressure))
    rated = held(machine.rated_suction_pressure)
    content = held(buffer.initial_pressure)
    queue, hoses = list(arrivals), [None] * station.dispensers.number
    running = False
    totals = dict.fromkeys(("taken", "dispensed", "unserved", "compression"), 0.0)
    for second in np.arange(0.0, step * len(supply), dt):
        offered = supply[int(second // step)]
        for k, hose in enumerate(hoses):
            while hose is None and queue and queue[0][0] <= second:
                vehicle = queue.pop(0)
                if vehicle[1] <= second:
                    totals["unserved"] += vehicle[2]
                else:
                    hose = {"vehicle": vehicle, "begin": second, "left": vehicle[2]}
            hoses[k] = hose
        usable = [vessels.mass[b] - vessels.minimum[b] for b in range(len(vessels.mass))]
        whole = [vessels.capacity[b] - vessels.minimum[b] for b in range(len(vessels.mass))]
        if any(u < station.restart_level * w for u, w in zip(usable, whole, strict=True)):
            running = True
        elif all(u >= w * (1 - 1e-12) for u, w in zip(usable, whole, strict=True)):
            running = False
        lifted = machine.capacity * min(content / rated, 1.0) * dt if running else 0.0
        lifted = min(lifted, sum(vessels.room(b, dt) for b in range(len(vessels.mass))))
        accepted = max(min(offered * dt, vessels.most_filling(buffer) * dt, most - content + lifted), 0.0)
        lifted = max(min(lifted, content + accepted - least), 0.0)
        if lifted > 0:
            suction = gas.pressure(content / buffer.volume, buffer.temperature)
            lifted, energy = vessels.fill(machine, suction, lifted, dt)
            totals["compression"] += energy
        running = running and lifted > 0
        content += accepted - lifted
        totals["taken"] += accepted
        for k, hose in enumerate(hoses):
            if hose is None:
                continue
            _, deadline, _, tank, volume, temperature, flow = hose["vehicle"]
            if second >= hose["begin"] + station.dispensers.connection_time:
                expected = min(min(flow, station.dispensers.maximum_flow) * dt, hose["left"])
                density = (tank - hose["left"] + expected) / volume
                receiver = gas.pressure(density, temperature) + station.pressure_margin
                amount = vessels.draw(receiver, expected, dt)
                hose["left"] -= amount
                totals["dispensed"] += amount
            if hose["left"] <= 1e-9 or second + dt >= deadline:
                totals["unserved"] += max(hose["left"], 0.0)
                hoses[k] = None
    totals["stored"] = content + sum(vessels.mass)
    return totals

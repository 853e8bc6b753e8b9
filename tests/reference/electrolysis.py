"""A plant of PEM stacks without a table: currents by root finding, temperature by its equation, rainflow by ASTM."""

import numpy as np
from scipy.optimize import brentq

from tests.reference import rainflow

R, F, M, HHV = 8.31446261815324, 96485.33212331, 2.01588e-3, 285830.0 / 2.01588e-3


def pem_voltage(p, i, t):
    """Voltage [V] of a PEM cell of the kernel's parameters at i [A/m²], t [K]."""
    c = t - 273.15
    steam = 611.21 * np.exp((18.678 - c / 234.5) * c / (257.14 + c))
    e = p.reversible_voltage + p.reversible_slope * (t - 298.15)
    e += R * t / (2 * F) * np.log((p.cathode_pressure - steam) / 101325 * ((p.anode_pressure - steam) / 101325) ** 0.5)
    for transfer, exchange, energy in (
        (p.anode_transfer, p.anode_exchange, p.anode_activation),
        (p.cathode_transfer, p.cathode_exchange, p.cathode_activation),
    ):
        i0 = exchange * np.exp(-energy / R * (1 / t - 1 / p.exchange_temperature))
        e += R * t / (transfer * F) * np.arcsinh(i / (2 * i0))
    content = ((-2.89556 + 0.016 * t) + 1.625) / 0.1875 if np.isnan(p.water_content) else p.water_content
    conductivity = (0.5139 * content - 0.326) * np.exp(1268 * (1 / 303 - 1 / t))
    return e + i * (p.resistance + p.membrane_thickness / conductivity)


def faraday(q, i, t):
    return (q.f2 + q.f2_slope * (t - 273.15)) * i**2 / (q.f1 + q.f1_slope * (t - 273.15) + i**2)


class Plant:
    """Equal sharing of a plant whose stacks are all the same; powers per stack."""

    def __init__(self, plant, step):
        self.p, self.cell, self.k = plant.stated, plant.cell, plant.kernel_plant(step)
        self.step, self.area = step, plant.tables.area

    def ac_power(self, i):
        """AC power of a new stack at work at a current density: rectifier, circulation, drying, cooling."""
        t, a = self.cell.operating_temperature, self.p.auxiliaries
        dc = self.area * i * pem_voltage(self.cell.parameters, i, t)
        made = faraday(self.cell.efficiency, i, t) * i * self.area * M / (2 * F)
        rated_i = self.cell.rated_current_density
        rated = self.area * rated_i * pem_voltage(self.cell.parameters, rated_i, t) / a.rectifier.efficiency[-1]
        rectified = brentq(
            lambda x: x * np.interp(x / rated, a.rectifier.load, a.rectifier.efficiency) - dc, 0, 9 * rated, xtol=1e-6
        )
        drawn = float(a.circulation * self.p.stack_capacity) + a.drying * made + a.cooling * (dc - HHV * made)
        return rectified + drawn, dc

    def dc_power(self, ac):
        i = brentq(lambda x: self.ac_power(x)[0] - ac, 1.0, 2 * self.cell.rated_current_density, xtol=1e-9)
        return self.ac_power(i)[1]

    def current(self, dc, t, rise):
        return brentq(
            lambda i: self.area * i * (pem_voltage(self.cell.parameters, i, t) + rise) - dc, 1e-3, 1e5, xtol=1e-9
        )

    def warm(self, begin, heat):
        """Temperature at the end and in the mean of an interval."""
        top, c, g = self.cell.operating_temperature, self.k.heat_capacity, self.k.conductance
        fine = 400
        t, values = begin, []
        for _ in range(fine):
            values.append(t)
            final = self.k.ambient + heat / g
            t = min(final + (t - final) * np.exp(-g / c * self.step / fine), top)
        return t, (sum(values[1:]) + (begin + t) / 2) / fine

    def run(self, power):
        """Hydrogen [kg/s], temperature [K] and rise [V] of one stack through a power [W], as arrays."""
        t, rise, volts, stops, steady, on = self.k.ambient, 0.0, [], 0, 0.0, False
        made, temperatures, rises = [], [], []
        for ac in power:
            if ac < self.p.minimum_load * self.p.stack_capacity:
                stops += on
                on, hydrogen, heat = False, 0.0, 0.0
            else:
                share = 1.0 if on else 1 - float(self.p.start.cold_time) / self.step
                dc = self.dc_power(ac)
                start = (1 - share) * float(self.p.start.power * self.p.stack_capacity)
                mean = t
                for _ in range(1 if t >= self.cell.operating_temperature else 2):
                    i = self.current(dc, mean, rise)
                    hydrogen = share * i * faraday(self.cell.efficiency, i, mean) * self.area * M / (2 * F)
                    heat = share * dc + start - HHV * hydrogen
                    mean = self.warm(t, heat)[1]
                steady += dc / self.area / i * share * self.step
                volts.append(dc / self.area / i)
                on = True
            t = self.warm(t, heat)[0]
            a = self.p.ageing
            counted = sum(size * number for size, _, number in rainflow.count(volts))
            rise = a.steady * steady + a.cycling * counted + a.switching * stops
            made.append(hydrogen), temperatures.append(t), rises.append(rise)
        return np.array(made), np.array(temperatures), np.array(rises)

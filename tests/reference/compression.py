"""Staged compression straight from CoolProp's equation of state, slow and plain."""

import functools

import numpy as np


def coolprop(what, *pairs):
    """Return a property of normal hydrogen from CoolProp; `pairs` name and value of two others."""
    from CoolProp.CoolProp import PropsSI

    # Old versions take an array without axes for one without values.
    given = [each if isinstance(each, str) or np.ndim(each) else float(each) for each in pairs]
    return np.asarray(PropsSI(what, *given, "Hydrogen"))


@functools.cache
def _state():
    import CoolProp

    return CoolProp, CoolProp.AbstractState("HEOS", "Hydrogen")


def density(pressure, temperature):
    """Return density [kg/m3] of scalars, without the overhead of names."""
    library, state = _state()
    state.update(library.PT_INPUTS, float(pressure), float(temperature))
    return state.rhomass()


def pressure(density, temperature):
    """Return pressure [Pa] of scalars, without the overhead of names."""
    library, state = _state()
    state.update(library.DmassT_INPUTS, float(density), float(temperature))
    return state.p()


def work(p1, p2, stages, inlet, efficiency):
    """Return work and heat of the coolers [J/kg] and the outlet temperature of the last stage [K]."""
    total = heat = 0.0
    for stage in range(stages):
        low, high = (p1 * (p2 / p1) ** ((stage + k) / stages) for k in (0, 1))
        h1, s1 = coolprop("H", "P", low, "T", inlet), coolprop("S", "P", low, "T", inlet)
        w = (coolprop("H", "P", high, "S", s1) - h1) / efficiency
        total += w
        heat += h1 + w - coolprop("H", "P", high, "T", inlet)
        outlet = coolprop("T", "P", high, "H", h1 + w)
    return total, heat, outlet

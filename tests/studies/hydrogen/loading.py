"""The study as it ships, with changes."""

import numpy as np
import xarray as xr

from testsite_sim.configuration.loading import checked
from testsite_sim.configuration.overrides import load_overridden
from testsite_sim.configuration.study_hydrogen import Waterstof
from testsite_sim.studies.hydrogen import simulate_waterstof


def load(*overrides: str) -> Waterstof:
    """Return the study with overrides `a.b=VALUE`."""
    document, _ = load_overridden("waterstof/study", Waterstof, overrides)
    return checked(Waterstof, document)


def central(study: Waterstof, **drawn: float) -> xr.Dataset:
    """Return the member whose assumptions have their values, but for what is drawn (`__` for a dot)."""
    draws = {path.replace("__", "."): np.array([value]) for path, value in drawn.items()}
    return simulate_waterstof(study, draws).isel(member=0)

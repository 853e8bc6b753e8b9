"""A windIO plant as it is read: its farm, its wind, how it is modelled, and what of the file has no effect."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xarray as xr

from testsite_sim.configuration.plain_text import PLAIN, unprintable
from testsite_sim.wind.farm import Farm
from testsite_sim.wind.models import WakeModel
from testsite_sim.wind.windio.analysis import read_analysis
from testsite_sim.wind.windio.document import Document
from testsite_sim.wind.windio.farms import read_farms
from testsite_sim.wind.windio.includes import load_plant
from testsite_sim.wind.windio.resource import read_resource
from testsite_sim.wind.windio.selection import read_selection
from testsite_sim.wind.windio.site import read_rest


@dataclass(frozen=True, eq=False)
class Plant:
    """A plant as read.

    Parameters
    ----------
    name : str
        Its name.
    farm : Farm
        The turbines of all its wind farms.
    resource : xarray.Dataset
        The wind resource, as in `annual_energy_production`.
    model : WakeModel
        The wake model.
    blockage : str
        The blockage, as in `simulate_farm`.
    data : mapping
        The document, includes in their places.
    ignored_without_effect : mapping of str to str
        What the file states and what does not change the energy: path to the reason.
    is_whole : bool
        Whether all winds of the resource are run, or those that `run_configuration` chooses.
    """

    name: str
    farm: Farm
    resource: xr.Dataset
    model: WakeModel
    blockage: str
    data: Mapping[str, Any]
    ignored_without_effect: Mapping[str, str] = field(default_factory=dict)
    is_whole: bool = True


def read_windio(path: Path, *, include_root: Path | None = None) -> Plant:
    """Read a windIO plant: wind farms, turbines, wind resource and model.

    Every key of the file is used, listed in `Plant.ignored_without_effect` with the reason, or refused.

    Parameters
    ----------
    path : Path
        The file of the wind energy system.
    include_root : Path, optional
        The folder that includes may reach; None: the plant's own folder.

    Returns
    -------
    Plant
        The plant.

    Raises
    ------
    ConfigurationError
        When the file does not follow the schema, an include leaves the folder, or something is asked for that we have
        not: everything at once, by path, file and line.
    DataError
        When the wind resource alone is wrong, or one that is not modelled.
    """
    return read_document(load_plant(path, include_root))


def read_document(document: Document) -> Plant:
    """Return the plant of a document; see `read_windio`.

    Parameters
    ----------
    document : Document
        With includes in their places.
    """
    plant = document.attempt(lambda: document.root)
    if plant is None:
        document.finish(whole=False)
        raise AssertionError("a document that is not a mapping was read")
    for path, character in unprintable(document.data):
        document.refuse(path, f"found the character U+{ord(character):04X}; {PLAIN}.")
    name = document.attempt(lambda: read_rest(plant))
    farm = document.attempt(lambda: read_farms(plant))
    modelled = document.attempt(lambda: read_analysis(plant))
    selection = document.attempt(lambda: read_selection(plant))
    if name is None or farm is None or modelled is None or selection is None:
        document.finish(whole=False)
        raise AssertionError("a part of a plant is missing without a problem")
    identified = any(
        "turbine_identifiers" in layout for each in plant.parts("wind_farm") for layout in each.parts("layouts")
    )
    resource = document.attempt(lambda: read_resource(plant, farm, identified, modelled.wakes, selection))
    document.finish(whole=resource is not None)
    assert resource is not None
    return Plant(
        name,
        farm,
        resource,
        modelled.wakes,
        modelled.blockage,
        document.data,
        dict(document.ignored),
        selection.is_whole,
    )

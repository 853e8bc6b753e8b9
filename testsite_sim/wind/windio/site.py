"""What a windIO plant says of its site, its results and its purpose in addition to the wind and the turbines."""

from testsite_sim.wind.windio.document import Part

NOTHING_IS_PLACED = "the turbines stand where wind_farm has them; nothing is placed or optimised"


def read_rest(plant: Part) -> str:
    """Return the name of a plant, and list what does not change its energy.

    Raises
    ------
    Unusable
        When it has no name.
    """
    plant.ignore("simulation_output", "are results of another run")
    plant.ignore("scada_data", "are measurements, which are compared, not simulated")
    plant.ignore("optimisation", NOTHING_IS_PLACED)
    site = plant.part("site")
    site.ignore("name", "is a label")
    site.ignore("boundaries", NOTHING_IS_PLACED)
    site.ignore("exclusions", NOTHING_IS_PLACED)
    site.ignore("bathymetry", "no foundation and no wave is modelled with a windIO plant")
    site.ignore("roads", "nothing is built with a windIO plant")
    if "elevation" in site:
        site.refuse("elevation", "the flow over terrain is not modelled; state the wind at each turbine instead.")
    return plant.text("name")

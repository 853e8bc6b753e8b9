"""The models of the flow that a scenario names: known, and of an effect, or refused."""

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.wind import Wind
from testsite_sim.wind.farm_flow import BLOCKAGES
from testsite_sim.wind.models import DEFLECTIONS, MODELS, not_known


def check_models(wind: Wind) -> None:
    """Refuse names of models that do not exist, and a deflection of wakes that are not there.

    Raises
    ------
    ConfigurationError
        A sentence for each key, which begins with it.

    Examples
    --------
    >>> check_models(Wind(wake_model="turbopark", deflection="gaussian-2016", blockage="self-similar-2017"))
    """
    faults = [
        not_known(key, what, name, known)
        for key, what, name, known in (
            ("wake_model", "wake model", wind.wake_model, MODELS),
            ("deflection", "deflection", wind.deflection, DEFLECTIONS),
            ("blockage", "blockage", wind.blockage, BLOCKAGES),
        )
        if name is not None and name not in known
    ]
    model = MODELS.get(wind.wake_model)
    if wind.deflection is not None and model is not None and model.deficit == "none":
        faults.append(
            f"wind.deflection: found {wind.deflection!r}, and the wake model {wind.wake_model!r} has no wakes to "
            "deflect; expected a wake model with wakes, or no deflection."
        )
    if faults:
        raise ConfigurationError(*faults)

"""How a windIO plant is modelled: `attributes.analysis` as a wake model and a blockage.

What k_a and k_b mean, and which of its parts a plant may leave out, is docs/decisions/005-meaning-of-windio.md.
"""

from dataclasses import dataclass, replace

from testsite_sim.wind.models import MODELS, WakeModel
from testsite_sim.wind.windio.document import Part

DEFICITS = {"Jensen": "noj", "Bastankhah2014": "bastankhah", "TurbOPark": "turbopark"}
SUPERPOSITIONS = {"Linear": "linear", "Squared": "squared", "Max": "maximum"}
TURBULENCES = {"None": "none", "CrespoHernandez": "crespo-hernandez", "STF2017": "frandsen"}
DEFLECTIONS = {"None": "none", "Jimenez": "jimenez-2010", "Bastankhah2016": "gaussian-2016"}
BLOCKAGES = {"None": "none", "SelfSimilarityDeficit": "self-similar-2017"}
# The deficit for (wake averaging, axial induction) of each model; what is not here cannot be had.
VARIANTS = {
    "Jensen": {("center", "Madsen"): "top-hat", ("grid", "Madsen"): "top-hat-overlap"},
    "Bastankhah2014": {
        ("center", "Madsen"): "gaussian",
        ("center", "1D"): "gaussian-momentum",
        ("grid", "Madsen"): "gaussian-madsen-overlap",
        ("grid", "1D"): "gaussian-overlap",
    },
    "TurbOPark": {("grid", "1D"): "turbopark"},
}
PUBLISHED = {"Jensen": ("grid", "Madsen"), "Bastankhah2014": ("center", "Madsen"), "TurbOPark": ("grid", "1D")}
OTHER_PROGRAMS = {
    "HPC_config": "a setting of a cluster",
    "mesh": "a setting of code_saturne",
    "layers_description": "a setting of the atmospheric perturbation model of wayve",
    "APM_additional_terms": "a setting of the atmospheric perturbation model of wayve",
    "apm_grid": "a setting of the atmospheric perturbation model of wayve",
    "wm_coupling": "a setting of the atmospheric perturbation model of wayve",
}


@dataclass(frozen=True)
class Modelled:
    """How a plant is modelled."""

    wakes: WakeModel
    blockage: str = "none"


def read_analysis(plant: Part) -> Modelled:
    """Return the wake model and the blockage that a plant asks for; Bastankhah's where it asks for none.

    Raises
    ------
    Unusable
        When it asks for a model that is not among ours; why is among the problems of the document.
    """
    attributes = plant.part("attributes")
    attributes.part("flow_model").ignore("name", "names another program; this one runs what `analysis` asks for")
    analysis = attributes.part("analysis")
    for key, reason in OTHER_PROGRAMS.items():
        analysis.ignore(key, f"{reason}, which is not part of the wake models")
    analysis.choice("run_type", ["simulate"], "simulate")
    deficit = analysis.part("wind_deficit_model")
    name = deficit.choice("name", DEFICITS, "Bastankhah2014")
    model = replace(MODELS[DEFICITS[name]], deficit=_variant(analysis, name))
    if "ceps" in deficit:
        if name == "Jensen":
            deficit.refuse("ceps", "the wake of Jensen has no ceps; take it out.")
        else:
            width = deficit.number("ceps")
            if width <= 0.0:
                deficit.fail("ceps", f"is {width:g}; expected a number above 0.")
            model = replace(model, width_factor=width)
    model = replace(model, refers_to_source=deficit.flag("use_effective_ws", model.refers_to_source))
    superposition = analysis.part("superposition_model")
    if "ws_superposition" in superposition:
        expected = superposition.choice("ws_superposition", SUPERPOSITIONS, "Squared")
        model = replace(model, superposition=SUPERPOSITIONS[expected])
    model, ambient = _expansion(deficit, name, model)
    model = _deflection(analysis, model)
    return Modelled(_turbulence(analysis, model, ambient), _blockage(analysis))


def _deflection(analysis: Part, model: WakeModel) -> WakeModel:
    """Return the model with its deflection, which takes effect once its farm is yawed: windIO yaws no turbine."""
    part = analysis.part("deflection_model")
    if "name" in part:
        model = replace(model, deflection=DEFLECTIONS[part.choice("name", DEFLECTIONS, "None")])
    if "beta" in part and model.deflection == "jimenez-2010":
        beta = part.number("beta")
        if beta <= 0.0:
            part.fail("beta", f"is {beta:g}; expected a number above 0.")
        model = replace(model, jimenez_expansion_rate=beta)
    for key in ("name", "beta"):
        part.ignore(key, "no turbine is yawed, so no wake is deflected")
    return model


def _variant(analysis: Part, name: str) -> str:
    """Return the deficit with the rotor averaging and the induction that are asked for."""
    averaging = analysis.part("rotor_averaging")
    published = PUBLISHED[name]
    wake = averaging.choice("wake_averaging", ["center", "grid"], published[0])
    induction = analysis.choice("axial_induction_model", ["1D", "Madsen"], published[1])
    if averaging.choice("background_averaging", ["center", "grid"], "center") == "grid":
        averaging.refuse(
            "background_averaging",
            "the undisturbed wind is that at the hub, no mean over the rotor; expected center.",
        )
    points = ("grid", "n_x_grid_points", "n_y_grid_points")
    for key in points:
        averaging.ignore(
            key,
            "nothing is averaged over points of the rotor"
            if wake == "center"
            else "the mean over the rotor is its integral, the limit of many points",
        )
    for key in ("wind_speed_exponent_for_power", "wind_speed_exponent_for_ct"):
        averaging.ignore(key, "the undisturbed wind is not averaged, and the mean of one value is that value")
    variants = VARIANTS[name]
    if (wake, induction) not in variants:
        have = ", ".join(f"{each} with {other}" for each, other in variants)
        at = "rotor_averaging" if wake != published[0] else "axial_induction_model"
        analysis.fail(
            at, f"{name} with wake_averaging {wake} and {induction} induction is not among ours; there is {have}."
        )
    return variants[wake, induction]


def _expansion(deficit: Part, name: str, model: WakeModel) -> tuple[WakeModel, bool]:
    """Return the model with the growth of its wake, k = k_a TI + k_b, and whether TI is the ambient one."""
    expansion = deficit.part("wake_expansion_coefficient")
    stated = [key for key in ("k_a", "k_b") if key in expansion]
    if name == "TurbOPark" and stated:
        for key in stated:
            expansion.refuse(key, "the wake of TurbOPark grows with the turbulence alone; take it out.")
    elif len(stated) == 1:
        missing = "k_b" if stated == ["k_a"] else "k_a"
        expansion.fail(
            stated[0],
            f"stands without {missing}: k is k_a times the turbulence intensity plus k_b, and programs differ on what "
            f"holds where one is left out; write both (`{missing}: 0` for none).",
        )
    elif stated:
        growth = {key: expansion.number(key) for key in stated}
        for key, value in growth.items():
            if value < 0.0:
                expansion.fail(key, f"is {value:g}; expected zero or more.")
        model = replace(model, expansion_rate_per_intensity=growth["k_a"], expansion_rate=growth["k_b"])
    if "free_stream_ti" in expansion:
        if model.expansion_rate_per_intensity == 0.0:
            expansion.ignore("free_stream_ti", "the growth of the wake does not depend on turbulence")
        elif expansion.flag("free_stream_ti", False):
            return model, True
    return model, False


def _turbulence(analysis: Part, model: WakeModel, ambient: bool) -> WakeModel:
    """Return the model with the turbulence that wakes add, where it has an effect."""
    part, superposition = analysis.part("turbulence_model"), analysis.part("superposition_model")
    if model.expansion_rate_per_intensity == 0.0 or ambient:
        reason = "no wake depends on the turbulence that wakes add"
        for key in ("name", "coefficents"):
            part.ignore(key, reason)
        superposition.ignore("ti_superposition", reason)
        return replace(model, turbulence="none")
    name = part.choice("name", TURBULENCES, "None")
    if name == "None":
        part.ignore("coefficents", "there is no turbulence model")
        superposition.ignore("ti_superposition", "there is no turbulence model")
    elif "coefficents" in part:
        part.refuse("coefficents", "only the published coefficients are among ours; take them out.")
    if name != "None" and "ti_superposition" in superposition:
        expected = superposition.text("ti_superposition")
        if (name, expected) != ("STF2017", "Linear"):
            has = {
                "STF2017": "is added up (Linear)",
                "CrespoHernandez": "of the source that adds most is added by squares to the ambient one",
            }
            superposition.refuse("ti_superposition", f"is {expected!r}; with {name} the turbulence {has[name]}.")
    return replace(model, turbulence=TURBULENCES[name])


def _blockage(analysis: Part) -> str:
    """Return the blockage."""
    part = analysis.part("blockage_model")
    name = part.choice("name", BLOCKAGES, "None")
    for key in ("parameters", "ss_alpha"):
        if key in part:
            if name == "None":
                part.ignore(key, "there is no blockage model")
            else:
                part.refuse(key, f"{name} has its published parameters here; take it out.")
    return BLOCKAGES[name]

"""Variables of the side streams that SYMBIOSE matches."""

from testsite_sim.studies.waterstof.model.variables.layout import Periods, Variable, over_years


def of_symbiosis(periods: Periods) -> dict[str, Variable]:
    """Return the worth of matched side streams, and what of its cost the platform earns."""
    return {
        "symbiosis_matched": over_years(
            periods,
            lambda p: p.symbiosis.matched,
            "member scenario year stream",
            "see stream_unit, year-1",
            "side streams that find a user",
        ),
        "symbiosis_worth": over_years(
            periods,
            lambda p: p.symbiosis.worth,
            "member scenario year stream",
            "EUR year-1",
            "what side streams are sold for beyond their use as heat",
        ),
        "symbiosis_independence": over_years(
            periods,
            lambda p: p.symbiosis.independence,
            "member scenario year",
            "1",
            "part of the cost of the platform that its fees pay",
        ),
    }

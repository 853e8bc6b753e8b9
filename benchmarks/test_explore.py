"""What the page of `testsite-sim explore` waits for: the answer of the chain to a change, compiled already."""

import pytest

from testsite_sim.cases.scenario import read_scenario
from testsite_sim.explore.answers import answer
from testsite_sim.explore.changes import Changes, changed_case

CHANGES = {
    "plant": ("flanders-wind-farm/test-site", Changes(amounts={"plant.electrolysers.0.capacity": "20 MW"})),
    "costs": ("waterstof/halle-station", Changes(amounts={"economics.discount_rate": "4 %"})),
    "farm": ("flanders-wind-farm/test-site", Changes(amounts={"layout.spacing": "120 %"})),
    # Further apart, the zone would stand among the turbines of Borssele.
    "zone": ("flanders-wind-farm/belgian-zone", Changes(amounts={"layout.spacing": "110 %"})),
}


@pytest.mark.parametrize("change", CHANGES)
def test_answer_to_a_change(gauge, change: str) -> None:
    name, changes = CHANGES[change]
    base = read_scenario(name)
    first = answer(base)
    gauge(lambda: answer(changed_case(base, changes), first), rounds=5)

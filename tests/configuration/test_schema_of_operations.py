import json

import pytest

from testsite_sim.configuration.berths import OffshoreTestSite
from testsite_sim.configuration.climate import Climate
from testsite_sim.configuration.installation import Installation
from testsite_sim.configuration.maintenance import Maintenance
from testsite_sim.configuration.vessel import Vessel


@pytest.mark.parametrize("model", [OffshoreTestSite, Climate, Installation, Maintenance, Vessel])
def test_editors_can_be_given_the_schema_with_its_defaults(model):
    assert json.loads(json.dumps(model.model_json_schema()))["properties"]

"""Blades that would reach below the sea or ground are refused wherever a hub height can be stated."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from testsite_sim import ConfigurationError, load
from testsite_sim.wind import Turbine

NAME = "flanders-wind-farm/test-site"
GROUP = "farm.groups.prototypes.turbine"
SAID = r"hub_height is {hub} m under a rotor_diameter of {rotor} m: blades would reach below the sea or ground"


@pytest.mark.parametrize(
    ("overrides", "hub", "rotor"),
    [
        ({f"{GROUP}.hub_height": "10 m"}, "10", r"242\.24"),
        ({f"{GROUP}.hub_height": "121.12 m"}, r"121\.12", r"242\.24"),
        ({f"{GROUP}.rotor_diameter": "400 m"}, "150", "400"),
        (
            {"wind.neighbours": "test-site", "wind.neighbours.groups.prototypes.turbine.hub_height": "10 m"},
            "10",
            r"242\.24",
        ),
    ],
)  # fmt: skip
def test_an_override_is_refused_by_name(overrides: Mapping[str, str], hub: str, rotor: str) -> None:
    with pytest.raises(ConfigurationError, match=SAID.format(hub=hub, rotor=rotor)):
        load(NAME, overrides)


def test_a_hub_just_above_the_radius_is_taken() -> None:
    assert float(load(NAME, {f"{GROUP}.hub_height": "121.13 m"}).scenario.farm.groups["prototypes"].turbine.hub_height)


def test_a_turbine_of_a_layout_is_refused(tmp_path: Path) -> None:
    (tmp_path / "low.yaml").write_text("extends: vestas-v90-3.0\nhub_height: 45 m\n")
    rows = pd.DataFrame({"x": [0.0, 900.0], "y": [0.0, 0.0], "type": [str(tmp_path / "low.yaml")] * 2})
    with pytest.raises(ConfigurationError, match=SAID.format(hub="45", rotor="90")):
        load(NAME, {"farm": rows})
    rows.to_csv(tmp_path / "layout.csv", index=False)
    with pytest.raises(ConfigurationError, match=SAID.format(hub="45", rotor="90")):
        load(NAME, {"farm": str(tmp_path / "layout.csv")})


def test_a_value_of_a_sweep_is_refused_before_anything_runs() -> None:
    with pytest.raises(ConfigurationError, match=SAID.format(hub="10", rotor=r"242\.24")):
        load(NAME).sweep({f"{GROUP}.hub_height": ["150 m", "10 m"]}).check()


def test_a_turbine_made_in_python_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="expected above 110 m"):
        Turbine("low", 220.0, 10.0, [3.0, 25.0], [0.0, 1e6], [0.8, 0.1])

import numpy as np

from tools.compare_profiles import PAGE, table_lines, turbulence
from tools.validation_pages import marked


def test_the_table_of_the_decision_on_profiles_is_computed():
    said = marked(PAGE.read_text(encoding="utf-8"), "profiles").splitlines()
    lines = table_lines(None)
    assert said[: len(lines)] == lines


def test_turbulence_falls_from_unstable_to_stable_air():
    found = turbulence(np.array([-4.0, -1.0, 0.0, 1.0, 4.0]), np.full(5, 8.0))
    assert np.all(np.diff(found) < 0.0)
    assert 0.05 < found[2] < 0.12

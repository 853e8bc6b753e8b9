"""What several steps share: the checks of their inputs."""

from testsite_sim.common.inputs import Aligned, Variable, aligned_inputs, checked_number, refuse

__all__ = ["Aligned", "Variable", "aligned_inputs", "checked_number", "refuse"]

"""testsite-sim: a Flemish offshore wind test site in real weather, balanced by hydrogen.

The steps of the chain are sub-packages: `weather`, `wind`, `operations`, `hydrogen`, `balancing`, `economics`,
`studies`, `report`. Each takes a Dataset and its configuration and returns a Dataset.
"""

from testsite_sim.common.kernel_cache import prepare_kernel_cache

__version__ = "0.1.0"

prepare_kernel_cache()

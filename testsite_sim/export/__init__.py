"""Export: what has run in; a workbook, a document, LaTeX, CSV, Zarr or a PyPSA network out, whole or not at all.

`tables_of` gives the tables of a run, an ensemble, a sweep or a study with units, meaning and sources; `compared` those
of runs next to each other; `farm_table` the power of a farm over time, aggregated for models of energy systems;
`network_of` a scenario as a PyPSA network. `write_export` writes any of them.
"""

from typing import TYPE_CHECKING

from testsite_sim.common.exports import lazy_exports

if TYPE_CHECKING:
    from testsite_sim.export.aggregation import farm_table
    from testsite_sim.export.network import network_of
    from testsite_sim.export.tables import Column, Exported, Table, compared, tables_of
    from testsite_sim.export.writing import FORMATS, write_export

__all__ = [
    "FORMATS",
    "Column",
    "Exported",
    "Table",
    "compared",
    "farm_table",
    "network_of",
    "tables_of",
    "write_export",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "farm_table": "aggregation",
        "network_of": "network",
        "Column": "tables",
        "Exported": "tables",
        "Table": "tables",
        "compared": "tables",
        "tables_of": "tables",
        "FORMATS": "writing",
        "write_export": "writing",
    },
)

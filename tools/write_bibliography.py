"""Write `configs/evidence/references.bib`: the references of every evidence base that ships, as BibTeX.

python tools/write_bibliography.py
"""

from testsite_sim.configuration.catalogue import data_root, names
from testsite_sim.configuration.evidence import Evidence, Reference
from testsite_sim.configuration.loading import load_component
from testsite_sim.studies.framework.report.evidence import bibtex


def main() -> None:
    """Write the file."""
    references: dict[str, Reference] = {}
    for base in names("configs/evidence"):
        references |= load_component("evidence", base, Evidence).references
    text = bibtex(dict(sorted(references.items())))
    (data_root("configs") / "evidence" / "references.bib").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

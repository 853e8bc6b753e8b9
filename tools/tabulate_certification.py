"""Write the table of the test site in docs/validation/operations.md from a run of flanders-wind-farm/certification.

From a checkout, after `testsite-sim run flanders-wind-farm/certification -o RUN`:
`PYTHONPATH=.:kernels python tools/tabulate_certification.py RUN`.
"""

import json
import sys
from pathlib import Path

from tools.validation_pages import PAGES, with_marked

ROWS = (
    "days_to_power_curve",
    "days_to_capture_matrix",
    "starts_cut_off",
    "months_to_certificate",
    "berth_utilisation",
    "prototypes_per_year",
    "prototypes_arrived",
    "prototypes_unfinished",
    "failure_rate_before",
    "failure_rate_after",
    "certified_energy",
    "certified_energy_uncertainty",
    "value_of_test_site",
    "test_site_investment",
)


def main() -> None:
    """Write the table."""
    summary = json.loads((Path(sys.argv[1]) / "summary.json").read_text(encoding="utf-8"))
    lines = ["| quantity | value | unit | meaning |", "|---|---|---|---|"]
    for name in ROWS:
        entry = summary[name]
        lines.append(
            f"| {name.replace('_', ' ')} | {entry['value']:,.4g} | {entry['units']} | {entry['description']} |"
            if abs(entry["value"]) < 1e5
            else f"| {name.replace('_', ' ')} | {entry['value']:,.0f} | {entry['units']} | {entry['description']} |"
        )
    path = PAGES / "operations.md"
    path.write_text(with_marked(path.read_text(encoding="utf-8"), "certification", lines), encoding="utf-8")


if __name__ == "__main__":
    main()

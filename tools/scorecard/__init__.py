"""The scorecard: what is simulated, held against what was measured, on one page.

    python -m tools.scorecard --data ../shared/data/validate

runs the scenario of the Belgian zone as it ships, by the command line, in the wind that was measured, and writes
docs/validation/scorecard.md with its figures. The measurements are read where they are, and are not part of this
repository; a part whose data is not there is named on the page and left out.
"""

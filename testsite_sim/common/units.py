"""Spans of time and amounts of energy in SI."""

MINUTE = 60.0  # [s]
HOUR = 3600.0  # [s]
DAY = 24.0 * HOUR  # [s]
SECONDS_PER_YEAR = 365.0 * DAY  # the year of 8,760 h that annual amounts refer to
KILOWATT_HOUR = 3.6e6  # [J]
MEGAWATT_HOUR = 3.6e9  # [J]
GIGAWATT_HOUR = 3.6e12  # [J]

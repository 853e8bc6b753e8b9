"""Constants that several steps share."""

HOUR = 3600.0  # [s]
DAY = 24.0 * HOUR  # [s]
SECONDS_PER_YEAR = 365.0 * DAY  # the year of 8,760 h that annual amounts refer to
KILOWATT_HOUR = 3.6e6  # [J]
MEGAWATT_HOUR = 3.6e9  # [J]
GIGAWATT_HOUR = 3.6e12  # [J]
STANDARD_AIR_DENSITY = 1.225  # of power curves, IEC 61400-12-1 [kg/m3]
LOWER_HEATING_VALUE = 33.33 * KILOWATT_HOUR  # of hydrogen [J/kg]
HIGHER_HEATING_VALUE = 39.39 * KILOWATT_HOUR  # of hydrogen [J/kg]
FARADAY = 96485.33212  # [C/mol], exact (CODATA 2018)
HYDROGEN_MOLAR_MASS = 2.01588e-3  # [kg/mol]

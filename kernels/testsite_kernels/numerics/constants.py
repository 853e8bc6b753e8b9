"""Constants of nature and of substances, each once, in SI, with its source."""

GAS_CONSTANT = 8.31446261815324  # k N_A, exact since the SI of 2019 (CODATA 2018 and 2022) [J/(mol K)]
FARADAY = 96485.33212331  # e N_A, exact since the SI of 2019, here to 14 digits (CODATA 2018 and 2022) [C/mol]
ZERO_CELSIUS = 273.15  # exact, by definition of the degree Celsius [K]
COARE_ZERO_CELSIUS = 273.16  # as the bulk algorithm COARE 3.5 writes it [K]
STANDARD_ATMOSPHERE = 101325.0  # exact (CODATA 2022, "standard atmosphere") [Pa]

HYDROGEN_MOLAR_MASS = 2.01588e-3  # H2 (NIST Chemistry WebBook, SRD 69) [kg/mol]
OXYGEN_MOLAR_MASS = 31.9988e-3  # O2 (NIST Chemistry WebBook, SRD 69) [kg/mol]
WATER_MOLAR_MASS = HYDROGEN_MOLAR_MASS + 0.5 * OXYGEN_MOLAR_MASS  # H2O: as the reaction conserves mass [kg/mol]
OXYGEN_PER_HYDROGEN = 0.5 * OXYGEN_MOLAR_MASS / HYDROGEN_MOLAR_MASS  # by mass, 2 H2O -> 2 H2 + O2
WATER_PER_HYDROGEN = WATER_MOLAR_MASS / HYDROGEN_MOLAR_MASS  # by mass, what the reaction takes
POTASSIUM_HYDROXIDE_MOLAR_MASS = 56.1056e-3  # KOH (NIST Chemistry WebBook, SRD 69) [kg/mol]

HYDROGEN_PER_CHARGE = HYDROGEN_MOLAR_MASS / (2.0 * FARADAY)  # Faraday's law, two electrons a molecule [kg/C]
WATER_FORMATION_ENTHALPY = 285830.0  # given off, liquid, 298.15 K (CODATA key values, Cox et al. 1989) [J/mol]
HIGHER_HEATING_VALUE = WATER_FORMATION_ENTHALPY / HYDROGEN_MOLAR_MASS  # of hydrogen: 39.39 kWh/kg [J/kg]
LOWER_HEATING_VALUE = 33.33 * 3.6e6  # of hydrogen: 33.33 kWh/kg, as data sheets state (CODATA 33.32) [J/kg]
HYDROGEN_NORMAL_DENSITY = 0.08988  # at 0 °C and one standard atmosphere (Leachman et al. 2009) [kg/m³]

STANDARD_AIR_DENSITY = 1.225  # to which power curves refer (IEC 61400-12-1; ISO 2533 at sea level) [kg/m³]
STANDARD_GRAVITY = 9.80665  # exact (CODATA 2022, "standard acceleration of gravity") [m/s²]
EARTH_ROTATION = 7.292115e-5  # nominal mean angular velocity (IERS Conventions 2010, table 1.2) [rad/s]

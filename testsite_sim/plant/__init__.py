"""The hydrogen plant: power and demand in; hydrogen, pressure, heat, wear and consumption through time out."""

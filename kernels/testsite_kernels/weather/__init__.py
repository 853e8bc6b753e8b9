"""Weather: the generator of synthetic years, and waves and currents at sea."""

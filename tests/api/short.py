"""Three days of the test site, and a table of two turbines."""

NAME = "flanders-wind-farm/test-site"
SHORT = {
    "weather.start": "2023-01-01",
    "weather.end": "2023-01-04",
    "weather.climate": None,
    "economics.scale_to_year": "by-repetition",
}
# Of a table of turbines.
ROWS = {"type": ["iea-10mw"] * 2, "x": [0.0, 2e3], "y": [0.0] * 2, "farm": ["A", "B"], "name": ["first", "second"]}

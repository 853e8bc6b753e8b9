"""Generated weather, member by member: `pytest benchmarks/test_weather_generator.py --benchmark-only`."""

from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.weather_climate import WeatherClimate
from testsite_sim.weather.generator import generate_weather


def test_one_year_of_wind_in_ten_minutes(gauge):
    climate = load_component("climate", "westhinder", WeatherClimate)
    gauge(lambda: generate_weather(climate, start="2001-01-01", years=1, step=600.0))


def test_one_hourly_year_with_waves_temperature_and_price(gauge):
    climate = load_component("climate", "flemish-site", WeatherClimate)
    gauge(lambda: generate_weather(climate, start="2001-01-01", years=1))

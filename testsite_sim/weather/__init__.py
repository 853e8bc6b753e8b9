"""Weather: the name of a packaged record in, a Dataset over time and height out."""

from testsite_sim.weather.record import RecordSummary, list_records, open_record

__all__ = ["RecordSummary", "list_records", "open_record"]

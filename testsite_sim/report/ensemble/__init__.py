"""Report of an ensemble: its results in; figures and a page that opens offline out."""

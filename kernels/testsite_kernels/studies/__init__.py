"""Studies: adoption of a technology in a market, and clusters of plants."""

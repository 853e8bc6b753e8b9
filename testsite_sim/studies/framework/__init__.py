"""What all studies share.

- `registry`: what a study consists of.
- `configuration`: what every study states.
- `uncertainty`: which quantities have a range, members drawn from them, percentiles.
- `ranking`: what matters most to the outputs.
- `simulation`: a study as a whole, from its configuration to a Dataset.
- `words`: its words in one language.
- `calendar`: years, and values that are stated for some of them.
- `report`: the page of a study, its summary, and what its figures share.
"""

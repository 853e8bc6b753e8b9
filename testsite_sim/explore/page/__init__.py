"""The page of one session: its controls and its views, in Bokeh."""

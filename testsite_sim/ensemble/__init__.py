"""Ensembles: a scenario and a number in; the summary figures of so many members, each a run of the chain, out.

A member is a pure function of scenario, root seed and number: its weather, failures and forecasts, and its draw of
every quantity with a range. Members are reduced to their summaries as they finish, and are on disk then.
"""

"""Cases: what can be run, a file each; a scenario, an ensemble or a sweep of it, a sizing, a study, a windIO plant.

Each says how it simulates, summarises and draws (`case.Case`); `publishing.run_case` runs any of them in memory or into
a run directory, `run.Run` is what has run. `reading.read_case` finds out what a name or a file is.
"""

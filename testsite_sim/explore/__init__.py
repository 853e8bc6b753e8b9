"""A page on this machine, on which a scenario or a study is changed while the chain runs again: `testsite-sim explore`.

A case comes in; a server goes out. `controls` and `changes` say what can be changed and what was, as overrides;
`answers` and `study_answers` run again what follows a change and keep what stands before it; `page` shows it, in Bokeh,
with all state in the session.
"""

from testsite_sim.explore.server import LOOPBACK, PORT, serve

__all__ = ["LOOPBACK", "PORT", "serve"]

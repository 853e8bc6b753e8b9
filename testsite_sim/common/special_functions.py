"""Special functions of scipy, imported without the rest of its package, which takes ten times as long.

They are the same functions: scipy wraps them for other array libraries only where its environment asks for those.
"""

from importlib import import_module
from typing import Any

from testsite_sim.common.absent import defer
from testsite_sim.common.own_process import is_own_run

if is_own_run():
    defer("scipy.special")  # imported in full when something else asks for it
try:
    _functions: Any = import_module("scipy.special._ufuncs")
except ImportError:  # a version of scipy that keeps them elsewhere
    _functions = import_module("scipy.special")

eval_laguerre = _functions.eval_laguerre
gamma = _functions.gamma
gammainc = _functions.gammainc
gammaincinv = _functions.gammaincinv
log_ndtr = _functions.log_ndtr
ndtr = _functions.ndtr
ndtri = _functions.ndtri

"""What the maintenance kernels work on: failure modes, fleets of vessels, weather tables, the state of one replica.

All times are in steps of the weather record, fractions allowed. Indices: i turbine, m mode (a failure mode or a
scheduled task), c class of vessels, v vessel, t step, k crew. A mode has one open job per turbine at most; `job_number`
says which. Tables are record arrays, so that few arrays pass between functions.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.compile_options import bare_part

Table = NDArray[np.void]

CREW, CHARTER = 0, 1  # what a class does: daily trips with crews, or stays at sea while it is chartered
REMOTE = -1  # class of a mode that needs no vessel
EVENTS = (
    "failure",
    "warning",
    "remote",
    "travel",
    "transfer",
    "work",
    "pick-up",
    "return",
    "mobilisation",
    "charter",
)
FAILURE, WARNING, REMOTE_WORK, TRAVEL, TRANSFER, WORK, PICK_UP, RETURN, MOBILISATION, ON_CHARTER = range(10)
EVENT_COLUMNS = ("kind", "vessel_class", "vessel", "turbine", "mode", "start", "end", "technicians", "done")
MOST_CREWS = 32
MODE_BITS = 6  # of a job number: there are at most 64 modes

MODE = np.dtype(
    [
        ("scale", "f8"),  # Weibull scale, or the interval of a scheduled task
        ("shape", "f8"),  # Weibull shape, 1 for exponential
        ("scheduled", "?"),
        ("first", "f8"),  # scheduled: moment of the first task of the first turbine
        ("spread", "f8"),  # scheduled: time over which the turbines' first tasks spread
        ("warning", "f8"),  # time before a failure at which condition monitoring reports it; 0 for none
        ("detected", "f8"),  # share of the failures that it reports
        ("stops", "?"),  # the failure stops the turbine; else it runs until somebody works on it
        ("work", "f8"),
        ("technicians", "i8"),
        ("fleet", "i8"),  # class of vessels, or REMOTE
        ("priority", "i8"),  # the smallest goes first
        ("uninterrupted", "?"),  # the work must fit into one window
        ("runs", "?"),  # the turbine runs while people work on it
    ],
    align=True,
)
FLEET = np.dtype(
    [
        ("kind", "i8"),
        ("seats", "i8"),  # technicians of one vessel in one shift
        ("smallest_crew", "i8"),  # fewest technicians that a job takes
        ("transit", "f8"),
        ("transfer", "f8"),
        ("shift_begin", "f8"),  # begin of the first shift; shifts repeat every day
        ("shift_length", "f8"),
        ("visits", "i8"),  # turbines visited by one vessel in one shift
        ("reuse", "?"),  # a crew may take a further job in its shift
        ("minimum_work", "f8"),  # shortest stay worth a transfer
        ("window", "f8"),  # shortest weather window worth a sailing
        ("sailings", "i8"),  # of one vessel in one shift
        ("threshold", "i8"),  # pending jobs for which a vessel is chartered
        ("mobilisation", "f8"),
        ("charter", "f8"),
        ("overrun", "?"),  # a job begun is finished after the end of the charter
    ],
    align=True,
)
TURBINE = np.dtype(
    [
        ("stops", "i8"),  # open jobs that stop it
        ("down_since", "f8"),
        ("up_at", "f8"),  # until here its stops are booked
        ("busy_until", "f8"),  # somebody works on it
    ],
    align=True,
)
JOB = np.dtype(
    [
        ("clock", "f8"),  # next failure, warning or task
        ("failure", "f8"),  # the failure that a warning announces, or the next one on a calendar clock
        ("draws", "i8"),  # random numbers used
        ("warned", "?"),  # a warning is due, or the open job came from one and the turbine still runs
        ("open", "?"),
        ("left", "f8"),  # work left
    ],
    align=True,
)
VESSEL = np.dtype(
    [
        ("fleet", "i8"),
        ("number", "i8"),  # within its class
        ("waiting", "?"),  # a new job may wake it
        ("state", "i8"),  # crew: 0 port, 1 sea; charter: 0 idle, 1 mobilising, 2 on charter
        ("until", "f8"),  # end of the weather window in the shift, or of the charter
        ("charter_begin", "f8"),
        ("aboard", "i8"),  # technicians aboard and fresh
        ("sailed", "i8"),  # sailings in this shift
        ("visits", "i8"),  # turbines visited in this shift
        ("out", "i8"),  # crews on turbines
        ("slots", "i8"),  # bit s: the pick-up s places before the end of the window is taken
    ],
    align=True,
)
OUT_CREW = np.dtype([("finish", "f8"), ("technicians", "i8"), ("turbine", "i8"), ("mode", "i8"), ("slot", "i8")])
MODE_TALLY = np.dtype([("down", "f8"), ("energy_lost", "f8"), ("failures", "f8"), ("completed", "f8"), ("work", "f8")])
FLEET_TALLY = np.dtype([("trips", "f8"), ("mobilisations", "f8"), ("charter", "f8")])


class Shares(NamedTuple):
    """The share of each step in which a turbine may run, among those of the whole fleet that it is part of.

    `flat` holds the shares of all turbines, or nothing, where they are not kept; `place` (i) is where those of a
    turbine begin, and `stride` leads from one of its steps to the next.
    """

    flat: NDArray[np.float32]
    place: NDArray[np.int64]
    stride: int


NO_SHARES = Shares(np.empty(0, np.float32), np.empty(0, np.int64), 1)


class World(NamedTuple):
    """All that a replica reads and writes."""

    modes: Table  # (m) MODE
    fleets: Table  # (c) FLEET
    runs: NDArray[np.int32]  # (c, t) good steps from t on
    good_starts: NDArray[np.int32]  # (c, t + 1) next good step
    before: NDArray[np.int32]  # (c, t + 1) good steps before t
    position: NDArray[np.int32]  # (c, n) step of the n-th good one
    mode_starts: NDArray[np.int32]  # (m, t + 1) next start of an uninterrupted repair
    energy: NDArray[np.float64]  # (1 or i, t + 1) potential energy [J] produced before step t
    turbines: Table  # (i) TURBINE
    jobs: Table  # (i, m) JOB
    vessels: Table  # (v) VESSEL
    crews: Table  # (v, k) OUT_CREW
    soonest: NDArray[np.float64]  # (i) earliest clock
    wake: NDArray[np.float64]  # (v) next action
    queue: NDArray[np.int32]  # (c, 1 + job): the number of open jobs, then the jobs by priority and age
    mode_tally: Table  # (m) MODE_TALLY
    fleet_tally: Table  # (c) FLEET_TALLY
    counters: NDArray[
        np.int64
    ]  # (5) events, of which the log holds the first; whether a clock has changed; day, used pool; first step counted
    shares: Shares
    events: NDArray[np.float64]  # (row, 9) in the order of EVENT_COLUMNS, or (0, 9)


class Run(NamedTuple):
    """The scalars of a replica."""

    horizon: float
    day: float  # steps of a day
    operating_clocks: bool
    pool: int  # technicians that the crew vessels of a shift share; 0: each vessel has its own
    seed: int
    member: int


def new_world(
    modes: Table,
    fleets: Table,
    count: NDArray[np.int64],
    turbines: int,
    tables: tuple[NDArray[np.int32], ...],
    energy: NDArray[np.float64],
    shares: Shares,
    events: NDArray[np.float64],
    begin: int = 0,
) -> World:
    """Return the arrays of a replica of a number of turbines, and of vessels by class, `count`, shape (class,).

    `begin` is the step from which on is counted: what comes before brings the fleet into its steady state. Energy,
    shares and the log begin there.
    """
    vessels = np.zeros(int(count.sum()), VESSEL)
    vessels["fleet"] = np.repeat(np.arange(count.size), count)
    vessels["number"] = np.concatenate([np.arange(n) for n in (*count, 0)])
    runs, good_starts, before, position, mode_starts = tables
    return World(
        modes,
        fleets,
        runs,
        good_starts,
        before,
        position,
        mode_starts,
        energy,
        np.zeros(turbines, TURBINE),
        np.zeros((turbines, modes.size), JOB),
        vessels,
        np.zeros((vessels.size, MOST_CREWS), OUT_CREW),
        np.zeros(turbines),
        np.zeros(vessels.size),
        np.zeros((count.size, 1 + turbines * modes.size), np.int32),
        np.zeros(modes.size, MODE_TALLY),
        np.zeros(count.size, FLEET_TALLY),
        np.array([0, 0, 0, 0, begin]),
        shares,
        events,
    )


@bare_part
def job_number(i: int, m: int) -> int:
    """Return the number of the job of mode m on turbine i."""
    return i << MODE_BITS | m


@bare_part
def turbine_of(number: int) -> int:
    """Return the turbine of a job."""
    return number >> MODE_BITS


@bare_part
def mode_of(number: int) -> int:
    """Return the mode of a job."""
    return number & ((1 << MODE_BITS) - 1)

"""How long a measurement campaign takes from every start: bins of conditions that must each be seen for some time."""

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.compile_options import kernel


@kernel
def completion_steps(
    bins: NDArray[np.int16], required: NDArray[np.float64], total: float, completion: NDArray[np.int32]
) -> None:
    """Fill `completion[t]`: the first step by whose begin a campaign from t is complete; -1 if the record ends first.

    Complete: bin b seen for `required[b]` steps, and all bins together for `total` steps. `bins[t]` is the bin of step
    t, -1 where the step is not valid. A later start is never complete earlier, so one window slides over the record:
    its end moves on until it holds enough, its beginning by one step.
    """
    counts = np.zeros(required.size)
    missing = 0
    for b in range(required.size):
        missing += required[b] > 0.0
    seen = 0.0
    end = 0
    for t in range(bins.size):
        end = max(end, t)
        while end < bins.size and (missing > 0 or seen < total):
            b = bins[end]
            if b >= 0:
                missing -= counts[b] < required[b] and counts[b] + 1.0 >= required[b]
                counts[b] += 1.0
                seen += 1.0
            end += 1
        completion[t] = end if missing == 0 and seen >= total else -1
        b = bins[t]
        if b >= 0 and end > t:
            missing += counts[b] >= required[b] and counts[b] - 1.0 < required[b]
            counts[b] -= 1.0
            seen -= 1.0


@kernel
def berth_campaigns(
    arrivals: NDArray[np.float64],
    installed: NDArray[np.int32],
    complete: NDArray[np.int32],
    removed: NDArray[np.int32],
    closes: NDArray[np.float64],
    berth: NDArray[np.int32],
    moments: NDArray[np.float64],
) -> None:
    """Give each prototype a berth in the order of arrival, and follow it until it leaves.

    `arrivals` (member, prototype) rising, in steps. Tables: `installed[t]`, the step by which a prototype is installed
    that is asked for at step t; `complete` (berth, t), the step by which the campaign from t is complete; `removed[t]`;
    all -1 if never. `closes` (berth): the step by which a berth must be empty, 0 for one that is not to be used. Fills
    `berth` (member, prototype), -1 if there is no end within record and permit, and `moments` (member, prototype, 4):
    begin on the berth, installed, complete, gone. The berth that is free first is taken.
    """
    berths, size = complete.shape
    free = np.empty(berths)
    for k in range(arrivals.shape[0]):
        for b in range(berths):
            free[b] = 0.0 if closes[b] > 0.0 else np.inf
        for n in range(arrivals.shape[1]):
            b = int(np.argmin(free))
            berth[k, n] = -1
            moments[k, n, :] = np.nan
            requested = max(arrivals[k, n], free[b])
            if requested > size - 1:
                continue
            begin = int(np.ceil(requested))
            ready = installed[begin]
            done = complete[b, ready] if ready >= 0 else -1
            gone = removed[done] if done >= 0 else -1
            if gone < 0 or gone > closes[b]:
                free[b] = np.inf
                continue
            berth[k, n] = b
            moments[k, n, 0] = begin
            moments[k, n, 1] = ready
            moments[k, n, 2] = done
            moments[k, n, 3] = gone
            free[b] = gone

"""A linear program, mixed-integer or not, collected block by block and solved by HiGHS.

Source of the solver: Huangfu and Hall (2018), Math. Prog. Comp. 10, 119-142.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from testsite_kernels.numerics.arrays import Floats

MEGA = 1e6  # powers in MW inside a program, for its numerics


class Program:
    """A linear program, mixed-integer where columns say so: columns and rows, collected block by block."""

    def __init__(self) -> None:
        self.lower: list[Floats] = []
        self.upper: list[Floats] = []
        self.cost: list[Floats] = []
        self.integer: list[NDArray[np.bool_]] = []
        self.columns = 0
        self.rows = 0
        self.is_infeasible = False  # as HiGHS found
        self.row_lower: list[Floats] = []
        self.row_upper: list[Floats] = []
        self.entries: list[tuple[NDArray[np.int64], NDArray[np.int64], Floats]] = []

    def add(
        self, count: int, lower: ArrayLike, upper: ArrayLike, cost: ArrayLike = 0.0, integer: bool = False
    ) -> NDArray[np.int64]:
        """Add columns and return their numbers."""
        for bag, value in ((self.lower, lower), (self.upper, upper), (self.cost, cost)):
            bag.append(np.broadcast_to(np.asarray(value, np.float64), (count,)))
        self.integer.append(np.full(count, integer))
        self.columns += count
        return np.arange(self.columns - count, self.columns)

    def require(
        self,
        count: int,
        terms: Sequence[tuple[NDArray[np.int64], ArrayLike]],
        lower: ArrayLike,
        upper: ArrayLike,
    ) -> None:
        """Add rows, lower ≤ sum of coefficient × column ≤ upper; a longer term adds up in one row."""
        rows = np.arange(self.rows, self.rows + count)
        for columns, coefficient in terms:
            where = rows if columns.size == count else np.full(columns.size, rows[0])
            values = np.broadcast_to(np.asarray(coefficient, np.float64), (columns.size,))
            self.entries.append((where, columns, np.asarray(values)))
        self.row_lower.append(np.broadcast_to(np.asarray(lower, np.float64), (count,)))
        self.row_upper.append(np.broadcast_to(np.asarray(upper, np.float64), (count,)))
        self.rows += count

    def require_change(
        self,
        content: NDArray[np.int64],
        terms: Sequence[tuple[NDArray[np.int64], ArrayLike]],
        lower: ArrayLike,
        upper: ArrayLike,
    ) -> None:
        """Add rows of `terms` less the content of the interval before."""
        steps = content.size
        self.require(steps, terms, lower, upper)
        rows = np.arange(self.rows - steps + 1, self.rows)
        self.entries.append((rows, content[:-1], np.full(steps - 1, -1.0)))

    def solve(self, nodes: int = 0) -> tuple[Floats, float, float] | None:
        """Maximise; `nodes` are the most that are searched where columns are integer.

        Returns columns, objective and bound, or None where it `is_infeasible` or HiGHS gave up before it had one.
        There is no bound of a linear program that was not solved to its end.

        Raises
        ------
        MemoryError
            When HiGHS has not enough memory, wherever in its search.
        """
        # Few programmes are solved in a run, and in most none: what solves them is imported then.
        import highspy
        from scipy import sparse

        from testsite_sim.dispatch.highs import SilentHighs

        row, column, value = (np.concatenate(part) for part in zip(*self.entries, strict=True))
        matrix = sparse.csc_matrix((value, (row, column)), shape=(self.rows, self.columns))
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = self.columns, self.rows
        program.col_cost_ = np.concatenate(self.cost)
        program.col_lower_, program.col_upper_ = np.concatenate(self.lower), np.concatenate(self.upper)
        program.row_lower_, program.row_upper_ = (
            np.concatenate(self.row_lower),
            np.concatenate(self.row_upper),
        )
        program.sense_ = highspy.ObjSense.kMaximize
        program.a_matrix_.start_ = matrix.indptr
        program.a_matrix_.index_ = matrix.indices
        program.a_matrix_.value_ = matrix.data
        whole = np.concatenate(self.integer)
        if whole.any():
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            program.integrality_ = [kinds[int(flag)] for flag in whole]
        highs: Any = SilentHighs()  # type: ignore[no-untyped-call]
        highs.setOptionValue("mip_max_nodes", nodes)
        highs.setOptionValue("mip_rel_gap", 1e-9)
        highs.setOptionValue("parallel", "off")  # `threads` would fail where HiGHS ran before with another number
        highs.passModel(program)
        highs.run()
        status, ends = highs.getModelStatus(), highspy.HighsModelStatus
        if status == ends.kMemoryLimit:  # HiGHS reports no error then, and the answer would be another plan
            raise MemoryError(f"HiGHS has not enough memory for a program of {self.columns} columns")
        self.is_infeasible = status in (ends.kInfeasible, ends.kUnboundedOrInfeasible)  # all columns are bounded
        solution = highs.getSolution()
        if not solution.value_valid or highs.getInfo().primal_solution_status != 2:
            return None
        objective = highs.getInfo().objective_function_value
        bound = highs.getInfo().mip_dual_bound
        if not whole.any():
            bound = objective if status == ends.kOptimal else np.inf
        return np.asarray(solution.col_value), float(objective), float(bound)

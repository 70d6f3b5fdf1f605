"""HiGHS: the flow as a linear programme, and the hours layer as an integer one. See :mod:`bench.matching.peer`.

Hours: what a helper is to give to all chosen households together stays within the helper's free half-hours.
"""

import highspy
import numpy as np

from bench.matching import peer

FLOW, HOURS = "linear programme", "integer programme of the hours"
LIMIT = 600.0  # seconds


def solve(table: peer.Table, goal: peer.Objective, clock: peer.Clock, how: str) -> peer.Ints:
    """One column for each pair and for each place; a row for each household and helper (and for a helper's hours)."""
    with clock.timed("build"):
        model = programme(table, goal, how == HOURS)
        solver = highspy.Highs()
        solver.setOptionValue("log_to_console", False)
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("time_limit", LIMIT)
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.setOptionValue("mip_abs_gap", 0.5)
        solver.passModel(model)
    with clock.timed("solve"):
        solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise SystemExit(f"not solved: {solver.modelStatusToString(solver.getModelStatus())}")
    values = np.array(solver.getSolution().col_value[: table.helper.size])
    return np.flatnonzero(values > 0.5)


def programme(table: peer.Table, goal: peer.Objective, hours: bool) -> highspy.HighsLp:
    """Maximise worth of places and gain of pairs."""
    n, m, pairs = table.helper_places.size, table.urgency.size, table.helper.size
    household, classes = peer.places(table)
    rows = [table.household, m + table.helper] + ([m + n + table.helper] if hours else [])
    weights = [np.ones(pairs), np.ones(pairs)] + ([table.pair_half_hours] if hours else [])
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = pairs + household.size, m + n * len(rows[1:])
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = np.concatenate([goal.gain, classes * goal.weight]).astype(float)
    model.col_lower_, model.col_upper_ = np.zeros(model.num_col_), np.ones(model.num_col_)
    free = [table.helper_hours] if hours else []
    model.row_lower_ = np.concatenate([np.zeros(m), np.full(model.num_row_ - m, -highspy.kHighsInf)])
    model.row_upper_ = np.concatenate([np.zeros(m), table.helper_places, *free]).astype(float)
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kColwise
    starts = np.arange(pairs + 1) * len(rows)
    matrix.start_ = np.concatenate([starts, starts[-1] + 1 + np.arange(household.size)]).astype(np.int32)
    matrix.index_ = np.concatenate([np.stack(rows, axis=1).ravel(), household]).astype(np.int32)
    matrix.value_ = np.concatenate([np.stack(weights, axis=1).ravel(), -np.ones(household.size)])
    model.a_matrix_ = matrix
    if hours:
        model.integrality_ = [highspy.HighsVarType.kInteger] * model.num_col_
    return model


if __name__ == "__main__":
    peer.run("HiGHS", "highspy", solve, (FLOW, HOURS))

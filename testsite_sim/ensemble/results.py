"""What a finished ensemble leaves: its members, their draws, and the statistics, as Datasets and as a summary."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from testsite_sim.ensemble.plan import Plan
from testsite_sim.ensemble.sensitivity import analyse
from testsite_sim.ensemble.statistics import Output, ensemble_statistics
from testsite_sim.ensemble.store import Rows
from testsite_sim.ensemble.variation import held_draw

TOLD = (5, 50, 95)  # percentiles of the summary
ENERGY, EXCEEDED = "annual_energy_production", "exceeded_in_90_percent"  # of which a bank asks for P90


def ensemble_results(
    plan: Plan, outputs: Sequence[Output], rows: Rows, tabled: Rows | None = None
) -> dict[str, xr.Dataset]:
    """Return the Datasets of an ensemble.

    Parameters
    ----------
    plan : Plan
        Whose members they are.
    outputs : sequence of Output
        What the columns are.
    rows : ndarray, shape (cases, output)
        As the store holds them; of the members that count, member 0 first.
    tabled : ndarray, shape (point, output), optional
        Member 0 with its flow read from the table of the farm, where that of the members is; NaN for a scenario whose
        members run exactly.

    Returns
    -------
    dict of str to xarray.Dataset
        `members`: every output over (member[, point]), member 0 included; `draws`: the drawn quantities (member,) in
        SI; `statistics` of members 1 and on, or, of a sensitivity analysis, its `sensitivity`.
    """
    rows = rows[: plan.cases]
    members = rows.shape[0] // plan.points
    cube = rows.reshape(members, plan.points, len(outputs))
    number = ("member", np.arange(members), {"long_name": "number of the member; 0 is the scenario as it stands"})
    coordinates: dict[str, Any] = {"member": number, **_swept(plan)}
    dims = ("member", "point") if plan.points > 1 else ("member",)
    figures = xr.Dataset(
        {
            output.name: (
                dims,
                cube[..., k] if plan.points > 1 else cube[:, 0, k],
                {"units": output.units, "long_name": output.description},
            )
            for k, output in enumerate(outputs)
        },
        coords=coordinates,
    )
    drawn = _drawn(plan, members)
    draws = xr.Dataset(
        {
            each.path: ("member", drawn[:, k], {"units": each.units, "range": [each.low, each.high]})
            for k, each in enumerate(plan.assumptions)
        },
        coords={"member": number},
    )
    found = {"members": figures, "draws": draws}
    if plan.design is not None:
        return {**found, "sensitivity": analyse(plan, outputs, rows[1:])}
    statistics = ensemble_statistics(outputs, cube[0], cube[1:]).assign_coords(_swept(plan))
    if tabled is not None:
        about = {
            "long_name": "value of the scenario as it stands, its flow read from the table of the farm; missing where "
            "the flow of the members is exact"
        }
        statistics["central_by_table"] = (("point", "output"), tabled, about)
    return {**found, "statistics": statistics}


def _drawn(plan: Plan, members: int) -> Rows:
    """Return the drawn quantities (member, assumption) in SI, those of the scenario for member 0.

    They are those that the first scenario of the plan ran with, where draws that contradict each other were pulled.
    """
    source, paths = plan.draws(), [each.path for each in plan.assumptions]
    table = np.empty((members, len(paths)))
    table[0] = [each.value for each in plan.assumptions]
    for member in range(1, members):
        values = source.values(member)
        values |= held_draw(plan.scenarios[0], {path: value for path, value in values.items() if plan.has(0, path)})
        table[member] = [values[path] for path in paths]
    return table


def _swept(plan: Plan) -> dict[str, Any]:
    """Return the coordinates of the scenarios of a sweep: each key as text."""
    if plan.points == 1:
        return {}
    keys = list(plan.labels[0])
    return {key: ("point", [str(label[key]) for label in plan.labels]) for key in keys}


Summary = dict[str, dict[str, Any]]


def summary_of(results: Mapping[str, xr.Dataset], members: int) -> Summary:
    """Return the summary of an ensemble, of its statistics or of its sensitivity.

    P5, P50, P95 and mean of every output, of the energy of a year also what 90 % of the members exceed, each with its
    standard error; of a sweep each with the number of its point,
    and the scenario as it stands; of a sensitivity analysis the indices of every factor.
    """
    if "sensitivity" in results:
        return _sensitivity_summary(results["sensitivity"])
    statistics = results["statistics"]
    found: dict[str, dict[str, Any]] = {
        "members": {"value": float(members), "units": "count", "description": "members of the ensemble"}
    }
    for point in range(statistics.sizes["point"]):
        for row, name in enumerate(statistics["output"].to_numpy().tolist()):
            chosen = statistics.isel(point=point, output=row)
            units, text = str(chosen["units"].item()), str(chosen["description"].item())
            if missing := int(chosen["missing"]):
                text += f"; {missing} of {members} members have no value and are left out"
            mark = f"_at_{point}" if statistics.sizes["point"] > 1 else ""
            if members == 0:
                found[f"{name}{mark}"] = _entry(chosen["central"], chosen["central"] * np.nan, units, text)
                continue
            for level in TOLD:
                each = chosen.sel(percentile=level)
                found[f"{name}_p{level}{mark}"] = _entry(
                    each["percentile_value"],
                    each["percentile_error"],
                    units,
                    f"{text}; not exceeded in {level} % of the members",
                )
            if name == ENERGY:
                each = chosen.sel(percentile=10)
                value, error = each["percentile_value"], each["percentile_error"]
                found[f"{name}_{EXCEEDED}{mark}"] = _entry(
                    value, error, units, f"{text}; exceeded in 90 % of the members: the P90 of a bank"
                )
            found[f"{name}_mean{mark}"] = _entry(
                chosen["mean"], chosen["mean_error"], units, f"{text}; mean of the members"
            )
    return found


def _sensitivity_summary(sensitivity: xr.Dataset) -> Summary:
    """Return the index of every factor for every output that varies."""
    name, error, text = {
        "sobol": ("sobol_total", "sobol_total_confidence", "share of the variance that {} takes part in"),
        "morris": ("morris_mean", "morris_mean_confidence", "mean absolute effect of {} over its range"),
    }[str(sensitivity.attrs["design"])]
    runs = int(sensitivity.attrs["runs"])
    found: Summary = {"runs": {"value": float(runs), "units": "count", "description": "runs of the design"}}
    for output in sensitivity["output"].to_numpy().tolist():
        chosen = sensitivity.sel(output=output)
        if not float(np.nan_to_num(chosen[name].to_numpy()).max()) > 0.0:
            continue
        units = "1" if name == "sobol_total" else str(chosen["units"].item())
        for factor in sensitivity["factor"].to_numpy().tolist():
            each = chosen.sel(factor=factor)
            found[f"{output} of {factor}"] = _entry(each[name], each[error] / 1.96, units, text.format(factor))
    return found


def _entry(value: xr.DataArray, error: xr.DataArray, units: str, description: str) -> dict[str, Any]:
    """Return one entry of the summary, None where there is no number."""
    number, spread = (float(each) if np.isfinite(each) else None for each in (value, error))
    return {"value": number, "units": units, "description": description, "standard_error": spread}

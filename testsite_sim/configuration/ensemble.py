"""An ensemble of a scenario: how many members, what varies from one to the next, what is kept."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from testsite_sim.common.arguments import MOST_MEMBERS
from testsite_sim.common.units import DAY
from testsite_sim.configuration.base import Component, Configuration, Seed, refuse_all, unused_of
from testsite_sim.configuration.quantities import Duration
from testsite_sim.configuration.weather_climate import WeatherClimate

Names = Annotated[tuple[str, ...], Field(strict=False)]


class MemberWeather(Configuration):
    """Where the weather of a member comes from.

    `blocks`: the record, cut into blocks of `block` and put together anew, each from the same season (`window` to
    either side) of any of its years; `years`: a whole year out of a record of several; `generator`: a year of the
    stochastic generator of a `climate`; `record`: the record as it is, in every member.
    """

    kind: Literal["blocks", "years", "generator", "record"] = "blocks"
    block: Duration = Field(default="14 day", validate_default=True)
    window: Duration = Field(default="28 day", validate_default=True)
    climate: Annotated[WeatherClimate, Component("climate")] | None = None

    @model_validator(mode="after")
    def _fits(self) -> "MemberWeather":
        if (self.kind == "generator") != (self.climate is not None):
            raise ValueError("`kind: generator` wants a `climate`, for example flemish-site, and the others want none")
        if self.block < DAY or self.window < 0.0:
            raise ValueError("`block` wants a day or more")
        if self.kind != "blocks":
            refuse_all(unused_of(self, ("block", "window"), "`kind: blocks`"))
        return self


class Ensemble(Configuration):
    """Members of a scenario.

    `members` in addition to member 0, which is the scenario as it stands; `sampling`: how quantities with a range are
    drawn, those that match a pattern of `vary` and none of `hold`, such as `economics.*`; `flow`: simulated in every
    member, or read from a table of the fleet (left out: a table from fifty turbines on); `optimum`: whether the
    dispatch of every member is set next to the best one in hindsight, which gives its `regret`; `keep_series`: series
    of every member that are kept, as `plant/power_exported`, in `series_format`; `headlines`: outputs that the figures
    show, instead of the usual ones.
    """

    members: int = Field(default=100, ge=1, le=MOST_MEMBERS)
    seed: Seed = 0
    weather: MemberWeather = MemberWeather()
    sampling: Literal["sobol", "latin-hypercube"] = "sobol"
    vary: Names = ("*",)
    hold: Names = ()
    flow: Literal["exact", "table"] | None = None
    optimum: bool = True
    keep_series: Names = ()
    series_format: Literal["hdf5", "zarr"] = "hdf5"
    headlines: Names = ()

    @model_validator(mode="after")
    def _keeps_series(self) -> "Ensemble":
        if not self.keep_series:
            refuse_all(unused_of(self, ("series_format",), "`keep_series`"))
        return self

"""The first screen answers what, how much, at what cost and how sure, of what the run has."""

from itertools import pairwise

import numpy as np
import pytest
import xarray as xr

import testsite_sim as ts
from testsite_sim.report.cards import Card, card_of, certainty, first_screen


def screen(run: ts.Run) -> dict[str, dict[str, Card]]:
    questions = first_screen(run.summary.entries, run.results, [])
    return {each.title: {card.label: card for card in each.cards} for each in questions}


def test_the_four_questions_are_answered(run: ts.Run) -> None:
    found = screen(run)
    assert list(found) == ["What", "How much", "At what cost", "How sure"]
    assert found["What"]["wind, 6 turbines"].value == "76.5"
    assert "levelised cost of hydrogen" in found["At what cost"]
    assert all(card.definition for cards in found.values() for card in cards.values())


def test_net_energy_is_what_is_sold_and_used(run: ts.Run) -> None:
    card = screen(run)["How much"]["net energy"]
    plant = run.results["plant"]
    net = float((plant["power_wind"] - plant["power_curtailed"]).sum()) * 3600.0 / 3.6e12
    assert float(card.value) == pytest.approx(net, rel=5e-4)


def test_self_consumption_is_what_is_not_sold(run: ts.Run) -> None:
    plant = run.results["plant"]
    own = float((plant["power_wind"] - plant["power_curtailed"]).sum())
    share = 100.0 * (1.0 - float(plant["power_exported"].sum()) / own)
    assert float(screen(run)["How much"]["self-consumption"].value) == pytest.approx(share, rel=1e-3)


def test_starts_are_counted_from_the_states_of_the_electrolysers(run: ts.Run) -> None:
    state = run.results["plant"]["electrolyser_state"].to_numpy()[:, 0]
    count = sum(int(before in (0, 2) and after in (1, 3)) for before, after in pairwise(state))
    assert screen(run)["How much"]["electrolyser starts"].value == str(count)


def test_a_run_without_uncertainty_says_so_and_why(run: ts.Run) -> None:
    (first, *_) = certainty(run.summary.entries, run.results, [])
    assert first.startswith("No uncertainty is stated: this is one run")
    tree = xr.DataTree.from_dict({"uncertainty": xr.Dataset(attrs={"total": 0.0752})})
    assert "7.5 %" in certainty({}, tree, [])[0]


def test_a_campaign_that_is_not_reached_says_so() -> None:
    campaign = xr.Dataset(
        {
            "campaign_duration_p50": np.nan,
            "campaign_duration_p90": np.nan,
            "campaign_cost_mean": np.nan,
            "vessel_time": (("year", "phase"), [[86400.0, 86400.0], [86400.0, 259200.0]]),
        },
        attrs={"years_started": 3},
    )
    found = first_screen({}, xr.DataTree.from_dict({"installation/slow": campaign}), [])
    cards = {card.label: card for each in found for card in each.cards}
    assert cards["slow, median duration"].value == "not reached"
    assert (cards["slow, vessel days"].value, cards["slow, vessel days"].units) == ("3", "days")


def test_euros_of_six_digits_are_millions() -> None:
    entry = {"value": -1.38964e8, "units": "EUR", "description": "d"}
    assert card_of("net_present_value", entry) == Card("net present value", "-139", "million EUR", "d")


def test_the_card_of_the_stores_says_how_many_there_are() -> None:
    def sizes(**coordinates) -> dict[str, Card]:
        plant = xr.Dataset(coords=coordinates, attrs={"store_capacity": 5050.0})
        questions = first_screen({}, xr.DataTree.from_dict({"plant": plant}), [])
        return {card.label: card for each in questions for card in each.cards}

    assert (sizes()["hydrogen store"].value, sizes()["hydrogen store"].units) == ("5,050", "kg")
    assert sizes(store=["tank", "cavern"])["hydrogen stores, 2"].value == "5,050"

"""The page in a real browser: its controls work, nothing is written to the console, two users do not mix."""

import json
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser import BROWSER, SWITCHES
from testsite_sim.cases.scenario import read_scenario

playwright = pytest.importorskip("playwright.sync_api", reason="playwright, which drives the browser, is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome on this machine to open the page with"),
]

WEEK = ("weather.start=2023-02-01", "weather.end=2023-02-08", "economics.scale_to_year=by-repetition")
SMALL = ("uncertainty.members=20", "certification.members=5", "certification.fleet.members=2")
PATIENCE = 60_000.0  # [ms], of a loaded machine


class Served:
    """The page of a scenario, served by the command line, and what the command writes."""

    def __init__(self, folder: Path, scenario: str, overrides: tuple[str, ...]) -> None:
        self.folder = folder
        options = [part for each in overrides for part in ("--set", each)]
        command = [sys.executable, "-m", "testsite_sim", "explore", scenario, "--port", "0", "-o", str(folder / "runs")]
        with (folder / "errors").open("w") as errors:
            self.process = subprocess.Popen(
                [*command, *options], stdout=subprocess.PIPE, stderr=errors, text=True, cwd=folder
            )
        self.page = re.search(r"http://127\.0\.0\.1:\d+/", self.process.stdout.readline()).group()

    def interrupt(self) -> tuple[int, str, str]:
        """Press Ctrl-C; return the exit code and what was written since."""
        self.process.send_signal(signal.SIGINT)
        output, _ = self.process.communicate(timeout=60)
        return self.process.returncode, output, (self.folder / "errors").read_text()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Return the page of the test site in a week, and see that it ends cleanly."""
    found = Served(tmp_path_factory.mktemp("explore"), "flanders-wind-farm/test-site", WEEK)
    yield found
    code, output, errors = found.interrupt()
    assert (code, errors) == (0, "")
    assert output.endswith("ended.\n")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=BROWSER, args=list(SWITCHES))
        yield opened
        opened.close()


class User:
    """A user with a window of their own, and what the browser complains of."""

    def __init__(self, browser, address: str, width: int = 1280) -> None:
        self.complaints: list[str] = []
        self.context = browser.new_context(viewport={"width": width, "height": 900})
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", lambda line: line.type in ("error", "warning") and self.complaints.append(line.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "request",
            lambda request: (
                request.url.startswith((address, "data:", "blob:", "ws://127.0.0.1"))
                or self.complaints.append(f"asked for {request.url}")
            ),
        )
        self.page.goto(address)
        self.settled()

    def settled(self) -> None:
        """Wait until what is shown is up to date."""
        self.page.locator('[data-state="ready"]').wait_for()

    def refused(self) -> str:
        """Wait until a change is refused; return why."""
        self.page.locator('[data-state="wrong"]').wait_for()
        return self.page.get_by_role("alert").inner_text()

    def type(self, label: str, text: str) -> None:
        """Type an amount and leave the field."""
        field = self.page.get_by_label(label, exact=True)
        field.fill(text)
        field.press("Enter")

    def card(self, name: str) -> str:
        """Return what a headline says."""
        return self.page.locator(".cards > div", has_text=name).inner_text()

    def wait_for_card(self, name: str, text: str) -> None:
        """Wait until a headline says something."""
        self.page.locator(".cards > div", has_text=name).filter(has_text=text).wait_for()
        self.settled()

    def close(self) -> None:
        """Leave; the browser must not have complained."""
        self.context.close()
        assert self.complaints == []


@pytest.fixture(scope="module")
def window(browser, served):
    """Return a user whose window all tests share."""
    found = User(browser, served.page)
    yield found
    found.close()


@pytest.fixture
def user(window):
    """Return a user who begins with the scenario as it stands."""
    window.page.get_by_role("button", name="Reset").click()
    window.page.locator(".cards > div", has_text="Wake loss").filter(has_text="as in the scenario").wait_for()
    window.page.locator(".cards > div", has_text="Cost of hydrogen").filter(has_text="as in the scenario").wait_for()
    window.settled()
    return window


def test_an_amount_that_is_typed_a_slider_and_a_list_change_the_answer(user):
    before = user.card("Cost of hydrogen")
    assert "as in the scenario" in before
    user.type("Electrolyser", "20 MW")
    user.wait_for_card("Cost of hydrogen", "%)")
    assert user.card("Cost of hydrogen") != before
    assert "as in the scenario" in user.card("Wake loss")
    handle = user.page.locator(".noUi-handle").first  # distances between turbines
    handle.press("ArrowRight")
    user.wait_for_card("Wake loss", "%-points")
    user.page.get_by_label("Wake model").select_option("none")
    user.page.locator(".cards > div", has_text="Wake loss").filter(has_text="0 %").wait_for()
    user.settled()
    user.page.get_by_role("button", name="Reset").click()
    user.page.locator(".cards > div", has_text="Cost of hydrogen").filter(has_text="as in the scenario").wait_for()
    user.settled()
    assert user.card("Cost of hydrogen") == before


def test_a_wrong_value_is_refused_in_the_sentence_of_the_command_line_and_the_last_answer_stays(user):
    before = user.card("Cost of hydrogen")
    user.type("Hydrogen store", "8 kW")
    said = user.refused()
    with pytest.raises(Exception, match="8 kW") as refused:
        read_scenario("flanders-wind-farm/test-site", [*WEEK, "plant.store.capacity=8 kW"])
    assert refused.value.problems[0] in said
    assert user.card("Cost of hydrogen") == before
    user.page.get_by_role("button", name="Write scenario").click()
    user.page.get_by_text("correct it first").wait_for()
    user.type("Hydrogen store", "5000 kg")
    user.settled()
    assert user.page.get_by_role("alert").count() == 0


def test_an_amount_that_is_emptied_is_that_of_the_scenario_again(user):
    user.type("Electrolyser", "20 MW")
    user.wait_for_card("Cost of hydrogen", "%)")
    user.type("Electrolyser", "")
    user.wait_for_card("Cost of hydrogen", "as in the scenario")
    playwright.expect(user.page.get_by_label("Electrolyser", exact=True)).to_have_value("10 MW")


def test_only_the_control_of_what_is_wrong_is_marked(user):
    user.type("Electrolyser", "8 kg")
    user.refused()
    right, wrong, make = (
        user.page.get_by_label(label, exact=True).evaluate("each => getComputedStyle(each).backgroundColor")
        for label in ("Hydrogen store", "Electrolyser", "Make of electrolyser")
    )
    assert wrong != right
    assert make == right


def test_what_the_chain_warns_of_is_said_on_the_page_as_long_as_it_holds(user):
    user.page.get_by_label("Farm", exact=True).select_option("belgian-zone")
    user.settled()
    user.type("Distances between turbines", "20 %")
    user.page.get_by_text("rotor diameters apart").wait_for()
    user.settled()
    user.type("Electrolyser", "20 MW")  # the farm is kept, and so is what was said of it
    user.settled()
    assert "Simulated, but" in user.page.get_by_role("note").inner_text()
    user.type("Distances between turbines", "100 %")
    user.page.get_by_text("rotor diameters apart").wait_for(state="hidden")


def test_two_users_at_once_do_not_mix(browser, served, user):
    other = User(browser, served.page)
    user.type("Electrolyser", "20 MW")
    other.type("Electrolyser", "5 MW")
    for each, text in ((user, "20 MW"), (other, "5 MW")):
        each.wait_for_card("Cost of hydrogen", "%)")
        assert each.page.get_by_label("Electrolyser", exact=True).input_value() == text
        assert f"plant.electrolysers.0.capacity={text}" in each.page.locator("pre").inner_text()
    assert user.card("Cost of hydrogen") != other.card("Cost of hydrogen")
    other.close()


def test_two_variants_stand_next_to_each_other(user):
    user.page.get_by_role("button", name="Compare two variants").click()
    user.page.get_by_text("Variant B").wait_for()
    user.settled()
    user.type("Electrolyser", "20 MW")
    user.wait_for_card("Cost of hydrogen", "%)")
    said = user.card("Cost of hydrogen").splitlines()
    assert said[2] == "unchanged"  # variant A
    user.page.get_by_role("button", name="Edit A").click()
    playwright.expect(user.page.get_by_label("Electrolyser", exact=True)).to_have_value("10 MW")
    user.page.get_by_role("button", name="Compare two variants").click()
    user.page.get_by_text("Variant B").wait_for(state="hidden")


def test_what_is_written_is_what_is_on_the_screen_and_runs_again_to_the_same_bytes(user, served):
    user.type("Electrolyser", "12 MW")
    user.type("Layout turned clockwise", "30 degree")
    user.wait_for_card("Wake loss", "%-points")
    shown = user.card("Cost of hydrogen").splitlines()[1].split()[0]
    name = user.page.get_by_label(re.compile("Name of the run directory"))
    name.fill("mine")
    user.page.get_by_role("button", name="Write scenario").click()
    user.page.get_by_text("simulating and writing").wait_for()
    name.fill("the next")  # which stays, although the first is written only then
    name.press("Enter")
    user.page.get_by_text("Written.").wait_for()
    assert name.input_value() == "the next"
    written = served.folder / "runs" / "mine"
    again = read_scenario(str(written / "scenario.yaml")).run()
    assert (written / "summary.json").read_text(encoding="utf-8") == json.dumps(
        again.summary.entries, indent=2, ensure_ascii=False
    ) + "\n"
    assert (written / "report.html").is_file()
    assert str(again.summary["levelised_cost_of_hydrogen"]).split()[0] == shown
    user.page.get_by_label(re.compile("Name of the run directory")).fill("../elsewhere")
    user.page.get_by_role("button", name="Write scenario").click()
    user.page.get_by_text("expected a name without folders").wait_for()


def test_at_the_width_of_a_telephone_nothing_stands_outside_the_page(browser, served):
    narrow = User(browser, served.page, width=390)
    assert narrow.page.evaluate("document.documentElement.scrollWidth") <= 390
    step = narrow.page.get_by_role("button", name="›").bounding_box()
    assert step["x"] + step["width"] <= 352  # within the room of its card
    arrow = "each => [getComputedStyle(each).backgroundImage, getComputedStyle(each).appearance]"
    assert narrow.page.get_by_label("Wake model").evaluate(arrow) == ["none", "auto"]  # of the colours of the page
    narrow.page.get_by_role("button", name="Switch between light and dark").click()
    assert narrow.page.evaluate("document.documentElement.dataset.theme") == "dark"
    narrow.close()


def test_a_known_assumption_of_a_study_changes_the_answer_and_its_uncertainty(browser, tmp_path):
    served = Served(tmp_path, "flanders-wind-farm/study", SMALL)
    user = User(browser, served.page)
    before = user.card("Direct jobs in 2020")
    user.type("learning rate of investment jobs", "0.02")
    user.page.locator(".cards > div", has_text="Direct jobs in 2020").first.filter(has_text="as it stands").wait_for()
    user.settled()
    assert user.card("Direct jobs in 2020") != before
    assert user.page.locator("pre").inner_text() == shlex.join(
        ["testsite-sim", "run", "flanders-wind-farm/study"]
        + [part for each in (*SMALL, "learning.investment=0.02") for part in ("--set", each)]
    )
    user.type("learning rate of investment jobs · known", "2 kg")
    assert "learning.investment" in user.refused()
    user.close()
    assert served.interrupt()[0] == 0


def test_of_a_farm_whose_losses_need_more_flows_nothing_is_amiss_before_they_are_found(browser, tmp_path):
    """The first answer has no losses: the map, the cards and the table wait for them, and complain of nothing."""
    served = Served(tmp_path, "flanders-wind-farm/test-site", (*WEEK, "wind.blockage=self-similar-2017"))
    user = User(browser, served.page)
    assert "as in the scenario" in user.card("Wake loss")
    user.page.locator(".noUi-handle").first.press("ArrowRight")  # distances between turbines
    user.wait_for_card("Wake loss", "%-points")
    user.close()
    code, _, errors = served.interrupt()
    assert (code, errors) == (0, "")

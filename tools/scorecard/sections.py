"""The sections of the page: each runs what it shows, adds its tables and figures, and states its aims."""

from collections.abc import Sequence
from pathlib import Path

from tools.scorecard import (
    campaigns,
    cells,
    hydrogen,
    les,
    peers,
    reasons,
    rows,
    sea,
    winters,
    zone,
)
from tools.scorecard.card import Card
from tools.scorecard.figures import draw_rows
from tools.scorecard.page import (
    Rows,
    aim_row,
    best_sentence,
    number,
    part,
    table,
    twins,
)

MODELS = ("noj", "bastankhah", "bastankhah-2014", "niayifar-2016", "nygaard-2022")
TWINS = (
    ("noj", "NOJ"),
    ("bastankhah", "BastankhahGaussian"),
    ("bastankhah-2014", "Bastankhah_PorteAgel_2014"),
    ("niayifar-2016", "Niayifar_PorteAgel_2016"),
    ("nygaard-2022", "Nygaard_2022"),
)


def rows_part(card: Card, data: Path, out: Path) -> None:
    """Add the measured rows, with the peers."""
    folder = data / rows.FOLDER
    if not folder.is_dir():
        card.left_out.append(f"measured rows: {rows.FOLDER} not in the data")
        return
    found, absent = peers.solvers(MODELS)
    card.left_out += [f"a peer on the rows: {each}" for each in absent]
    on_rows = list(rows.solve_rows(folder, found))
    _, lillgrund, efficiency = rows.lillgrund(folder)
    _, horns_rev = rows.horns_rev(folder / "Hornsrev1_WFdata_wd270_InnerRowMean.dat")
    everything = [*lillgrund, horns_rev]
    head = [
        "program",
        "model",
        *(rows.label(each) for each in everything),
        "Lillgrund, all rows",
        "Lillgrund, efficiency by direction",
    ]
    lines = [
        [
            each.program,
            f"`{each.model}`",
            *(f"{each.errors[rows.label(row)]:.3f}" for row in everything),
            f"{rows.lillgrund_error(each.errors, lillgrund):.3f}",
            f"{each.efficiency_error:.3f}",
        ]
        for each in on_rows
    ]
    best = next(each for each in on_rows if (each.program, each.model) == ("testsite-sim", "niayifar-2016"))
    card.aims += [
        aim_row("row of Horns Rev 1, RMSE of `niayifar-2016`", best.errors[rows.label(horns_rev)], most=0.05),
        aim_row("rows of Lillgrund, RMSE of `niayifar-2016`", rows.lillgrund_error(best.errors, lillgrund), most=0.08),
    ]
    card.add(
        "## Measured rows, with peers on the same rows",
        "",
        "Root mean square error of the power of the turbines of a row over that of its first, which is left out. "
        "Lillgrund at 9 m/s, "
        f"turbulence 6 %, standard deviation of the direction {lillgrund[0].deviation:g}°; Horns Rev 1 at 8 m/s, "
        f"turbulence 7 %, {horns_rev.deviation:g}°; sectors of ± 2.5°. Efficiency: power of the farm over that of 48 "
        "turbines standing alone, 3° apart. Every program gets the same layout, curves and directions, which are "
        "averaged "
        "in one way; FLORIS and foxes have their default parameters, PyWake its literature set-ups. No model was "
        "fitted "
        "to these rows here.",
        "",
        *part("measured rows", table(head, lines)),
        "",
        *part("statements on rows", [best_sentence(head, lines), twins(lines, TWINS)]),
        *part("losses on rows", [loss_sentence(on_rows, efficiency, horns_rev)]),
        "",
        "![Measured rows](figures/scorecard-rows.png)",
    )
    draw_rows(everything, on_rows, out / "figures")


def loss_sentence(on_rows: Sequence[rows.OnRows], efficiency: rows.Floats, row: rows.Row) -> str:
    """Return by how much the losses of the models differ from those measured."""
    parts = []
    for each in on_rows:
        if each.program == "testsite-sim":
            whole, along = rows.loss_ratios(each, efficiency, row)
            parts.append(f"`{each.model}` {whole:.2f} and {along:.2f}")
    return (
        f"- Loss measured over simulated, Lillgrund over all directions and the row of Horns Rev 1: {', '.join(parts)}."
    )


def les_part(card: Card, folder: Path | None) -> None:
    """Add the large eddies."""
    if folder is None or not all((folder / name).is_file() for name in les.FILES):
        card.left_out.append(
            "27 large-eddy simulations of 160 turbines: no folder KUL_LES of EUFLOW/WIFA is named by --les"
        )
        return
    cases = les.read_cases(folder)
    lines = [
        [
            f"`{each.model}`",
            f"{each.whole[0].mean():.3f}",
            f"{each.whole[1].mean():.3f}",
            zone.percent(each.whole[0].mean() / each.whole[1].mean() - 1.0),
            f"{each.within[0].mean():.3f}",
            f"{each.within[1].mean():.3f}",
            zone.percent(each.within[0].mean() / each.within[1].mean() - 1.0),
            f"{each.turbines:.3f}",
        ]
        for each in les.solve_cases(cases, MODELS)
    ]
    head = [
        "model", "farm over undisturbed", "large eddies", "difference", "farm over first row", "large eddies",
        "difference", "RMSE of turbines",
    ]  # fmt: skip
    card.add(
        f"## {len(cases.names)} large-eddy simulations of {cases.power.shape[1]} turbines",
        "",
        "Lanzilao and Meyers (2024), Journal of Fluid Mechanics 979, A54, conventionally neutral boundary layers "
        "below "
        "three heights, three strengths and three lapse rates of inversions, as EUFLOW/WIFA publishes them (MIT; "
        "not part of this "
        "repository). Means over the cases of the power of the farm over that of as many turbines in the "
        "undisturbed wind "
        "at the hub, and over that of the first row. The first holds the blockage by gravity waves, which a wake "
        "model "
        "does not have; the second holds the wakes and the pressure that drops through the farm.",
        "",
        *part("large eddies", table(head, lines)),
        "",
        *part("losses in large eddies", [les_loss_sentence(lines)]),
    )


def les_loss_sentence(lines: list[list[str]]) -> str:
    """Return by how much the losses of the models differ from those of the large eddies, from their table."""
    parts = [f"{row[0]} {(1.0 - float(row[2])) / (1.0 - float(row[1])):.2f}" for row in lines]
    return f"- Loss of the large eddies over that simulated, of the farm in the undisturbed wind: {', '.join(parts)}."


def hydrogen_part(card: Card) -> None:
    """Add cells, plants and lives."""
    head, lines = hydrogen.alkaline_cells()
    of_the_form = cells.rows()
    card.add(
        "## Hydrogen",
        "",
        "Alkaline cells on all electrolysers of the public sets, at the pressure and lye of the points, root "
        "mean square "
        "error of the voltage [mV]:",
        "",
        *part("alkaline cells", table(head, lines)),
        "",
        "Whether the form of the model, the reading of the sets or the electrodes are at fault: each electrolyser by "
        "parameters of its own, at a temperature that these have not seen, by the parameters of the others, and by "
        "these with one measured point, that of the highest current, as a data sheet has it:",
        "",
        *part("form of the cell", table(cells.HEAD, of_the_form)),
        "",
        *part("statements on the form of the cell", [cells.sentence(of_the_form)]),
        "",
        "PEM cells, against what others compute: no measured curve of a PEM cell is public in a package that "
        "could be had.",
        "",
        *part("PEM cells", table(["cell", "against", "RMSE"], hydrogen.pem_cells())),
        "",
        "Plants, against the indicators of the Clean Hydrogen Joint Undertaking, which are targets for new ones, and "
        "against what the Department of Energy of the United States states of alkaline systems that are sold (2022: "
        "system 55, stack 51 kWh/kg; Technical Targets for Liquid Alkaline Electrolysis):",
        "",
        *part("consumption", table(["plant", "indicator", "simulated", "difference"], hydrogen.consumption())),
        "",
        "Lives of stacks:",
        "",
        *part("stack lives", table(["stack", "field", "simulated", "verdict"], hydrogen.lives())),
        "",
        "Plants in the field, from the frozen results of the scenarios that ship ([sources](hydrogen.md)):",
        "",
        *part("field", table(["figure", "field", "simulated", "difference", "what of it is chosen"], hydrogen.field())),
    )
    card.reasons |= reasons.of_hydrogen(lines, hydrogen.consumption(), head)
    left = float(lines[-1][-1])
    card.aims.append(aim_row("alkaline cell on an electrolyser left out of its fit [V]", left / 1e3, most=0.05))
    for row in hydrogen.consumption():
        card.aims.append(
            aim_row(
                f"{row[0]}, {row[1].split('(')[1].rstrip(')')}",
                float(row[3].split()[0]) / 100.0,
                most=0.05,
                unit="%",
            )
        )
    for row in hydrogen.field():
        card.aims.append(aim_row(row[0], float(row[3].split()[0]) / 100.0, most=0.05, unit="%"))


def sea_part(card: Card, data: Path) -> None:
    """Add campaigns and maintenance."""
    if gone := winters.lacking(data):
        card.left_out.append(f"campaigns in their own winters: {', '.join(gone)} not in the data")
    own = {} if gone else winters.own_winters(data)
    chosen, cases = sea.campaigns(own), sea.maintenance()
    others = [] if gone else campaigns_part(card, chosen, data)
    card.add(
        "## Work at sea",
        "",
        "Installation campaigns, days in the field, in generated years, and in the winds that Westhinder "
        f"measured while they lasted, over {winters.MEMBERS} seas that these winds may have raised ([vessels, dates, "
        "sources](operations.md)); durations were chosen with the generated years of both in sight, so that Norther is "
        "a fit there. They are judged by their own winters:",
        "",
        *part(
            "campaigns",
            table(sea.CAMPAIGN_HEAD, chosen),
        ),
        "",
        *(part("statements on campaigns", [winters.sentence(own)]) if own else []),
        "",
        *others,
        "Reference cases of Dinwoodie et al. (2015), against the range of the four models of the paper; "
        "assumptions that "
        "the paper leaves open were chosen with the ranges in sight:",
        "",
        *part("maintenance", table(["case", "figure", "four models", "simulated", "verdict"], cases)),
        "",
        "A fleet:",
        "",
        *part("fleet", table(["figure", "field", "simulated"], sea.fleet())),
    )
    card.reasons |= reasons.of_the_sea(chosen, cases)
    for row in chosen:
        error, _ = sea.judged(row)
        card.aims.append(aim_row(f"campaign of {row[0]}, median", float(error.split()[0]) / 100.0, most=0.2, unit="%"))
    within = sum(row[-1] == "within" for row in cases)
    card.aims.append(
        aim_row("reference cases of maintenance within the models", within / len(cases), least=0.9, unit="%")
    )


def campaigns_part(card: Card, chosen: Rows, data: Path) -> list[str]:
    """Return the lines on campaigns by which nothing was chosen, and add their aims."""
    found = campaigns.rows(campaigns.days(data))
    for row in found:
        card.aims.append(aim_row(campaigns.aim(row[0]), number(row[-1]) / 100.0, most=0.2, unit="%"))
    card.reasons |= campaigns.reasons(found)
    return [
        "Three more campaigns off this coast, each of one jack-up, whose dates were looked up in November 2026 after "
        "durations and vessels had been chosen; with `installation/conventional` as it ships, but for the turbines a "
        "trip where they are published, in the winds of Westhinder while they lasted:",
        "",
        *part("campaigns not seen", table(campaigns.HEAD, found)),
        "",
        *part("statements on campaigns not seen", [campaigns.sentence(found, chosen)]),
        "",
        *(f"- {each.farm}: {each.source}." for each in campaigns.OTHERS),
        "",
    ]


def elsewhere() -> list[str]:
    """Return what else is published and what became of it."""
    return [
        "## Published elsewhere",
        "",
        "Asked for in November 2026 as public repositories, files by name, and text; where the answer was no, nothing "
        "was run:",
        "",
        "- SMARTEOLE (Sole du Moulin Vieux, seven turbines; Zenodo record 7342466, 221 MB of minutes): four "
        "repositories read it (resgroup/wind-up, NREL/flasc, paulf81/fct_smarteole and one of forecasts). wind-up has "
        "its rows as a pointer to large-file storage, of 134 bytes, the others fetch them from Zenodo; no stored copy "
        "has a row. Not run.",
        "- FarmConners: its documentation (farmconners.readthedocs.io) gives each participant a link to a folder of "
        "their own, and data.dtu.dk holds large-eddy cases of wake steering; no repository of its name is stored, and "
        "those that use its layouts have none of its powers. Not run.",
        "- WIFA, `open_source_scada` (200 turbines V82 with ERA5 winds): inputs are there, `observedPower.nc` and "
        "`resource.csv` exceed what a stored copy keeps; `AWAKEN`: inputs without powers. Not run. Of its 27 "
        "large-eddy cases all is there: above.",
        "- La Haute Borne: [power-performance test](operations.md#power-performance-test-la-haute-borne).",
    ]

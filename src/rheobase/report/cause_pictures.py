"""What is drawn of the causes: where each stands, and how the weights of one add up."""

from __future__ import annotations

from collections.abc import Sequence

from rheobase.assess.causes import CauseFit, logit
from rheobase.knowledge import Knowledge
from rheobase.report.document import Band, Bands, Ledger, Picture, Step, Table
from rheobase.report.record_words import ledger_words
from rheobase.report.words import BANDS, chance, percent

# The strongest weights are drawn one by one; a weight below the least moves the odds by less than a sixth.
SHOWN_STEPS, LEAST_STEP = 9, 0.15


def bands_picture(fits: Sequence[CauseFit], knowledge: Knowledge, *, clinical_names: bool = False) -> Picture:
    """Return a picture of causes over the zones unlikely, possible and fits well.

    Args:
        fits: In the order in which they are shown; those of which no figure may be shown are left out by the caller.
        knowledge: For the names and the limits of the zones.
        clinical_names: Use a clinician's names.
    """
    rows, cells = [], []
    for fit in fits:
        cause = knowledge.causes[fit.cause]
        name = cause.clinical_name if clinical_names else cause.plain_name
        rows.append(Band(name, fit.low, fit.posterior, fit.high, fit.prior))
        span = f"{percent(fit.low)} to {percent(fit.high)}"
        cells.append((name, BANDS[fit.band], chance(fit.posterior), span, chance(fit.prior)))
    said = "; ".join(f"{name}: {band}, {chance_now}" for name, band, chance_now, _, _ in cells)
    return Picture(
        title="Where each cause stands",
        description=(
            "The dot is the chance after your answers, the line its range, the open diamond the chance before them. "
            f"{said}."
        ),
        chart=Bands(tuple(rows), knowledge.scale.possible, knowledge.scale.fits_well),
        table=Table("The figures", ("Cause", "Fit", "Chance", "Range", "Before"), tuple(cells)),
    )


def ledger_picture(fit: CauseFit, knowledge: Knowledge) -> Picture:
    """Return a picture of how the weights of one cause add up from the base rate to the answer.

    The strongest weights are shown one by one, the rest as one sum; together they are the whole ledger.
    """
    lines = sorted(fit.ledger, key=lambda line: (-abs(line.weight), line.finding, line.option or ""))
    count = min(SHOWN_STEPS, max(1, sum(abs(line.weight) >= LEAST_STEP for line in lines)))
    shown, rest = lines[:count], lines[count:]
    steps = [
        Step(ledger_words(line, knowledge, for_clinician=True), line.weight)
        for line in sorted(shown, key=lambda line: -line.weight)
    ]
    if rest:
        steps.append(Step(f"{len(rest)} smaller weights together", sum(line.weight for line in rest)))
    before, after = logit(fit.prior), logit(fit.posterior)
    name = knowledge.causes[fit.cause].clinical_name
    cells = [("Base rate", "", "", percent(fit.prior))]
    cells += [
        (ledger_words(line, knowledge, for_clinician=True), f"{line.weight:+.2f}", line.grade, "") for line in lines
    ]
    cells.append(("After all answers", f"{after - before:+.2f}", "", percent(fit.posterior)))
    return Picture(
        title=f"How the weights add up: {name}",
        description=(
            f"From the base rate of {percent(fit.prior)}, weights for (+) move right, weights against (-) move left, "
            f"to {percent(fit.posterior)}. Weights are natural logarithms of likelihood ratios."
        ),
        chart=Ledger(before, tuple(steps), after),
        table=Table("Every weight", ("Answer", "Weight", "Grade", "Probability"), tuple(cells)),
    )

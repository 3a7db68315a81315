"""Make the example of a nerve recording, as QTRAC writes it: a model axon in a little more potassium, with noise.

.venv/bin/python tools/draw_nerve_recording.py > src/rheobase/examples/nerve_recording.mem
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rheobase.evaluation.simulated_recordings import simulated_curves
from rheobase.knowledge.nerve_norms import load_nerve_norms
from rheobase.nerve.fit.observe import MINUS, PLUS
from rheobase.nerve.recorded_indices import worked_out
from rheobase.nerve.recording import CURRENT_THRESHOLD, RECOVERY, STRENGTH, Electrotonus, Points

TRUTH = {"potassium": 4.7}
NOISE, SEED = 0.12, 20
# Thresholds by Weiss's law: widths [ms], rheobase [mA], time constant [ms]; no curve of the norms holds them.
WIDTHS, RHEOBASE, TIME_CONSTANT = (0.2, 0.4, 0.6, 0.8, 1.0), 2.1, 0.52
HEADER = (
    ("File", "simulated by Rheobase"), ("Name", "SIMULATED"), ("Protocol", "TRONDNF"), ("Date", "not a real recording"),
    ("Age", "45"), ("Sex", "F"), ("Temperature", "33.1"), ("S/R sites", "Median Wr-APB"),
    ("Comments", "simulated: a model axon in 4.7 mmol/L of potassium, with noise; no person was recorded"),
)  # fmt: skip


def table(title: str, heading: Sequence[str], label: str, rows: Sequence[Sequence[float]]) -> Iterator[str]:
    """Yield the lines of one table."""
    yield from ("", f"  {title}", "", " " * 20 + "".join(f"\t{each:20s}" for each in heading))
    for number, row in enumerate(rows, 1):
        yield f"{label}{number}".ljust(20) + "".join(f"\t {each:<19.5g}" for each in row)


def main() -> None:
    """Print the file."""
    norms, curves = load_nerve_norms(), simulated_curves(TRUTH, noise=NOISE, seed=SEED)
    strength: Points = tuple((each, RHEOBASE * (1 + TIME_CONSTANT / each)) for each in WIDTHS)
    told = {STRENGTH: strength, RECOVERY: curves[RECOVERY], CURRENT_THRESHOLD: curves[CURRENT_THRESHOLD]}
    # The current sets in at 10 ms and moves the threshold by itself at once.
    both = [
        Electrotonus(share, ((10.0, share), *curves[name]), 10.0, 110.0)
        for share, name in ((40.0, PLUS), (-40.0, MINUS))
    ]
    lines = [f" {key + ':':19s}\t{value}" for key, value in HEADER]
    charge = [(width, size, width * size) for width, size in strength]
    lines += table(
        "CHARGE DURATION DATA", ("Duration (ms)", "Threshold (mA)", "Threshold charge (mA.mS)"), "QT.", charge
    )
    heading = ("Delay (ms)", "Current (%)", "Thresh redn. (%)")
    groups = [[(0.0, 0.0, 0.0), *((at, each.share, fall) for at, fall in each.points)] for each in both]
    lines += table("THRESHOLD ELECTROTONUS DATA", heading, "TE1.", groups[0])
    lines += list(table("", heading, "TE2.", groups[1]))[4:]
    lines += table("RECOVERY CYCLE DATA", ("Interval (ms)", "Threshold change (%)"), "RC1.", curves[RECOVERY])
    strongest = sorted(curves[CURRENT_THRESHOLD], reverse=True)
    lines += table("THRESHOLD I/V DATA", ("Current (%)", "Threshold redn. (%)"), "IV1.", strongest)
    lines += ["", "  DERIVED EXCITABILITY VARIABLES", ""]
    figures = worked_out(told, both)
    for norm in sorted(norms.norms.values(), key=lambda each: each.number):
        if norm.id in figures:
            lines.append(f" {norm.number}.".ljust(20) + f"\t{figures[norm.id]:<20.4g}\t{norm.names[0]}")
    lines += ["", "  EXTRA VARIABLES (add here as required)", "", "Potassium = 4.7", ""]
    print("\r\n".join(lines), end="")


if __name__ == "__main__":
    main()

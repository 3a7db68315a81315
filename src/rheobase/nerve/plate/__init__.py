"""From the plate to the blood: what weeks of eating, losing and taking do to calcium, magnesium, potassium, sodium."""

from rheobase.nerve.plate.band import Band, band
from rheobase.nerve.plate.person import MEDICINES, Eaten, Lost, Patient, Phase, check
from rheobase.nerve.plate.simulate import SHOWN, Run, run

__all__ = ["MEDICINES", "SHOWN", "Band", "Eaten", "Lost", "Patient", "Phase", "Run", "band", "check", "run"]

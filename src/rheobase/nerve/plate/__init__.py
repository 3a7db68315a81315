"""From the plate to the blood: what weeks of eating, losing and taking do to calcium, magnesium, potassium, sodium."""

from rheobase.nerve.plate.person import MEDICINES, Eaten, Lost, Patient, Phase
from rheobase.nerve.plate.simulate import SHOWN, Band, Run, run

__all__ = ["MEDICINES", "SHOWN", "Band", "Eaten", "Lost", "Patient", "Phase", "Run", "run"]

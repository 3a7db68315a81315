"""A recording beside healthy people's: how far each figure is from theirs, and whether they can be compared at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb
from statistics import NormalDist

from rheobase.knowledge.nerve_norms import NerveNorms, Norm
from rheobase.nerve.recording import Recording

_SITES = ("s/r sites", "site", "nerve", "stim/record")
_OWN = ("median", "apb", "thenar")
# "Hypothenar" holds "thenar".
_OTHER = (
    "hypothenar",
    "elbow",
    "palm",
    "dig",
    "sens",
    "fcr",
    "ulnar",
    "adm",
    "tibial",
    "peroneal",
    "fibular",
    "sural",
    "leg",
)
_POLARISED = "polarizing current"


@dataclass(frozen=True, slots=True)
class Place:
    """One figure among healthy people's.

    Attributes:
        norm: What they show.
        value: Recorded.
        z: Distance from their mean in standard deviations.
        lower: Share of healthy people who lie lower, 0 to 1.
        inside: Whether it lies where 95 of 100 of them lie.
    """

    norm: Norm
    value: float
    z: float
    lower: float
    inside: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """A recording beside healthy people's.

    Attributes:
        places: Figure by figure; empty where they cannot be compared.
        refused: Why not, "" where they can.
        doubts: What weakens the comparison.
    """

    places: tuple[Place, ...]
    refused: str
    doubts: tuple[str, ...]

    @property
    def counted(self) -> tuple[Place, ...]:
        """Figures that follow the membrane more than electrodes and tissue."""
        return tuple(each for each in self.places if not each.norm.technical)

    @property
    def outside(self) -> tuple[Place, ...]:
        """Those of them that lie outside."""
        return tuple(each for each in self.counted if not each.inside)

    def by_chance(self, norms: NerveNorms) -> float:
        """Return how likely a healthy person has as many figures outside or more, 0 to 1.

        The tail of the binomial distribution, as if figures were independent. They hang together, so that many outside
        at once are likelier than this.
        """
        share, of, here = outside_share(norms), len(self.counted), len(self.outside)
        return sum(comb(of, each) * share**each * (1 - share) ** (of - each) for each in range(here, of + 1))


def outside_share(norms: NerveNorms) -> float:
    """Return the share of healthy people who lie outside in one figure, 0 to 1."""
    return 2 * NormalDist().cdf(-norms["inside_z"])


def compare(recording: Recording, norms: NerveNorms) -> Comparison:
    """Return a recording beside the norms."""
    refused = _refused(recording, norms)
    places = () if refused else tuple(_place(norms, name, value) for name, value in recording.indices.items())
    return Comparison(places, refused, () if refused else tuple(_doubts(recording, places, norms)))


def site_of(recording: Recording) -> str:
    """Return what the file says of nerve and muscle, "" where it says nothing."""
    said = {key.lower(): value for key, value in recording.header.items()}
    return next((said[key] for key in _SITES if said.get(key)), "")


def _place(norms: NerveNorms, name: str, value: float) -> Place:
    norm = norms.norms[name]
    # A skewed figure cannot be 0 or less: what is possible starts above.
    z = norm.z(value)
    return Place(norm, value, z, NormalDist().cdf(z), abs(z) <= norms["inside_z"])


def _refused(recording: Recording, norms: NerveNorms) -> str:
    site = site_of(recording).lower()
    known = any(word in site for word in _OWN) and not any(word in site for word in _OTHER)
    if site and not known:
        return (
            f"The recording is of {site_of(recording)}. The healthy people's figures are of the median nerve at the "
            "wrist and the muscle of the thumb; each site needs its own."
        )
    if recording.age is not None and recording.age < norms["low_age"]:
        return (
            f"At {recording.age:g} years a nerve is still maturing, and the healthy people were {norms['low_age']:g} "
            f"to {norms['high_age']:g} years old."
        )
    return ""


def _doubts(recording: Recording, places: tuple[Place, ...], norms: NerveNorms) -> Iterator[str]:
    if not site_of(recording):
        yield "The file does not say which nerve it is; the median nerve at the wrist is taken."
    if recording.age is None:
        yield "The age is not known."
    elif recording.age > norms["high_age"]:
        yield f"At {recording.age:g} years the person is older than any of the healthy people ({norms['high_age']:g})."
    mean, sd = norms["skin_temperature"], norms["skin_temperature_sd"]
    low, high = mean - norms["inside_z"] * sd, mean + norms["inside_z"] * sd
    if recording.temperature is None:
        yield "The temperature of the skin is not known; a cold or warm hand alone moves these figures."
    elif not low <= recording.temperature <= high:
        word = "colder" if recording.temperature < low else "warmer"
        yield (
            f"The skin was at {recording.temperature:g} C, {word} than that of the healthy people "
            f"({low:.1f} to {high:.1f} C). That alone moves these figures."
        )
    if recording.potassium is None:
        yield "Potassium of the blood on that day is not known."
    far = [each.norm.name for each in places if abs(each.z) > norms["doubtful_z"] and not each.norm.technical]
    if far:
        yield (
            "So far from healthy people that a wrong unit, or a line read wrongly, is the first thought: "
            f"{'; '.join(far)}."
        )
    if any(name.lower().startswith(_POLARISED) and value for name, value in recording.others.items()):
        yield "A polarising current flowed during the recording; the healthy people's nerves were at rest."

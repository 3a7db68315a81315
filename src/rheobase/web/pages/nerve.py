"""The nerve: sliders for what it bathes in, and what the model then does. A form without scripts, at once with them."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response

from rheobase.knowledge import load_knowledge
from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.knowledge.nerve_presets import Preset, load_nerve_presets
from rheobase.nerve.concentrations import Serum, normal_serum
from rheobase.nerve.tabled import tabled
from rheobase.plain_text import printable
from rheobase.report.nerve_alerts import BRIEF, nerve_alerts
from rheobase.report.nerve_explorer import (
    Drawn,
    Explored,
    brief_words,
    explorer_document,
    preset_of,
    three_sentences,
    urgent_document,
)
from rheobase.report.nerve_known import Known, known_of
from rheobase.report.on_screen import document_on_screen
from rheobase.web.markup import sections_markup
from rheobase.web.visit import Page, Visit

# What is measured in place of what a nerve feels, and the name of the share of it that a nerve feels.
MEASURED = {"magnesium_ionised": ("magnesium", "magnesium_ionised_share")}
# Strength of the test pulse, of what a nerve usually needs [%]: just too weak for a normal one.
PULSE, PULSE_LOW, PULSE_HIGH = 97.0, 10.0, 200.0
# Stands in the link to an example: nobody's blood test.
EXAMPLE = "example"
PREPARING = (
    "The trace is being prepared on this machine, once; it takes some seconds. Everything else is here already: press "
    "'Show' again in a moment."
)
BEYOND = "These values together are beyond what the model covers."
MENDED = "Mend what is marked, then the nerve is shown."
NEEDS = "The trace needs numba, numpy and scipy, which the extra 'nerve' brings: pip install 'rheobase[nerve]'."


@dataclass(frozen=True, slots=True)
class Slide:
    """One slider with its number: what stands in it, what is usual, what this person has, what is wrong.

    The field shows the person's value to four digits; as long as that stands there, ``value`` is their own.
    """

    name: str
    words: str
    unit: str
    low: float
    high: float
    step: float
    usual: float
    yours: float | None
    typed: str
    problem: str

    @property
    def value(self) -> float:
        """Return what the number in the field stands for.

        Raises:
            ValueError: It is no number.
        """
        told = _number(self.typed)
        return self.yours if self.yours is not None and told == float(_written(self.yours)) else told

    @property
    def held(self) -> float:
        """Return where the slider stands: at its end for what is beyond it, at the usual for no number."""
        try:
            return min(max(self.value, self.low), self.high)
        except ValueError:
            return self.usual

    def across(self, value: float) -> int:
        """Return where a value lies between the ends, in thousandths."""
        return round(1000 * (min(max(value, self.low), self.high) - self.low) / (self.high - self.low))


class _Tracer:
    """The compiled model, made ready by the first who asks for it while everything else is shown."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._failed = ""
        self.ready = threading.Event()

    def drawn(self, serum: Serum, pulse: float) -> tuple[Drawn | None, str]:
        """Return the traces, or None and why there are none."""
        if any(importlib.util.find_spec(name) is None for name in ("numba", "numpy", "scipy")):
            return None, NEEDS
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._prepare, daemon=True)
                self._thread.start()
        if not self.ready.is_set():
            return None, self._failed or PREPARING
        from rheobase.nerve import trace  # noqa: PLC0415 - compiled by now

        share = pulse / 100
        return Drawn(
            (trace.after_pulse(serum, share), trace.usual_after_pulse(share)),
            (trace.left_alone(serum), trace.usual_left_alone()),
        ), ""

    def _prepare(self) -> None:
        try:
            from rheobase.nerve import trace  # noqa: PLC0415 - what takes long

            trace.usual_after_pulse(PULSE / 100)
            trace.usual_left_alone()
        except Exception as problem:  # noqa: BLE001 - whatever stops the compiler, the page goes on without the trace
            self._failed = f"The trace can't be drawn on this machine ({printable(str(problem), limit=80)})."
        else:
            self.ready.set()


tracer = _Tracer()


def nerve(visit: Visit) -> Response:
    """Show the sliders and what these values do; with a person their own values stand in them at first."""
    papers = visit.papers() if "person" in visit.path else None
    known = _known(visit)
    child = papers is not None and visit.desk.assessment(papers).urgency.child
    slides, pulse = _slides(visit.query, known), _pulse(visit.query)
    values: dict[str, Any] = {} if papers is None else {"papers": papers}
    presets = load_nerve_presets().presets.values()
    answer = _answer(visit, slides, pulse, known)
    if any(each.problem for each in (*slides, pulse)):
        # What is wrong stands beside each field here.
        answer["problems"] = [MENDED]
    return visit.show(
        "nerve.html",
        status=400 if any(each.problem for each in (*slides, pulse)) else 200,
        slides=slides,
        pulse=pulse,
        presets=[(each.name, _link(each, marked=papers is None)) for each in presets],
        has_own=known is not None and known.tells,
        child=child,
        refused=[] if known is None else known.refused,
        sodium=known.serum.sodium if known is not None and "sodium" in known.said else None,
        own="&".join(f"{each.name}={_written(each.yours)}" for each in slides if each.yours is not None),
        **answer,
        **values,
    )


def seen(visit: Visit) -> Response:
    """Show what these values do, for the page's script to put in place."""
    known = _known(visit)
    slides, pulse = _slides(visit.query, known), _pulse(visit.query)
    wrong = any(each.problem for each in (*slides, pulse))
    return visit.show("nerve_seen.html", status=400 if wrong else 200, **_answer(visit, slides, pulse, known))


def _link(preset: Preset, *, marked: bool) -> str:
    """Return the query of an example, marked as one unless somebody's own values stand beside it."""
    values = [f"{name}={value:g}" for name, value in preset.values.items()]
    return "&".join((*values, f"{EXAMPLE}={preset.id}") if marked else values)


def _example(visit: Visit) -> bool:
    """Return whether a link to an example was followed; beside somebody's own values nothing is one."""
    return "person" not in visit.path and visit.query.get(EXAMPLE, "") in load_nerve_presets().presets


def _known(visit: Visit) -> Known | None:
    """Return what is known of the person in the address; None without one."""
    return known_of(visit.desk.assessment(visit.papers()).facts) if "person" in visit.path else None


def _answer(visit: Visit, slides: tuple[Slide, ...], pulse: Slide, known: Known | None) -> dict[str, Any]:
    """Return what the template of the answer needs."""
    problems = [each.problem for each in (*slides, pulse) if each.problem]
    if problems:
        return _urgent(visit, _sure(slides, known), problems)
    serum = _serum(slides, known)
    found = tabled(serum)
    if found is None:
        return _urgent(visit, serum, [BEYOND])
    shown = Explored(serum, found, float(pulse.typed), example=_example(visit) and preset_of(serum) is not None)
    if tracer.ready.is_set():
        # The same values give the same page; presets are looked at again and again.
        return visit.desk.nerves.get((serum, shown.pulse, shown.example), lambda: _seen(visit, shown))
    return _seen(visit, shown)


def _urgent(visit: Visit, serum: Serum, problems: list[str]) -> dict[str, Any]:
    """Return the answer where no picture can be drawn: what is urgent by itself, then why there is none."""
    urgent = sections_markup(document_on_screen(urgent_document(serum, visit.desk.knowledge)))
    alerts, bar = _alerts(visit, serum)
    said = " ".join((*alerts, *problems)) if alerts else ""
    return {
        "alerts": alerts, "bar": bar, "urgent": urgent, "problems": problems, "report": (), "said": said, "brief": (),
        "waits": False,
    }  # fmt: skip


def _alerts(visit: Visit, serum: Serum) -> tuple[tuple[str, ...], str]:
    """Return what is urgent, the most urgent first, and that in short."""
    found = nerve_alerts(serum, visit.desk.knowledge)
    return tuple(each.text for each in found), BRIEF[found[0].urgency] if found else ""


def _seen(visit: Visit, shown: Explored) -> dict[str, Any]:
    serum, found = shown.serum, shown.seen
    drawn, missing = tracer.drawn(serum, shown.pulse)
    document = explorer_document(replace(shown, drawn=drawn, missing=missing), visit.desk.knowledge)
    sentences = three_sentences(serum, found)
    preset = preset_of(serum)
    alerts, bar = ((), "") if shown.example else _alerts(visit, serum)
    return {
        "alerts": alerts,
        "bar": bar,
        "urgent": (),
        "problems": [],
        "report": sections_markup(document_on_screen(document)),
        "said": " ".join((*alerts, *((f"{preset.name}.",) if preset else ()), *sentences)),
        "brief": brief_words(serum, found),
        "waits": missing == PREPARING,
    }


def _serum(slides: tuple[Slide, ...], known: Known | None) -> Serum:
    """Return what the fields say; sodium has none, it is the person's own."""
    usual = normal_serum() if known is None else known.serum
    return replace(usual, **{each.name: each.value for each in slides})


def _sure(slides: tuple[Slide, ...], known: Known | None) -> Serum:
    """Return what the fields say as far as a laboratory can report it; what a field says else is no value."""
    told = {}
    for each in slides:
        low, high = _reported(each)
        try:
            value = each.value
        except ValueError:
            continue
        if low <= value <= high:
            told[each.name] = value
    return replace(normal_serum() if known is None else known.serum, **told)


def _reported(slide: Slide) -> tuple[float, float]:
    """Return the least and the most that a laboratory can report; of magnesium it reports the total."""
    analyte, part = MEASURED.get(slide.name, (slide.name, None))
    about = load_knowledge().analytes.get(analyte)
    if about is None or about.plausible_min is None or about.plausible_max is None:
        return slide.low, slide.high
    share = load_nerve_facts()[part] if part else 1.0
    return share * about.plausible_min, share * about.plausible_max


def _slides(query: Mapping[str, str], known: Known | None) -> tuple[Slide, ...]:
    inputs, found = load_nerve_facts().inputs, []
    asked = any(name in query for name in load_nerve_presets().sliders)
    for each in load_nerve_presets().sliders.values():
        about = inputs[each.id]
        yours = getattr(known.serum, each.id) if known is not None and each.id in known.said else None
        begin = about.normal if asked or yours is None else yours
        empty = Slide(
            each.id, about.heading,
            {"C": "°C"}.get(about.unit, about.unit), each.low, each.high, each.step, about.normal, yours,
            _written(begin), "",
        )  # fmt: skip
        found.append(_read(empty, query.get(each.id, "")))
    return tuple(found)


def _written(value: float) -> str:
    """Return a value as it stands in a field: finer than any limit, for the slider's step would move 6.47 to 6.5."""
    return f"{value:.4g}"


def _number(typed: str) -> float:
    """Return a number as people type it.

    Raises:
        ValueError: It is none.
    """
    return float(typed.strip().replace(",", ".").replace("\u2212", "-"))


def _pulse(query: Mapping[str, str]) -> Slide:
    words, unit = "Test pulse", "% of what is usually needed"
    empty = Slide("pulse", words, unit, PULSE_LOW, PULSE_HIGH, 1.0, PULSE, None, f"{PULSE:g}", "")
    return _read(empty, query.get("pulse", ""))


def _read(slide: Slide, typed: str) -> Slide:
    """Return the slider with what was typed; kindly refused where no nerve of a living person bathes in it."""
    if not typed.strip():
        return slide
    span = f"{slide.low:g} to {slide.high:g} {slide.unit}".rstrip()
    try:
        value = _number(typed)
    except ValueError:
        shown = printable(typed.strip(), limit=20)
        problem = f"{slide.words}: expected a number from {span}, such as {slide.usual:g}; got '{shown}'."
        return replace(slide, typed=typed.strip()[:20], problem=problem)
    own = slide.yours is not None and value == float(_written(slide.yours))
    if not slide.low <= value <= slide.high and not own:
        problem = (
            f"{slide.words}: {value:g} is beyond what this page can show, which is {span} (usual {slide.usual:g}). "
            "Check the number and its unit."
        )
        return replace(slide, typed=typed.strip()[:20], problem=problem)
    return replace(slide, typed=_written(value))


PAGES: dict[str, tuple[Page, tuple[str, ...]]] = {
    "/nerve": (nerve, ("GET",)),
    "/nerve/seen": (seen, ("GET",)),
    "/{person:int}/nerve": (nerve, ("GET",)),
    "/{person:int}/nerve/seen": (seen, ("GET",)),
}

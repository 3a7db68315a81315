"""Plans for a diet: what to change, what that gives, what was kept, what can't be done; as a document and as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rheobase.assess import Assessment
from rheobase.diet.summary import Summary
from rheobase.foods.nutrients import nutrient_label, nutrient_unit
from rheobase.knowledge import Knowledge
from rheobase.knowledge.menu import load_menu
from rheobase.menu.aims import ENERGY, OWN, Aim, Why
from rheobase.menu.blocks import State
from rheobase.menu.options import Action, Helping, Option
from rheobase.menu.planner import TOGETHER, Plan, Proposal
from rheobase.menu.wishes import COLUMNS, Wishes
from rheobase.plain_text import in_sentence
from rheobase.report.document import Block, Document, Footnotes, Paragraph, Point, Section, Table
from rheobase.report.figures import figure
from rheobase.report.words import label

TABLE_SOURCE, KEPT_SOURCE = "usda_sr28", "expert"
# A gain below this share of the target is not worth a word.
LEAST_SAID = LEAST_SHARE = 0.005
LIMIT_WORDS = {
    Why.UPPER_LEVEL: "stays below its upper level",
    Why.ABOVE_UPPER_LEVEL: "is above its upper level already and does not rise",
    Why.BLOOD_PRESSURE: "stays below what is good for blood pressure",
    Why.ALREADY_SALTY: "is above what is good for blood pressure already and does not rise",
    Why.BLOCKED: "must not rise for you, and does not",
    Why.NEVER: "does not rise",
}


@dataclass(frozen=True, slots=True)
class _Page:
    proposal: Proposal
    summary: Summary
    wishes: Wishes
    knowledge: Knowledge
    notes: Footnotes
    name: str
    has_case: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the aims, in order."""
        return tuple(each.column for each in self.proposal.aims.aims)


def plan_page(
    proposal: Proposal, summary: Summary, wishes: Wishes, knowledge: Knowledge, *, name: str, has_case: bool
) -> Document:
    """Return the plans in words.

    Args:
        proposal: What was found.
        summary: The diet that they are for.
        wishes: What was asked for.
        knowledge: For names and sources.
        name: File, as it was given.
        has_case: Whether a case file told of the person's health.
    """
    page = _Page(proposal, summary, wishes, knowledge, Footnotes(knowledge), name, has_case)
    sections = [Section("In short", tuple(_in_short(page)))]
    if proposal.plans:
        best, *others = proposal.plans
        sections.append(Section("First, ask yourself", tuple(_asked(page))))
        sections.append(Section("The smallest change", (*_plan(best, page), _table(best, page))))
        if others:
            blocks: list[Block] = [
                Point(f"{number}. {_totals(each, page)}", tuple(_changes(each, page)))
                for number, each in enumerate(others, 2)
            ]
            sections.append(Section("Other ways, with other foods", tuple(blocks)))
    sections += [
        Section("Not by food alone", tuple(_out_of_reach(page))),
        Section("What must not rise for you", tuple(_blocked(page))),
        Section("If you do not know about your kidneys", tuple(_careful(page))),
        Section("What the plans keep", tuple(_kept(page))),
        Section("How sure this is", tuple(_sure(page))),
    ]
    sections = [each for each in sections if each.blocks]
    if page.notes.cited:
        sections.append(page.notes.section())
    return Document(f"Plan for: {name}", tuple(sections), tuple(page.notes.cited))


def _name(column: str) -> str:
    return nutrient_label(column)


def _head(column: str) -> str:
    """Return a nutrient as a line begins with it: "Vitamin D"."""
    name = nutrient_label(column)
    return name[:1].upper() + name[1:]


def _amount(column: str, value: float) -> str:
    return f"{figure(value)} {nutrient_unit(column)}"


def _and(words: Iterable[str]) -> str:
    listed = list(words)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"


def _goal(aim: Aim, page: _Page) -> str:
    kind = {"RDA": "enough for nearly everybody", "AI": "the adequate intake", OWN: "the target you gave"}[aim.kind]
    marks = "" if aim.kind == OWN else f" {page.notes.cite(*aim.sources)}"
    stages = ", the highest of the life stages that you may be in" if aim.stages > 1 and aim.kind != OWN else ""
    return f"{_amount(aim.column, aim.goal)} is {kind}{stages}{marks}"


def _in_short(page: _Page) -> Iterator[Block]:
    proposal = page.proposal
    if proposal.refused:
        yield Paragraph(f"No plan is made here. {proposal.refused}", strong=True)
        yield Paragraph("Please speak to a doctor or a dietitian before you change what you eat.")
        return
    for aim in proposal.aims.aims:
        about = "at least" if _more_may_come(aim.column, page) else "about"
        yield Point(
            f"{_head(aim.column)}: {about} {_amount(aim.column, aim.before)} a day on the recorded days; "
            f"{_goal(aim, page)}."
        )
    for left in proposal.aims.not_aimed:
        words = "is not raised" if left.blocked else "needs no plan"
        sources = proposal.blocks[left.column].sources if left.blocked else ()
        yield Point(f"{_head(left.column)} {words}. {left.why} {page.notes.cite(*sources)}".rstrip())
    if not proposal.aims.aims:
        if not proposal.aims.not_aimed:
            yield Paragraph(
                "On the recorded days nothing is more likely short than not, so there is nothing to change. To bring "
                "one nutrient up all the same, name it: --nutrient magnesium."
            )
        return
    yield Paragraph(_verdict(page), strong=True)


def _verdict(page: _Page) -> str:
    proposal = page.proposal
    if not proposal.plans:
        return "No change of food was found that brings it up within the limits. See below what stands in the way."
    changes = len(proposal.plans[0].changes)
    one = "One change brings" if changes == 1 else f"{changes} changes bring"
    others = len(proposal.plans) - 1
    more = {0: "", 1: " Another way follows."}.get(others, f" {others} other ways follow.")
    if proposal.out_of_reach:
        names = _and(_name(each.column) for each in proposal.out_of_reach)
        return f"Food alone does not bring {names} to the target here. {one} most of what can be had.{more}"
    return f"{one} {_and(_name(each) for each in page.columns)} up to the target, within every limit.{more}"


def _asked(page: _Page) -> Iterator[Block]:
    best = page.proposal.plans[0]
    shared = [name for name in best.ask_first if all(name in each.ask_first for each in page.proposal.plans)]
    if shared:
        words = "; ".join(in_sentence(label(page.knowledge, name)) for name in shared)
        yield Paragraph(f"These plans are only for you if none of these is so (we do not know): {words}.")
    for rule in load_menu().medicines:
        if any(rule.id in each.fixed for each in page.proposal.plans):
            yield Paragraph(f"Do you take {rule.name}? {rule.because} {page.notes.cite(rule.source)}")
    if shared and not page.has_case:
        yield Paragraph("To answer them once for all: rheobase ask me.yaml; then add --case me.yaml here.")


def _plan(plan: Plan, page: _Page) -> Iterator[Block]:
    for number, (each, words) in enumerate(zip(plan.changes, _changes(plan, page), strict=True), 1):
        yield Point(f"{number}. {words}", tuple(_gives(each, page)))


def _changes(plan: Plan, page: _Page) -> Iterator[str]:
    best = page.proposal.plans[0] if page.proposal.plans else plan
    for each in plan.changes:
        extra = [name for name in each.ask_first if name not in best.ask_first]
        names = "; ".join(in_sentence(label(page.knowledge, name)) for name in extra)
        asked = f" Only if this is not so either: {names}." if extra else ""
        yield f"{change_words(each)}{asked}"


def change_words(option: Option) -> str:
    """Return one change as it is read out."""
    more, less = option.more, option.less
    if option.action is Action.LESS and less is not None:
        every = "every second day" if option.helpings < 1 else "a day"
        return f"Fewer {less.name}: one time less {every}{_wrote(less)}, {less.grams:.0f} g."
    if more is None:
        return ""
    amount = _helpings(more, option.helpings)
    if option.action is Action.SWAP and less is not None:
        return (
            f"{more.name[:1].upper()}{more.name[1:]}, {amount}, instead of {_said(less)} "
            f"({less.grams:.0f} g{' each time' if option.helpings != 1 else ''})."
        )
    if option.action is Action.MORE:
        return f"More of what you eat already: {more.name}, {amount} more."
    return f"Something new: {more.name}, {amount}."


def _helpings(helping: Helping, size: float) -> str:
    """Return how much a day: half a helping a day is one every second day."""
    if size < 1:
        return f"{helping.measure} ({helping.grams:.0f} g) every second day"
    if size == 1:
        return f"{helping.measure} ({helping.grams:.0f} g) a day"
    return f"{helping.measure} twice a day ({helping.grams * size:.0f} g in all)"


def _said(helping: Helping) -> str:
    return f"{helping.name}{_wrote(helping)}"


def _wrote(helping: Helping) -> str:
    return f' (you wrote "{helping.said}")' if helping.said else ""


def _gives(option: Option, page: _Page) -> Iterator[str]:
    parts = [
        f"{_name(each.column)} {_signed(each.column, option.gains[each.column])}"
        for each in page.proposal.aims.aims
        if abs(option.gains[each.column]) >= LEAST_SAID * each.goal
    ]
    energy = f"energy {_signed(ENERGY, option.gains[ENERGY])}"
    yield f"a day: {', '.join([*parts, energy])}"
    listed = load_menu().foods.get(option.more.food.id) if option.more is not None else None
    if listed is not None and any(word in listed.reason for word in ("label", "pack", "where it is added")):
        yield listed.reason


def _signed(column: str, value: float) -> str:
    size = abs(value)
    # A change is read at a glance: no tenths from ten on.
    shown = f"{size:.0f}" if size >= 10 else f"{size:.2g}"
    return f"{'+' if value >= 0 else '-'}{shown} {nutrient_unit(column)}"


def _totals(plan: Plan, page: _Page) -> str:
    sums = (f"{_name(each)} {_amount(each, plan.after[each].best)}" for each in page.columns)
    count = len(plan.changes)
    return f"{'One change' if count == 1 else f'{count} changes'}; a day then {', '.join(sums)}:"


def _table(plan: Plan, page: _Page) -> Table:
    aims = {each.column: each for each in page.proposal.aims.aims}
    rows = []
    for column in (*page.columns, *(each for each in (*COLUMNS, ENERGY) if each not in aims)):
        before, after = page.proposal.aims.before.get(column), plan.after.get(column)
        if before is None or after is None:
            continue
        wanted = _amount(column, aims[column].goal) if column in aims else ""
        span = f"{figure(after.low)}-{figure(after.high)}"
        rows.append(
            (_name(column), _amount(column, before.best), figure(after.best), span, wanted, _share(column, page))
        )
    heads = ("nutrient", "now", "then", "range", "target", "no value")
    plus = any(row[-1].endswith("+") for row in rows)
    more = "; a plus: a line that waits for your word comes on top" if plus else ""
    return Table(f"A day, food and supplements as far as known{more}", heads, tuple(rows))


def _share(column: str, page: _Page) -> str:
    share = page.summary.means[column].share_unknown_energy
    if share is None:
        return "?"
    more = "+" if _more_may_come(column, page) else ""
    return (f"{100 * share:.0f} %" if share >= LEAST_SHARE or not share else "<1 %") + more


def _more_may_come(column: str, page: _Page) -> bool:
    """Return whether a line without weight, or a supplement in doubt, may give more of it than is known."""
    if page.summary.means[column].lines_unplaced:
        return True
    return any(column in each.may_hold for _, each in page.summary.reading.supplements() if each.doubts)


def _out_of_reach(page: _Page) -> Iterator[Block]:
    for each in page.proposal.out_of_reach:
        stops = [_stop_words(stop) for stop in each.stopped_by]
        reach = f"at most about {_amount(each.column, each.reachable)} of {_amount(each.column, each.goal)} a day"
        if each.with_others:
            start = f"{_head(each.column)}, together with the other targets: {reach}"
        else:
            start = f"{_head(each.column)}: {reach} from food that we would propose"
        if stops:
            yield Point(f"{start}. It would be reached but for {_and(stops)}.")
        else:
            yield Point(f"{start}. Few foods hold it{_fewer(page)}.")
    if page.proposal.out_of_reach:
        yield Paragraph("Whether a supplement makes sense, a pharmacist or a doctor can say; a blood test may show it.")


def _fewer(page: _Page) -> str:
    """Return what makes the foods fewer for this person."""
    reasons = []
    if any(each.why is Why.BLOCKED for each in page.proposal.aims.limits):
        reasons.append("what must not rise for you")
    if page.wishes.styles or page.wishes.without:
        reasons.append("what you leave out")
    return f", and {_and(reasons)} makes them fewer" if reasons else ""


def _stop_words(stop: str) -> str:
    if stop == TOGETHER:
        return "several limits together"
    if stop == "portions":
        return "how much people eat of such foods (fish every second day, for one)"
    if stop == "changes":
        return "the number of changes at once"
    column, _, why = stop.partition(":")
    name = _name(column)
    return {
        Why.ENERGY.value: "keeping energy about the same",
        Why.UPPER_LEVEL.value: f"the upper level of {name}",
        Why.BLOOD_PRESSURE.value: f"the limit on {name}",
        Why.NOT_LESS.value: f"{name}, which is not to fall",
    }.get(why, f"{name}, which must not rise")


def _blocked(page: _Page) -> Iterator[Block]:
    for column, each in page.proposal.blocks.items():
        if each.state is State.FORBIDDEN and column in COLUMNS:
            because = ", ".join(in_sentence(label(page.knowledge, name)) for name in each.findings)
            reasons = " ".join(each.because)
            yield Point(f"{_head(column)}: {reasons} Because of: {because}. {page.notes.cite(*each.sources)}")
    for fixed in page.proposal.fixed:
        if fixed.state is State.FORBIDDEN:
            yield Point(f"{fixed.rule.because} {page.notes.cite(fixed.rule.source)}")


def _careful(page: _Page) -> Iterator[Block]:
    proposal = page.proposal
    if not proposal.plans or not proposal.careful_sought:
        return
    kept = _and(_name(column) for column, each in proposal.blocks.items() if each.medical and each.state is State.ASK)
    if proposal.careful is None:
        yield Paragraph(
            f"In kidney disease, and with some blood pressure tablets, {kept} must not rise. No change of food was "
            "found that reaches the targets without that: so ask first."
        )
        return
    yield Paragraph(f"In kidney disease, and with some blood pressure tablets, {kept} must not rise. This keeps them:")
    yield Point(_totals(proposal.careful, page), tuple(_changes(proposal.careful, page)))


def _kept(page: _Page) -> Iterator[Block]:
    proposal = page.proposal
    if not proposal.plans:
        return
    for limit in proposal.aims.limits:
        words = LIMIT_WORDS.get(limit.why)
        if words is None or limit.most is None:
            continue
        most = "" if limit.why in (Why.NEVER, Why.BLOCKED) else f" ({_amount(limit.column, limit.most)})"
        marks = page.notes.cite(*limit.sources)
        share = page.summary.means[limit.column].share_unknown_energy
        known = ", as far as is known" if _more_may_come(limit.column, page) else ""
        if share and share >= LEAST_SHARE:
            known = f", as far as is known: {100 * share:.0f} % has no value"
        yield Point(f"{_head(limit.column)} {words}{most}{known} {marks}".rstrip())
    energy = next(each for each in proposal.aims.limits if each.why is Why.ENERGY)
    yield Point(
        f"Energy stays about as it is: {figure(energy.least)} to {figure(energy.most)} kcal a day. What is enough of "
        "anything else does not fall below enough."
    )
    if "magnesium_mg" in page.columns:
        yield Point("Magnesium: its upper level is for supplements only; food has none, and no supplement is proposed.")
    left_out = [load_menu().styles[each].name for each in sorted(page.wishes.styles)]
    left_out += [f"without {word}" for word in page.wishes.without]
    if left_out:
        yield Point(
            f"Kept: {', '.join(left_out)}. A food of which it is not known what it holds is not proposed. With an "
            "allergy read every label: packed foods can hold traces."
        )


def _sure(page: _Page) -> Iterator[Block]:
    proposal = page.proposal
    if not proposal.plans:
        return
    best = proposal.plans[0]
    proof = (
        "No plan of these changes takes less effort: the solver (HiGHS) proved it"
        if best.status == "optimal"
        else f"The solver (HiGHS) ran out of time: a plan with up to {100 * best.gap:.0f} % less effort may exist"
    )
    yield Point(
        f"{proof} (effort {best.price:.3g}, proven bound {best.bound:.3g}, gap {best.gap:.2g}), out of "
        f"{proposal.options} changes weighed. Every plan was worked out again by separate arithmetic."
    )
    used = page.summary.coverage.used
    yield Point(
        f"It rests on {used} recorded {'day' if used == 1 else 'days'}; a few days tell little about usual intake. "
        "What a food holds differs by brand and country, above all what is added to milk and plant drinks. "
        f"{page.notes.cite(TABLE_SOURCE)}"
    )
    if waiting := page.summary.reading.open:
        lines = (
            "1 line waits for your word and counts" if waiting == 1 else f"{waiting} lines wait for your word and count"
        )
        yield Point(f"{lines} as unknown: rheobase diet read {page.name}")
    yield Point(
        "Which change is easier than another is our estimate. Start with one, and look again after two weeks. "
        f"{page.notes.cite(KEPT_SOURCE)}"
    )


def waiting_page(assessment: Assessment, knowledge: Knowledge, *, name: str, region: str | None) -> Document:
    """Return what comes before any plan of food: to be seen, now or today.

    Args:
        assessment: Of the case file.
        knowledge: For the words.
        name: File, as it was given.
        region: Two-letter region of the person, for the emergency number.
    """
    level = knowledge.levels[assessment.urgency.level]
    blocks: list[Block] = [Paragraph(f"{level.name}. {level.person}", strong=True)]
    if level.id == "emergency":
        where = knowledge.regions.get((region or "").upper()) or knowledge.regions["default"]
        blocks.append(Paragraph(f"Emergency number: {where.emergency} ({where.name})."))
    blocks += [Point(knowledge.rules[each.rule].tell_person) for each in assessment.urgency.fired[:1]]
    blocks.append(Paragraph("A plan for food waits until you have been seen. The whole answer: rheobase assess FILE"))
    return Document(f"Plan for: {name}", (Section("First", tuple(blocks)),), ())

"""The closed set of conditions: an immutable tree that any engine can compile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

ORDER_OPERATORS = ("<", "<=", ">", ">=", "==", "!=")


@dataclass(frozen=True, slots=True)
class Atom:
    """True when a yes/no finding is present."""

    name: str


@dataclass(frozen=True, slots=True)
class Compare:
    """A number against a limit in the finding's unit, or a choice against an option."""

    name: str
    operator: str
    value: float | str


@dataclass(frozen=True, slots=True)
class In:
    """True when a choice is one of the options."""

    name: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Has:
    """True when a set of sites contains the option."""

    name: str
    option: str


@dataclass(frozen=True, slots=True)
class Known:
    """True when the finding has been answered, whatever the answer; never unknown itself."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """Kleene negation."""

    part: Expression


@dataclass(frozen=True, slots=True)
class And:
    """Kleene conjunction."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Kleene disjunction."""

    parts: tuple[Expression, ...]


Expression = Atom | Compare | In | Has | Known | Not | And | Or
Leaf = Atom | Compare | In | Has | Known


def atoms(expression: Expression) -> Iterator[Leaf]:
    """Yield every leaf of the tree, left to right."""
    match expression:
        case And(parts) | Or(parts):
            for part in parts:
                yield from atoms(part)
        case Not(part):
            yield from atoms(part)
        case _:
            yield expression


def names(expression: Expression) -> tuple[str, ...]:
    """Return the findings and laboratory values that a condition reads, each once, in order."""
    return tuple(dict.fromkeys(leaf.name for leaf in atoms(expression)))


def render(expression: Expression, *, inner: bool = False) -> str:  # noqa: PLR0911 - one branch per kind
    """Return the condition as text that parses back to the same tree."""
    match expression:
        case And(parts):
            text = " and ".join(render(part, inner=True) for part in parts)
        case Or(parts):
            text = " or ".join(render(part, inner=True) for part in parts)
        case Not(part):
            return f"not {render(part, inner=True)}"
        case Atom(name):
            return name
        case Compare(name, operator, value):
            return f"{name} {operator} {value if isinstance(value, str) else format(value, 'g')}"
        case In(name, options):
            return f"{name} in {{{', '.join(options)}}}"
        case Has(name, option):
            return f"{name} has {option}"
        case Known(name):
            return f"known({name})"
    return f"({text})" if inner else text

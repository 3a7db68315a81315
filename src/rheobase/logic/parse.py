"""Read a condition such as ``hand_foot_spasm and (seizure or lab.potassium < 3.0)``. No ``eval``."""

from __future__ import annotations

import re

from rheobase.errors import ExpressionError
from rheobase.logic.expression import ORDER_OPERATORS, And, Atom, Compare, Expression, Has, In, Known, Not, Or

_TOKEN = re.compile(
    r"\s*(?:(?P<number>-?\d+(?:\.\d+)?)(?![\w.])|(?P<word>[A-Za-z_][\w.]*)|(?P<operator><=|>=|==|!=|<|>)|(?P<mark>[(){},]))"
)
_RESERVED = frozenset({"and", "or", "not", "in", "has", "known"})


def parse(text: str) -> Expression:
    """Return the tree of a condition.

    Args:
        text: The condition in the grammar of ``docs/how_it_works.md``.

    Raises:
        ExpressionError: The text is empty or does not follow the grammar; says where.
    """
    return _Parser(text).expression()


class _Parser:
    """Recursive descent over the tokens; ``or`` binds weaker than ``and``, ``not`` strongest."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._tokenise(text)
        self._at = 0

    def _tokenise(self, text: str) -> list[tuple[str, str]]:
        tokens, position = [], 0
        stripped = text.rstrip()
        while position < len(stripped):
            found = _TOKEN.match(stripped, position)
            if found is None:
                raise self._error(f"unexpected {stripped[position:].strip()[:12]!r}")
            tokens.append((str(found.lastgroup), found.group(str(found.lastgroup))))
            position = found.end()
        return tokens

    def _error(self, problem: str) -> ExpressionError:
        return ExpressionError(f"condition {self._text!r}: {problem}")

    def _peek(self) -> str | None:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else None

    def _take(self, *kinds: str) -> str:
        if self._at >= len(self._tokens):
            raise self._error("ends too early")
        kind, token = self._tokens[self._at]
        if kind not in kinds:
            raise self._error(f"{token!r} where a {' or '.join(kinds)} was expected")
        self._at += 1
        return token

    def _expect(self, token: str) -> None:
        if self._peek() != token:
            raise self._error(f"{token!r} expected, found {self._peek()!r}")
        self._at += 1

    def _accept(self, token: str) -> bool:
        if self._peek() != token:
            return False
        self._at += 1
        return True

    def _name(self) -> str:
        word = self._take("word")
        if word in _RESERVED:
            raise self._error(f"{word!r} where a finding was expected")
        return word

    def expression(self) -> Expression:
        """Parse the whole text."""
        result = self._or()
        if self._peek() is not None:
            raise self._error(f"{self._peek()!r} left over; join conditions with 'and' or 'or'")
        return result

    def _or(self) -> Expression:
        parts = [self._and()]
        while self._accept("or"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _and(self) -> Expression:
        parts = [self._unary()]
        while self._accept("and"):
            parts.append(self._unary())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _unary(self) -> Expression:
        if self._accept("not"):
            return Not(self._unary())
        if self._accept("("):
            inner = self._or()
            self._expect(")")
            return inner
        if self._accept("known"):
            self._expect("(")
            name = self._name()
            self._expect(")")
            return Known(name)
        return self._leaf(self._name())

    def _leaf(self, name: str) -> Expression:
        if self._accept("has"):
            return Has(name, self._take("word"))
        if self._accept("in"):
            self._expect("{")
            options = [self._take("word")]
            while self._accept(","):
                options.append(self._take("word"))
            self._expect("}")
            return In(name, tuple(options))
        if self._peek() in ORDER_OPERATORS:
            operator = self._take("operator")
            token = self._take("number", "word")
            return Compare(name, operator, float(token) if token[0] in "-0123456789" else token)
        return Atom(name)

"""Every error that Rheobase raises on purpose.

RheobaseError               exit 1
├── DataRefusedError        exit 1   what was given cannot be used
│   ├── ReplyError          exit 1   a reply in the interview that could not be read
│   └── UnknownUnitError    exit 1   a unit that the substance does not know
├── UsageError              exit 2   the command was not understood
└── KnowledgeError          exit 1   the packaged knowledge is at fault
    └── ExpressionError     exit 1   a condition does not parse
"""

from __future__ import annotations


class RheobaseError(Exception):
    """Base of every error whose message is meant for the user; shown without a traceback."""

    exit_code = 1


class DataRefusedError(RheobaseError):
    """What was given cannot be used; the message says what came and what was expected."""


class ReplyError(DataRefusedError):
    """A reply in the interview that could not be read; says what was expected."""


class UnknownUnitError(DataRefusedError):
    """A unit that is not one of the substance's; names the candidates."""


class UsageError(RheobaseError):
    """The command was not understood."""

    exit_code = 2


class KnowledgeError(RheobaseError):
    """The packaged knowledge is malformed."""


class ExpressionError(KnowledgeError):
    """A condition does not follow the grammar."""

"""The conversation: which question next, what an answer says, and how far along we are. Pure; any face can use it."""

from __future__ import annotations

from rheobase.interview.caution import level_at_least
from rheobase.interview.chooser import Outlook, look_ahead
from rheobase.interview.conversation import Conversation, Step
from rheobase.interview.question import Kind, Question, Reply, ReplyKind
from rheobase.interview.reasons import Reason, why_asked

__all__ = [
    "Conversation",
    "Kind",
    "Outlook",
    "Question",
    "Reason",
    "Reply",
    "ReplyKind",
    "Step",
    "level_at_least",
    "look_ahead",
    "why_asked",
]

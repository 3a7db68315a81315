"""The command line: parse, call, print. No judgement here."""

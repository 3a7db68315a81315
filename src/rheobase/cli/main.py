"""The ``rheobase`` command. Each verb lives in its own module and is imported only when used."""

from __future__ import annotations

import importlib
import os
import sys

import click

from rheobase import __version__
from rheobase.errors import RheobaseError

# Verb: (module, attribute, one line of help). Help is here so that listing verbs imports none of them.
COMMANDS = {
    "ask": ("rheobase.cli.ask", "Answer the questions that matter, then see the answer."),
    "assess": ("rheobase.cli.assess", "Assess one person from a case file."),
    "new": ("rheobase.cli.new", "Write a commented case file to fill in."),
    "share": ("rheobase.cli.share", "Put a case and its answer in one file to hand over."),
    "open": ("rheobase.cli.share", "Open such a file: the same answer, or what changed since."),
    "serve": ("rheobase.cli.serve", "Open the app in the browser, on this machine only."),
    "explain": ("rheobase.cli.explain", "Explain a cause, a finding or an urgency rule."),
    "compare": ("rheobase.cli.compare", "Compare nutrients or causes side by side."),
    "foods": ("rheobase.cli.foods", "Look up what a food or drink holds."),
    "diet": ("rheobase.cli.diet", "Read, import and sum what was eaten, drunk and taken."),
    "labs": ("rheobase.cli.labs", "Read laboratory reports safely: tables, pasted lines, PDF."),
    "nerve": ("rheobase.cli.nerve", "See what blood values do to the membrane of a nerve."),
    "cohort": ("rheobase.cli.cohort", "Judge a table of people: a survey or records, of any size."),
    "evaluate": ("rheobase.cli.evaluate", "Measure accuracy on published cases."),
    "knowledge": ("rheobase.cli.knowledge", "Check the knowledge, show its version, print the schema."),
}


class LazyGroup(click.Group):
    """A group that imports a command when it is called, so that ``--help`` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """Return the verbs in the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Return one verb's command; importing its module only now."""
        if cmd_name not in COMMANDS:
            return None
        # A verb that is a word of Python's own has a longer name in its module.
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command = getattr(module, {"open": "open_bundle"}.get(cmd_name, cmd_name))
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """List the verbs from the table, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command, or say which one may have been meant."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, 1)
            hint = f" Did you mean {near[0]!r}?" if near else f" Commands: {', '.join(COMMANDS)}."
            ctx.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: rheobase ask, or see an example first: rheobase assess --example worried-28",
)
@click.version_option(__version__, prog_name="rheobase")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Muscle twitching, reasoned: how urgent, which causes fit and why, what to do.

    Everything runs on this machine; nothing is sent anywhere. Rheobase informs, it does not diagnose.

    Without a command it opens the app in the browser where there is a desktop, and prints this where there is none.
    """
    if ctx.invoked_subcommand is None:
        _without_command(ctx)


def _without_command(ctx: click.Context) -> None:
    from importlib.util import find_spec

    from rheobase.cli.desktop import somebody_looks_on

    if not somebody_looks_on(os.environ, sys.platform, is_terminal=sys.stdout.isatty()) or find_spec("uvicorn") is None:
        click.echo(ctx.get_help())
        return
    command = ctx.command.get_command(ctx, "serve") if isinstance(ctx.command, click.Group) else None
    if command is not None:
        ctx.invoke(command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; a user's mistake prints one clear line per problem and no traceback."""
    try:
        cli.main(args=arguments, prog_name="rheobase", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except RheobaseError as problem:
        click.echo(f"rheobase: {problem}", err=True)
        sys.exit(problem.exit_code)
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; point stdout elsewhere so that the exit is quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as problem:
        # What reads or writes a file says so itself; what is left is the output, on a full disc for one.
        click.echo(f"rheobase: the output cannot be written ({problem.strerror}). Send it elsewhere.", err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()

"""``rheobase nerve read``: a recording of nerve excitability beside healthy people's, and what a model makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rheobase.cli.options import colour_option, json_option, print_json, wants_colour, width_option

if TYPE_CHECKING:
    from rheobase.nerve.fit.least_squares import Fit
    from rheobase.nerve.recording import Recording


@click.command()
@click.argument("file", required=False)
@click.option("--example", is_flag=True, help="Read the packaged example instead: a simulated recording.")
@click.option("--fit", "fitted", is_flag=True, help="Also fit properties of the membrane, and say what is not told.")
@click.option("--html", metavar="OUT", help="Write the page with its pictures to OUT (- for standard output).")
@click.option("--force", is_flag=True, help="Write over a file that is not a report of Rheobase.")
@json_option
@colour_option
@width_option
def read(
    file: str | None,
    *,
    example: bool,
    fitted: bool,
    html: str | None,
    force: bool,
    as_json: bool,
    colour: bool | None,
    width: int,
) -> None:
    """Read the recording of nerve excitability in FILE (- for standard input) and set it beside healthy people's.

    FILE is a QTRAC file (.MEM), or a table with lines such as: rrp (ms),3.1. It informs and diagnoses nothing.
    """
    from rheobase.cli.report_files import STDOUT, check_targets, write_reports
    from rheobase.report.recording_json import recording_json
    from rheobase.report.recording_page import recording_page
    from rheobase.report.terminal import render

    if (file is None) == (not example):
        raise click.UsageError("Give one FILE, or --example to see what it looks like.")
    if as_json and html == STDOUT:
        raise click.UsageError("--json prints to standard output; give the page a file of its own.")
    check_targets({"html": html}, case_file=file, force=force)
    recording = _recording(file)
    found = _fit(recording) if fitted else None
    page = recording_page(recording, found)
    if html is not None:
        from rheobase.report.html import render_html

        write_reports({"html": html}, {"html": lambda: render_html(page).encode()})
    if as_json:
        print_json(recording_json(recording, found))
    elif html is None:
        click.echo(render(page, width=width, colour=wants_colour(chosen=colour)))


def _recording(file: str | None) -> Recording:
    from rheobase.examples import example_recording
    from rheobase.importers.nerve_recording import read_recording, recording_of_file

    return read_recording(example_recording(), "the example") if file is None else recording_of_file(file)


def _fit(recording: Recording) -> Fit:
    from rheobase.cli.nerve_options import require_nerve

    require_nerve()

    from rheobase.nerve.compiled import is_compiled
    from rheobase.nerve.fit.least_squares import fit

    if not is_compiled():
        click.echo("Preparing the model for this machine, once; this takes a few seconds.", err=True)
    return fit(recording)

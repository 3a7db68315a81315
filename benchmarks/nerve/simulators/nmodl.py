"""The membrane's equations as text in the language of NEURON and Arbor, from the numbers of the task."""

# ruff: noqa: ISC004 - pieces of one line

from __future__ import annotations

from typing import Any

# Gates of the node, then those under the myelin; which of the shifts each sees.
NODE = (("m", "shift_na"), ("h", "shift_na"), ("p", "shift_na"), ("n", "shift_k"), ("s", "shift_k"))
INNER = (("si", "shift_k"), ("q", "shift_q"), ("ni", "shift_k"))
HELPERS = """
FUNCTION ratio(x) { if (fabs(x) < 1e-6) { ratio = 1 - x/2 } else { ratio = x/(exp(x) - 1) } }
"""


def rate(row: Any, seen: str, *, helper: str) -> str:
    """Return the text of one rate from its six numbers; helper: the function for x / (exp(x) - 1)."""
    k, b, n0, n1, _, d1 = (float(each) for each in row)
    x = f"(({seen}) - ({b!r}))*({k!r})"
    if d1 < 0:
        return f"{n1!r}*{helper}(-{x})"
    if float(row[4]) == 0.0:
        return f"{n0!r}*exp({x})"
    return f"{n0!r}/(1 + exp(-{x}))"


def gate_lines(task: Any, gates: tuple[tuple[str, str], ...], at: int, *, seen: str, helper: str) -> list[str]:
    """Return lines that set a_GATE and b_GATE for each gate; those that the axon has not stay out."""
    lines = []
    for number, (name, shift) in enumerate(gates, at):
        row = task["gates"][number]
        u = f"{seen} + ({float(task[shift])!r})"
        lines.append(f"  a_{name} = {rate(row[:6], u, helper=helper)}")
        lines.append(f"  b_{name} = {rate(row[6:], u, helper=helper)}")
    return lines


def number(task: Any, name: str) -> str:
    """Return one number of the task in brackets."""
    return f"({float(task[name])!r})"


def node_current(task: Any, *, helper: str, sodium: str) -> list[str]:
    """Return lines that set ``node`` to the node's ionic current [pA]; sodium: its permeability's name."""
    n = {each: number(task, each) for each in ("na_kept", "block_normal", "block", "na_out", "na_in", "g_kf", "g_ks",
                                               "e_k", "g_lin", "i_lin", "thermal", "depth")}  # fmt: skip
    return [
        f"  x = v/{n['thermal']}",
        f"  f = exp(-2*{n['depth']}*x)",
        f"  drive = {helper}(x)*({n['na_in']}*exp(x) - {n['na_out']})*(1 + {n['block_normal']}*f)/(1 + {n['block']}*f)",
        f"  node = ({sodium}*m*m*m*h + {n['na_kept']}*p*p*p)*drive + ({n['g_kf']}*n*n*n*n + {n['g_ks']}*s)*(v - "
        f"{n['e_k']}) + {n['g_lin']}*v + {n['i_lin']}",
    ]


def inner_current(task: Any) -> str:
    """Return the internode's ionic current [pA]."""
    n = {each: number(task, each) for each in ("g_ksi", "g_kfi", "e_k", "g_h", "e_h", "g_lin_i", "i_lin_i")}
    return (
        f"({n['g_ksi']}*si + {n['g_kfi']}*ni*ni*ni*ni)*(vi - {n['e_k']}) + {n['g_h']}*q*(vi - {n['e_h']}) + "
        f"{n['g_lin_i']}*vi + {n['i_lin_i']}"
    )

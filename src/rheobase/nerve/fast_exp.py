"""exp that LLVM can vectorise: 2^k times a polynomial in float32; the library's own in float64."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic, overload

_POINTS = 64


def _coefficients() -> tuple[np.float32, ...]:
    """Return the polynomial of degree 5 for 2^f, -1/2 <= f <= 1/2, fitted at Chebyshev points."""
    f = np.cos(np.pi * (np.arange(_POINTS) + 0.5) / _POINTS) / 2
    fit = np.polynomial.chebyshev.Chebyshev.fit(f, 2.0**f, 5, domain=[-0.5, 0.5])
    return tuple(np.float32(each) for each in fit.convert(kind=np.polynomial.Polynomial).coef)


C0, C1, C2, C3, C4, C5 = _coefficients()
LOG2_E = np.float32(math.log2(math.e))
# Beyond this a rate is 0 or does not matter, and the square of a product of two still fits into a float32.
MOST32, LEAST32 = np.float32(24), np.float32(-24)
MOST64 = 16.6
# Adding it rounds a float32 to the nearest whole number, and its bits then hold that number.
ROUNDER = np.float32(12582912.0)


@intrinsic
def _power_of_two(_context: Any, k: Any) -> Any:  # noqa: ARG001 - its type follows from the signature
    """2^k for a whole-number float32 k: its exponent's bits."""

    def generate(_target: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        whole = ir.IntType(32)
        exponent = builder.add(builder.fptosi(arguments[0], whole), ir.Constant(whole, 127))
        return builder.bitcast(builder.shl(exponent, ir.Constant(whole, 23)), ir.FloatType())

    return types.float32(types.float32), generate


@intrinsic
def _nearest(_context: Any, x: Any) -> Any:  # noqa: ARG001 - as above
    """The nearest whole number of a float32, as a float32."""

    def generate(_target: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        rint = builder.module.declare_intrinsic("llvm.rint", [ir.FloatType()])
        return builder.call(rint, arguments)

    return types.float32(types.float32), generate


# As the compiled code calls them.
power_of_two: Any = _power_of_two
nearest: Any = _nearest


def bounded_exp(x: float) -> float:
    """Return exp(x) for x within about +-16.6, which stands for all beyond."""
    return math.exp(min(max(x, -MOST64), MOST64))


@overload(bounded_exp, inline="never")
def _bounded_exp(x: Any) -> Any:
    if x == types.float32:

        def single(x: Any) -> Any:
            y = min(max(x * LOG2_E, LEAST32), MOST32)
            k = nearest(y)
            f = y - k
            return (C0 + f * (C1 + f * (C2 + f * (C3 + f * (C4 + f * C5))))) * power_of_two(k)

        return single

    def double(x: Any) -> Any:
        return math.exp(min(max(x, -MOST64), MOST64))

    return double

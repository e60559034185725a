"""Elementary functions that compile to vector instructions and give the same bits on every machine.

The C library's functions are called one number at a time, and their last bit depends on the machine. These are sums of
the textbook series after a reduction of the argument; no remainder exceeds 1e-16 of the result, or of 1 where
the result crosses 0. They have no branches and no errors: callers keep the arguments within what is stated.

All functions here are for kernels; `KERNEL` and `INLINE` are how the kernels of this package are compiled. Maxima are
told that no NaN comes (``nnan``), without which a loop over them stays scalar: a kernel must know voids by value.
"""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

KERNEL: dict[str, Any] = {"nogil": True, "cache": True, "error_model": "numpy", "fastmath": {"nnan", "nsz"}}
INLINE: dict[str, Any] = {**KERNEL, "forceinline": True}

LN_2 = math.log(2.0)
LOG10_E = 1.0 / math.log(10.0)
_LOG2_E = 1.0 / math.log(2.0)
# ln 2 in two parts; the first ends in 21 zero bits, so that its product with an exponent is exact.
_LN_2_HIGH, _LN_2_LOW = 0.6931471803691238, 1.9082149292705878e-10
_SQRT_HALF_BITS = int(np.array(math.sqrt(0.5)).view(np.int64))
# Adding 1.5 · 2^52 rounds a double to an integer, which then stands in the low bits.
ROUNDING = 6755399441055744.0


@intrinsic
def bits_of(_context, _number):  # type: ignore[no-untyped-def]
    """Give the bits of a float64 as an int64."""

    def generate(_target, builder, _signature, arguments):  # type: ignore[no-untyped-def]
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), generate


@intrinsic
def float_of(_context, _bits):  # type: ignore[no-untyped-def]
    """Give the float64 that an int64 holds the bits of."""

    def generate(_target, builder, _signature, arguments):  # type: ignore[no-untyped-def]
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), generate


@intrinsic
def borrowed(_context, array):  # type: ignore[no-untyped-def]
    """Give the same array without a count of its references, to be used while the caller holds the array itself.

    numba counts references whenever an array is passed on, with atomic instructions that together take as long as a
    short profile; an array that owns nothing it leaves alone.
    """

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        given = make_array(signature.args[0])(context, builder, arguments[0])
        given.meminfo = ir.Constant(given.meminfo.type, None)
        given.parent = ir.Constant(given.parent.type, None)
        return given._getvalue()

    return array(array), generate


def _extreme(name: str):  # type: ignore[no-untyped-def]
    @intrinsic
    def of_two(_context, _one, _other):  # type: ignore[no-untyped-def]
        def generate(_target, builder, _signature, arguments):  # type: ignore[no-untyped-def]
            double = ir.DoubleType()
            kind = ir.FunctionType(double, [double, double])
            function = builder.module.declare_intrinsic(name, [double], kind)
            return builder.call(function, arguments, fastmath=("nnan", "nsz"))

        return types.float64(types.float64, types.float64), generate

    return of_two


# Unlike Python's max and min these keep a loop over them a vector loop.
larger = _extreme("llvm.maximum")
smaller = _extreme("llvm.minimum")


@numba.njit(**INLINE)
def log(x: float) -> float:
    """Natural logarithm of a positive, normal number: x = 2^e · m with m around 1, ln m = 2 artanh((m-1)/(m+1))."""
    bits = bits_of(x)  # type: ignore[call-arg, var-annotated]
    exponent = (bits - _SQRT_HALF_BITS) >> 52
    m = float_of(bits - (exponent << 52))
    s = (m - 1.0) / (m + 1.0)
    q = s * s  # at most 0.0295
    p = q * (1.0 / 21.0) + 1.0 / 19.0
    p = p * q + 1.0 / 17.0
    p = p * q + 1.0 / 15.0
    p = p * q + 1.0 / 13.0
    p = p * q + 1.0 / 11.0
    p = p * q + 1.0 / 9.0
    p = p * q + 1.0 / 7.0
    p = p * q + 1.0 / 5.0
    p = p * q + 1.0 / 3.0
    e = float(exponent)
    return e * _LN_2_HIGH + (2.0 * s + (2.0 * s * q * p + e * _LN_2_LOW))


@numba.njit(**INLINE)
def exp(x: float) -> float:
    """Exponential; the argument is brought to within ±700 first: x = k ln 2 + r, and the series of r."""
    x = smaller(larger(x, -700.0), 700.0)
    shifted = x * _LOG2_E + ROUNDING
    k = shifted - ROUNDING
    r = (x - k * _LN_2_HIGH) - k * _LN_2_LOW  # at most 0.347
    p = 1.0 + r * (1.0 / 13.0)
    p = 1.0 + r * p * (1.0 / 12.0)
    p = 1.0 + r * p * (1.0 / 11.0)
    p = 1.0 + r * p * (1.0 / 10.0)
    p = 1.0 + r * p * (1.0 / 9.0)
    p = 1.0 + r * p * (1.0 / 8.0)
    p = 1.0 + r * p * (1.0 / 7.0)
    p = 1.0 + r * p * (1.0 / 6.0)
    p = 1.0 + r * p * (1.0 / 5.0)
    p = 1.0 + r * p * (1.0 / 4.0)
    p = 1.0 + r * p * (1.0 / 3.0)
    p = 1.0 + r * p * 0.5
    p = 1.0 + r * p
    return p * float_of((bits_of(shifted) + 1023) << 52)  # type: ignore[call-arg]


@numba.njit(**INLINE)
def arctan(x: float) -> float:
    """Arctangent in radians for up to 1e150 in size: the angle is halved three times, then the series is summed."""
    t = x / (1.0 + math.sqrt(1.0 + x * x))
    t = t / (1.0 + math.sqrt(1.0 + t * t))
    t = t / (1.0 + math.sqrt(1.0 + t * t))
    q = t * t  # at most 0.0396
    p = 1.0 / 23.0 - q * (1.0 / 25.0)
    p = 1.0 / 21.0 - q * p
    p = 1.0 / 19.0 - q * p
    p = 1.0 / 17.0 - q * p
    p = 1.0 / 15.0 - q * p
    p = 1.0 / 13.0 - q * p
    p = 1.0 / 11.0 - q * p
    p = 1.0 / 9.0 - q * p
    p = 1.0 / 7.0 - q * p
    p = 1.0 / 5.0 - q * p
    p = 1.0 / 3.0 - q * p
    return 8.0 * (t - t * q * p)


@numba.njit(**INLINE)
def arctan2(y: float, x: float) -> float:
    """Angle of the point (x, y) from the x axis in radians, within ±π; 0 at the origin."""
    half = 2.0 * arctan(y / (math.sqrt(x * x + y * y) + abs(x) + 1e-300))
    back = math.pi - half if y >= 0.0 else -math.pi - half
    return half if x >= 0.0 else back


@numba.njit(**INLINE)
def small_sine(x: float) -> float:
    """Sine of an angle of at most π/6."""
    q = x * x
    p = 1.0 - q * (1.0 / 210.0)
    p = 1.0 - q * p * (1.0 / 156.0)
    p = 1.0 - q * p * (1.0 / 110.0)
    p = 1.0 - q * p * (1.0 / 72.0)
    p = 1.0 - q * p * (1.0 / 42.0)
    p = 1.0 - q * p * (1.0 / 20.0)
    return x * (1.0 - q * p * (1.0 / 6.0))

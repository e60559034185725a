"""Curved segments and rings as chains of straight ones, never farther from the curve than a tolerance.

What the numbers of a segment mean is settled for three-point arcs (production code writes 2k + 1 points for k arcs)
and for rings that are circles (three points, or centre and radius). Of the others no text that was read settles it:
they follow the assumption that `WORDS` states, and whoever uses them tells the planner.

Sources of the formulas: circle through three points by the perpendicular bisectors; chord error r·(1 − cos(θ/2));
natural cubic spline over the chord length and uniform cubic B-spline as in de Boor, *A Practical Guide to Splines*.
"""

from __future__ import annotations

import numpy as np

from ....text import Text

ARC, CENTRE_ARC, ELLIPSE, SPLINE, B_SPLINE, BEZIER, CIRCLE = (
    "arc",
    "centre_arc",
    "ellipse",
    "spline",
    "b_spline",
    "bezier",
    "circle",
)
WORDS = {
    ARC: Text("三点圆弧", "an arc by three points"),
    CIRCLE: Text("圆", "a circle"),
    CENTRE_ARC: Text("圆心弧：按“圆心、起点、终点，逆时针”理解，未经标准原文核实",
                     "an arc by its centre, taken as centre, start and end, counter-clockwise; not verified"),
    ELLIPSE: Text("椭圆：按“圆心、长半轴端点、短长轴之比”理解，未经标准原文核实",
                  "an ellipse, taken as centre, end of the long axis and ratio of the axes; not verified"),
    SPLINE: Text("三次样条：按经过各点的自然样条理解，未经标准原文核实",
                 "a cubic spline, taken as the natural one through its points; not verified"),
    B_SPLINE: Text("B 样条：按均匀三次、首尾固定理解，未经标准原文核实",
                   "a B-spline, taken as uniform, cubic and clamped; not verified"),
    BEZIER: Text("Bezier 曲线：按分段三次理解，未经标准原文核实",
                 "a Bezier curve, taken as cubic pieces; not verified"),
}  # fmt: skip
ASSUMED = {CENTRE_ARC, ELLIPSE, SPLINE, B_SPLINE, BEZIER}
_MOST = 20_000  # chords of one curve
_ROUND = 1e-3  # by which share two radii of one circle may differ
_STRAIGHT = 1e-12

Points = np.ndarray


class NotACurve(ValueError):  # noqa: N818
    """The numbers make no curve of the kind."""

    def __init__(self, words: Text) -> None:
        super().__init__(words.en)
        self.words = words


def three_point_arcs(points: Points, tolerance: float) -> Points:
    """Give arcs from point to point through the one between: 2k + 1 points for k arcs, shape (n, 2)."""
    if len(points) < 3 or len(points) % 2 == 0:
        raise NotACurve(
            Text(
                f"三点圆弧应有 3、5、7… 个点，实际 {len(points)} 个",
                f"arcs by three points need 3, 5, 7 … points, there are {len(points)}",
            )
        )
    parts = [points[:1]]
    for at in range(0, len(points) - 2, 2):
        parts.append(_arc(points[at], points[at + 1], points[at + 2], tolerance)[1:])
    return np.concatenate(parts)


def circle_through(points: Points, tolerance: float) -> Points:
    """Give the closed circle through three points, from the first on."""
    centre = _centre(*points)
    if centre is None:
        raise NotACurve(Text("三点圆的三个点在一条直线上", "the three points of a circle lie on one line"))
    start = np.arctan2(*(points[0] - centre)[::-1])
    turn = _cross(points[1] - points[0], points[2] - points[0])
    return _closed(
        _swept(centre, float(np.hypot(*(points[0] - centre))), start, np.copysign(2 * np.pi, turn), tolerance)
    )


def circle(centre: Points, radius: float, tolerance: float) -> Points:
    """Give the closed circle about a centre."""
    if not 0 < radius < 1e8:
        raise NotACurve(
            Text(f"圆的半径是 {radius:g}，应大于 0", f"the radius of a circle is {radius:g}, it should be above 0")
        )
    return _closed(_swept(centre, radius, 0.0, 2 * np.pi, tolerance))


def centre_arc(points: Points, tolerance: float) -> Points:
    """Give the arc counter-clockwise about the first point from the second to the third."""
    if len(points) != 3:
        raise NotACurve(
            Text(
                f"圆心弧应有圆心、起点、终点 3 个点，实际 {len(points)} 个",
                f"an arc by its centre needs centre, start and end, there are {len(points)} points",
            )
        )
    centre, start, end = points
    radii = np.hypot(*(start - centre)), np.hypot(*(end - centre))
    if not min(radii) > 0 or abs(radii[0] - radii[1]) > max(_ROUND * max(radii), tolerance):
        raise NotACurve(
            Text("圆心弧的起点、终点到圆心不等距", "start and end of an arc are not equally far from its centre")
        )
    first = np.arctan2(*(start - centre)[::-1])
    sweep = (np.arctan2(*(end - centre)[::-1]) - first) % (2 * np.pi) or 2 * np.pi
    found = _swept(centre, float(radii[0]), first, sweep, tolerance)
    found[0], found[-1] = start, end
    return found


def ellipse(centre: Points, axis_end: Points, ratio: float, tolerance: float) -> Points:
    """Give the closed ellipse about a centre, from the end of its long axis on."""
    axis = axis_end - centre
    length = float(np.hypot(*axis))
    if not (length > 0 and 0 < ratio <= 1):
        raise NotACurve(
            Text(
                f"椭圆的短长轴之比是 {ratio:g}，应大于 0、不超过 1",
                f"the ratio of an ellipse's axes is {ratio:g}, it should be above 0 and at most 1",
            )
        )
    angles = np.linspace(0, 2 * np.pi, _chords(length, 2 * np.pi, tolerance) + 1)
    across = np.array([-axis[1], axis[0]]) * ratio
    return _closed(centre + np.outer(np.cos(angles), axis) + np.outer(np.sin(angles), across))


def natural_spline(points: Points, tolerance: float) -> Points:
    """Give the natural cubic spline through all points, over the length of the chords."""
    if len(points) < 3:
        return points
    from scipy.interpolate import CubicSpline

    steps = np.hypot(*np.diff(points, axis=0).T)
    if not (steps > 0).all():
        raise NotACurve(Text("样条有相邻的重复点", "a spline repeats a point"))
    at = np.concatenate([[0.0], np.cumsum(steps)])
    spline = CubicSpline(at, points, bc_type="natural")
    return _sampled(spline, at, np.abs(spline(at, 2)).max(), tolerance)


def b_spline(points: Points, tolerance: float) -> Points:
    """Give the uniform cubic B-spline over control points, clamped to the first and last."""
    if len(points) < 4:
        raise NotACurve(
            Text(
                f"B 样条至少要 4 个控制点，实际 {len(points)} 个",
                f"a B-spline needs 4 control points, there are {len(points)}",
            )
        )
    from scipy.interpolate import BSpline

    inner = np.arange(len(points) - 2, dtype=np.float64)
    knots = np.concatenate([[0.0] * 3, inner, [inner[-1]] * 3])
    spline = BSpline(knots, points, 3)
    found = _sampled(spline, inner, np.abs(spline.derivative(2)(inner)).max(), tolerance)
    found[0], found[-1] = points[0], points[-1]
    return found


def bezier(points: Points, tolerance: float) -> Points:
    """Give cubic Bezier pieces, each from every third point to the next: 3k + 1 points."""
    if len(points) < 4 or len(points) % 3 != 1:
        raise NotACurve(
            Text(
                f"分段三次 Bezier 曲线应有 4、7、10… 个点，实际 {len(points)} 个",
                f"cubic Bezier pieces need 4, 7, 10 … points, there are {len(points)}",
            )
        )
    parts = [points[:1]]
    for at in range(0, len(points) - 3, 3):
        a, b, c, d = points[at : at + 4]
        bend = 6 * max(np.hypot(*(a - 2 * b + c)), np.hypot(*(b - 2 * c + d)))
        t = np.linspace(0, 1, _pieces(1.0, bend, tolerance) + 1)[1:, None]
        parts.append((1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t**2 * (1 - t) * c + t**3 * d)
    return np.concatenate(parts)


def _arc(start: Points, middle: Points, end: Points, tolerance: float) -> Points:
    if np.array_equal(start, end):  # once around, the point between lies opposite
        centre = (start + middle) / 2
        radius = float(np.hypot(*(start - centre)))
        if not radius:
            raise NotACurve(Text("圆弧的三个点重合", "the three points of an arc are one"))
        return _closed(_swept(centre, radius, np.arctan2(*(start - centre)[::-1]), 2 * np.pi, tolerance))
    centre = _centre(start, middle, end)
    if centre is None:
        return np.array([start, middle, end])
    first, last = (np.arctan2(*(point - centre)[::-1]) for point in (start, end))
    sweep = (last - first) % (2 * np.pi)
    if _cross(middle - start, end - middle) < 0:  # the way over the point between turns right: clockwise
        sweep -= 2 * np.pi
    found = _swept(centre, float(np.hypot(*(start - centre))), first, sweep, tolerance)
    found[0], found[-1] = start, end
    return found


def _centre(a: Points, b: Points, c: Points) -> Points | None:
    """Give the centre of the circle through three points, None where they lie on one line."""
    u, v = b - a, c - a
    area = 2 * _cross(u, v)
    size = max(float(u @ u), float(v @ v))
    if abs(area) <= _STRAIGHT * size:
        return None
    uu, vv = float(u @ u), float(v @ v)
    return a + np.array([v[1] * uu - u[1] * vv, u[0] * vv - v[0] * uu]) / area


def _cross(u: Points, v: Points) -> float:
    return float(u[0] * v[1] - u[1] * v[0])


def _swept(centre: Points, radius: float, first: float, sweep: float, tolerance: float) -> Points:
    angles = first + np.linspace(0, sweep, _chords(radius, abs(sweep), tolerance) + 1)
    return centre + radius * np.column_stack([np.cos(angles), np.sin(angles)])


def _chords(radius: float, sweep: float, tolerance: float) -> int:
    step = 2 * np.arccos(1 - min(tolerance / radius, 1.0)) if radius > 0 else np.pi
    return int(np.clip(np.ceil(sweep / max(step, 1e-9)), 4, _MOST))


def _sampled(spline: object, at: Points, bend: float, tolerance: float) -> Points:
    """Sample a spline between its knots `at`, close enough for its largest second derivative."""
    parts = [np.linspace(a, b, _pieces(b - a, bend, tolerance), endpoint=False) for a, b in zip(at[:-1], at[1:])]
    return np.asarray(spline(np.concatenate([*parts, at[-1:]])))  # type: ignore[operator]


def _pieces(length: float, bend: float, tolerance: float) -> int:
    """Give how many chords keep |f''|·h²/8 within the tolerance; twice that for a bend between the knots."""
    return int(np.clip(np.ceil(length * np.sqrt(2 * bend / (8 * tolerance))), 1, _MOST))


def _closed(points: Points) -> Points:
    points[-1] = points[0]
    return points

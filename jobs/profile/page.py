"""The page that a path profile is drawn on, and words of a known width on it."""

from __future__ import annotations

import html
from typing import NamedTuple


class Page(NamedTuple):
    """Size of a picture and of the margins around its plot, px."""

    width: int = 680
    height: int = 360
    left: int = 64
    right: int = 16
    top: int = 66
    bottom: int = 50
    font: int = 13
    is_small: bool = False  # room for short words only

    @property
    def floor(self) -> int:
        """Where the plot ends below."""
        return self.height - self.bottom

    @property
    def title_y(self) -> int:
        """Base line of the title."""
        return round(1.7 * self.font)

    @property
    def end(self) -> int:
        """Where the plot ends on the right."""
        return self.width - self.right


def width_px(words: str, font: int) -> float:
    """Estimate how wide words are: a Chinese sign is as wide as the font is high, other signs a little over half."""
    return sum(font if ord(sign) > 0x2E7F else 0.55 * font for sign in words)


def fitting(words: str, most_px: float, font: int) -> str:
    """Cut words that are wider than there is room."""
    if width_px(words, font) <= most_px:
        return words
    while words and width_px(words + "…", font) > most_px:
        words = words[:-1]
    return words + "…"


def label(page: Page, x: float, y: float, words: str, anchor: str, colour: str) -> str:
    """Write words on a plate of white, so that they read on terrain and lines too."""
    wide = width_px(words, page.font) + 6
    left = x - 3 if anchor == "start" else x + 3 - wide
    return (
        f'<rect x="{left:.1f}" y="{y - page.font:.1f}" width="{wide:.1f}" height="{page.font + 4}" rx="2" fill="#ffffff" '
        f'fill-opacity="0.75"/><text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">'
        f"{html.escape(words)}</text>"
    )

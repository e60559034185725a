"""One spelling for comparison: width, case, blanks and punctuation folded away. Standard library only."""

from __future__ import annotations

import re
import unicodedata

_BRACKETS = re.compile(r"[(\[{<【〔「]([^()\[\]{}<>【】〔〕「」]*)[)\]}>】〕」]")
_PUNCTUATION = re.compile(r"[\W_]+")


def fold(words: str) -> str:
    """Give `words` in NFKC and lower case without blanks, punctuation and underscores."""
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", words).lower())


def without_brackets(words: str) -> tuple[str, list[str]]:
    """Split "频段（MHz）" into "频段" and ["MHz"], in NFKC."""
    plain = unicodedata.normalize("NFKC", words)
    return _BRACKETS.sub(" ", plain).strip(), [part.strip() for part in _BRACKETS.findall(plain)]

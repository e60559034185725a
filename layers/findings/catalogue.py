"""Every kind of finding, by its code."""

from __future__ import annotations

from .kind import FindingKind
from .kinds import container, datum, geometry, identity, values

KINDS: dict[str, FindingKind] = {
    kind.code: kind for group in (container, values, datum, identity, geometry) for kind in group.KINDS
}

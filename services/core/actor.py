"""Who is asking: the first argument of every service function."""

import uuid
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Actor:
    """An account at work in one community (or one region), with the roles it holds there today."""

    account_id: uuid.UUID | None
    community_id: int | None
    roles: frozenset[str] = field(default_factory=frozenset)
    region_id: int | None = None
    language: str = "zh_Hans"
    name: str = ""

    def has(self, *roles: str) -> bool:
        """True when the actor holds any of `roles`."""
        return bool(self.roles & set(roles))


def system(community_id: int) -> Actor:
    """The product itself, in a job or a sweep."""
    return Actor(None, community_id, frozenset({"system"}))


def guest(community_id: int | None = None) -> Actor:
    """Somebody who is not signed in, or came by a one-time link."""
    return Actor(None, community_id, frozenset({"guest"}))

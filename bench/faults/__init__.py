"""Follow-ups under faults: what was acknowledged, what a gateway received, and whether the two agree."""

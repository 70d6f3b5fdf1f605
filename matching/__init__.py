"""The matching engine: helpers and households in; pairs, proof and reasons out.

Pure: no database, clock, randomness or web. Start with :func:`matching.candidates.candidates` (or, for columns,
:func:`matching.sift.sift`), then :func:`matching.solve.solve`, :func:`matching.check.check` and :mod:`matching.explain`;
:class:`matching.live.Live` keeps the answer up to date. docs/matching.md tells the whole.
"""

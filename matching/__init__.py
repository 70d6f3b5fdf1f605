"""The matching engine: helpers and households in; pairs, proof and reasons out.

Pure: no database, clock, randomness or web. Start with :func:`matching.candidates.candidates`,
then :func:`matching.solve.solve`, :func:`matching.check.check` and :mod:`matching.explain`.
"""

"""Benchmarks: `python -m bench.NAME [--quick] [--json FILE]`, each beside a named peer in the same run."""

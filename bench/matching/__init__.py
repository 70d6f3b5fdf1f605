"""The matching engine against its peers, on made cities; see `python -m bench.matching --help`."""

"""The API beside its peers, and under a hundred thousand cases."""

"""What pages take with a thousand communities on one server (`python -m bench.web`)."""

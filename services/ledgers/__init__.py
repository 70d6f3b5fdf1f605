"""Reading an office's ledgers: bytes to typed, checked records, without a database."""

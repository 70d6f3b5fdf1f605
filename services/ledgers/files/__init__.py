"""Linli's own files: what is known of each kind of thing, out as a table and back in, nothing guessed."""

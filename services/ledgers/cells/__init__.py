"""One module per kind of cell. A parser takes text and gives `(value, notes)`; it never raises on any text."""

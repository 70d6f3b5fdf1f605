"""How much one worker sends, what a million waiting rows cost the sweep, and whether a storm stands in anybody's way."""

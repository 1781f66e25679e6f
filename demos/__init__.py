"""What to run first: `python -m demos` works the three notes out, and writes a gallery of it."""

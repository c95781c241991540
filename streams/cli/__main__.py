"""``python -m streams.cli`` is ``throughline``."""

from streams.cli import main

main()

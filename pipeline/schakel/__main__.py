"""`python -m schakel` does what `schakel` does."""

from schakel.cli import main

main()

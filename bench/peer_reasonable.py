"""Reasoning with reasonable, for comparison.

python bench/peer_reasonable.py STATEMENTS.nt AXIOMS.nt CONCLUSIONS.nt
"""

import sys
from pathlib import Path

import reasonable


def main(statements: Path, axioms: Path, conclusions: Path) -> None:
    """Reason, and write all that it gives."""
    reasoner = reasonable.PyReasoner()
    for path in (axioms, statements):
        reasoner.load_file(str(path))
    with conclusions.open("w", encoding="utf-8") as file:
        file.writelines(" ".join(term.n3() for term in triple) + " .\n" for triple in reasoner.reason())


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

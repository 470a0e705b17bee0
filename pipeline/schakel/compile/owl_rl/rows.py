"""Rules as rows of a few tables: one table a shape of body, so that all rules of a shape run in one join.

- *given*: no body; the axiom alone gives the conclusion.
- *single*: one atom.
- *join*: two atoms that share one or two variables.
- *key*: two things that agree in all properties of a key are the same; a functional property is a key with one property, looked at from its values.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from schakel.compile.owl_rl.rules import Atom, Place, Rule, Variable, X, witnesses
from schakel.engine.columns import BIGINT, INTEGER, Columns, Row

__all__ = ["GIVEN", "JOIN", "KEY_ATOMS", "KEY_PARTS", "SINGLE", "KeyShape", "RuleRows", "is_key", "is_single", "key_shapes", "rows_of"]

# Where a value comes from: an id of the rule, or a place of the body.
CONSTANT: Final = 0
# Of a single atom.
SUBJECT: Final = 1
OBJECT: Final = 2
# Of two: what only the left one has, what both share, what only the right one has, and the second that they share.
LEFT: Final = 1
SHARED: Final = 2
RIGHT: Final = 3
SECOND: Final = 4

# A head: where its subject comes from, or which it is; its property; the same of its object. Then the places of up to three witnesses.
_HEAD: Final[Columns] = {"hs": INTEGER, "hs_id": BIGINT, "hp": BIGINT, "ho": INTEGER, "ho_id": BIGINT, "w1": INTEGER, "w2": INTEGER, "w3": INTEGER}
GIVEN: Final[Columns] = {"rule": INTEGER, "s": BIGINT, "p": BIGINT, "o": BIGINT}
SINGLE: Final[Columns] = {"rule": INTEGER, "s": BIGINT, "p": BIGINT, "o": BIGINT, "loop": INTEGER, "of_things": BIGINT, **_HEAD}
# Of each atom its property, its object or 0, and which of subject and object is shared, is the second shared one, is its own.
JOIN: Final[Columns] = {
    "rule": INTEGER,
    **{f"l_{name}": kind for name, kind in (("p", BIGINT), ("o", BIGINT), ("v", INTEGER), ("k", INTEGER), ("e", INTEGER))},
    **{f"r_{name}": kind for name, kind in (("p", BIGINT), ("o", BIGINT), ("v", INTEGER), ("k", INTEGER), ("e", INTEGER))},
    # 1 where both atoms are the same the other way round, so that each contradiction would be found twice.
    "mirrored": INTEGER,
    **_HEAD,
}
# `place` 0 is the class, if there is one; the others are properties; `e` is which of subject and object is the thing itself.
KEY_ATOMS: Final[Columns] = {"shape": INTEGER, "key": INTEGER, "place": INTEGER, "p": BIGINT, "o": BIGINT, "e": INTEGER}
KEY_PARTS: Final[Columns] = {"shape": INTEGER, "key": INTEGER, "place": INTEGER, "rule": INTEGER, "hp": BIGINT}


@dataclass(frozen=True, order=True)
class KeyShape:
    """Keys that run together: with so many properties, of a class or of anything."""

    properties: int
    of_class: bool

    @property
    def number(self) -> int:
        """The number of the shape in the tables."""
        return 2 * self.properties + self.of_class


@dataclass(frozen=True)
class RuleRows:
    """Rows by table."""

    given: Sequence[Row]
    single: Sequence[Row]
    join: Sequence[Row]
    key_atoms: Sequence[Row]
    key_parts: Sequence[Row]


def is_single(rule: Rule) -> bool:
    """Tell whether a rule has one atom."""
    return len(rule.body) == 1


def is_key(rule: Rule) -> bool:
    """Tell whether a rule is part of a key."""
    return bool(rule.key)


def rows_of(rules: Mapping[int, Rule], first_thing: int) -> RuleRows:
    """Give the rows of numbered rules; ids from `first_thing` on are of no literals."""
    keyed = {number: rule for number, rule in rules.items() if is_key(rule)}
    keys = {key: number for number, key in enumerate(dict.fromkeys(rule.key for rule in keyed.values()))}
    return RuleRows(
        [(number, *(rule.head or (0, 0, 0))) for number, rule in rules.items() if not rule.body],
        [_single(number, rule, first_thing) for number, rule in rules.items() if is_single(rule)],
        [_join(number, rule) for number, rule in rules.items() if len(rule.body) == 2 and not is_key(rule)],  # noqa: PLR2004  # two atoms are what a join has
        [row for key, number in keys.items() for row in _key_atoms(number, key)],
        [(_shape(rule.key).number, keys[rule.key], _places(rule.key).index(rule.body[0]), number, _head(rule).p) for number, rule in keyed.items()],
    )


def key_shapes(rules: Iterable[Rule]) -> Sequence[KeyShape]:
    """Give the shapes of keys among rules."""
    return sorted({_shape(rule.key) for rule in rules if is_key(rule)})


def _single(number: int, rule: Rule, first_thing: int) -> Row:
    s, p, o = rule.body[0]
    places = {o: OBJECT, s: SUBJECT}
    loop = int(isinstance(s, Variable) and s == o)
    return (number, _constant(s), p, _constant(o), loop, first_thing if rule.of_things else 0, *_head_columns(rule, places))


def _join(number: int, rule: Rule) -> Row:
    left, right = rule.body
    shared = [variable for variable in left.variables if variable in right.variables]
    if not shared or len(shared) > 2:  # noqa: PLR2004  # an atom has two places
        raise ValueError(f"a rule whose atoms do not meet: {rule}")
    places: dict[Place, int] = {**dict.fromkeys(left.variables, LEFT), **dict.fromkeys(right.variables, RIGHT)}
    places.update(zip(shared, (SHARED, SECOND), strict=False))
    mirrored = int(rule.head is None and left.p == right.p and len(shared) > 1)
    return (number, *_side(left, shared), *_side(right, shared), mirrored, *_head_columns(rule, places))


def _side(atom: Atom, shared: Sequence[Variable]) -> Iterator[int]:
    yield atom.p
    yield _constant(atom.o)
    own = [variable for variable in atom.variables if variable not in shared]
    for variables in (shared[:1], shared[1:], own):
        yield _which(atom, variables[0]) if variables else CONSTANT


def _which(atom: Atom, variable: Variable) -> int:
    return SUBJECT if atom.s == variable else OBJECT


def _head_columns(rule: Rule, places: Mapping[Place, int]) -> Iterator[int]:
    head = Atom(0, 0, 0) if rule.head is None else rule.head
    yield places.get(head.s, CONSTANT) if isinstance(head.s, Variable) else CONSTANT
    yield _constant(head.s)
    yield head.p
    yield places.get(head.o, CONSTANT) if isinstance(head.o, Variable) else CONSTANT
    yield _constant(head.o)
    found = [places[variable] for variable in witnesses(rule)]
    yield from (*found, *[CONSTANT] * (3 - len(found)))


def _constant(place: Place) -> int:
    return 0 if isinstance(place, Variable) else place


def _key_atoms(number: int, key: tuple[Atom, ...]) -> Iterator[Row]:
    shape = _shape(key).number
    for place, atom in enumerate(_places(key)):
        if atom is not None:
            yield shape, number, place, atom.p, _constant(atom.o), _which(atom, X)


def _places(key: tuple[Atom, ...]) -> list[Atom | None]:
    return [*(atom for atom in key if len(atom.variables) == 1), *([] if _shape(key).of_class else [None]), *(atom for atom in key if len(atom.variables) > 1)]


def _shape(key: tuple[Atom, ...]) -> KeyShape:
    properties = sum(len(atom.variables) > 1 for atom in key)
    return KeyShape(properties, of_class=properties < len(key))


def _head(rule: Rule) -> Atom:
    if rule.head is None:
        raise ValueError(f"a key without a conclusion: {rule}")
    return rule.head

"""Write a whole project of invented organisations, to measure with.

    python bench/generate.py --organisations 10000 --seed 1 --faults 0.001 FOLDER

Ontology, shapes and mappings are the repository's own; the tables have its columns. The same seed gives the same bytes.
What was written is told as JSON: rows, passages, and how many faults of each kind, each of which is one finding, a second chair two.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

import click

from invented import LANGUAGES, Names, pick
from project import ENGINES, Faults, Project

# Organisations a page: a register has many pages, and each page many entries.
_PAGE: Final = 500
_TITLES: Final = {"nl": "Register van verzonnen organisaties", "nb": "Register over oppdiktede organisasjoner"}
_TITLES_MORE: Final = {"nn": "Register over oppdikta organisasjonar", "en": "Register of invented organisations"}
_MARKS: Final = {"nl": "Artikel", "nb": "Punkt", "nn": "Punkt", "en": "Entry"}
_DESCRIPTIONS: Final = {
    "nl": ("Werkt sinds {0} in de streek rond {1}.", "Brengt mensen uit {1} bij elkaar; begonnen in {0}.", "Een kleine organisatie in {1}, opgericht in {0}."),
    "nb": ("Har arbeidet i området rundt {1} siden {0}.", "Samler folk fra {1}; begynte i {0}.", "En liten virksomhet i {1}, stiftet i {0}."),
    "nn": ("Har arbeidd i området rundt {1} sidan {0}.", "Samlar folk frå {1}; byrja i {0}.", "Ei lita verksemd i {1}, stifta i {0}."),
    "en": ("Has worked in the country around {1} since {0}.", "Brings people from {1} together; began in {0}.", "A small body in {1}, founded in {0}."),
}
_ROLES: Final = ("member", "member", "member", "participant", "partner", "party", "founding-party")
_WORDS: Final = {
    "nl": {
        "member": "lid",
        "chair": "voorzitter",
        "participant": "deelnemer",
        "partner": "partner",
        "party": "betrokken partij",
        "founding-party": "oprichter",
    },
    "nb": {"member": "medlem", "chair": "leder", "participant": "deltaker", "partner": "partner", "party": "part", "founding-party": "stifter"},
    "nn": {"member": "medlem", "chair": "leiar", "participant": "deltakar", "partner": "partnar", "party": "part", "founding-party": "stiftar"},
    "en": {"member": "member", "chair": "chair", "participant": "participant", "partner": "partner", "party": "party", "founding-party": "founder"},
}
_SHAREHOLDER: Final = {"nl": "aandeelhouder", "nb": "aksjonær", "nn": "aksjonær", "en": "shareholder"}
_SITES: Final = {"nl": "locatie {0}", "nb": "avdeling {0}", "nn": "avdeling {0}", "en": "{0} site"}
_SITE_KINDS: Final = ("location", "location", "outpatient-clinic", "seat")
_PROJECTS: Final = {"nl": "Project {0}", "nb": "{0}-prosjektet", "nn": "{0}-prosjektet", "en": "{0} Project"}
_GOALS: Final = {
    "nl": ("Kortere wachttijden in {0}", "Betere bereikbaarheid van {0}", "Minder papier, meer tijd voor {0}", "Eén dossier voor {0}"),
    "nb": ("Kortere ventetid i {0}", "Bedre tilgjengelighet for {0}", "Mindre papir, mer tid til {0}", "Én journal for {0}"),
    "nn": ("Kortare ventetid i {0}", "Betre tilgjenge for {0}", "Mindre papir, meir tid til {0}", "Éin journal for {0}"),
    "en": ("Shorter waiting in {0}", "{0} within reach", "Less paper, more time for {0}", "One record for {0}"),
}
_DEEPEST_CHAIN: Final = 4
_DEEPEST_GOAL: Final = 3


@dataclass
class World:
    """The organisations, in the order in which they are written, each with all that is said of it.

    Of every ten the first is a body that others take part in, the last a unit of another; the second and third are companies that may be owned.
    """

    organisations: int
    names: Names
    project: Project
    random: Random
    faults: Faults
    language: str = "nl"
    depths: bytearray = field(default_factory=bytearray)

    def write(self) -> None:
        """Write everything."""
        places = max(20, min(self.organisations // 50, 4000))
        self.depths = bytearray(self.organisations)
        for number in range(0, self.organisations, _PAGE):
            self.language = LANGUAGES[number // _PAGE % len(LANGUAGES)]
            self.project.begin_source(number // _PAGE + 1, (_TITLES | _TITLES_MORE)[self.language], self.language, _MARKS[self.language])
            for place in range(places if number == 0 else 0):
                name = self.names.place(place)
                kind = "country" if place < 2 else "province" if place < 6 else "region" if place % 10 == 6 else "city"
                self.project.row("places", name, f"p{place}", name, self.language, kind)
            for organisation in range(number, min(number + _PAGE, self.organisations)):
                self._organisation(organisation, places)
            self.project.end_source()

    def _organisation(self, number: int, places: int) -> None:
        what = self._type(number)
        at = self.names.organisation_id(number)
        label, kind, form = self.names.organisation(number, what, self.language, self.random)
        self.project.row("organisations", label, at, label, self.language, what, kind, form)
        self._described(at, label, places)
        if what == "unit":
            whole = number - number % 10 + 1 + int(self.random.random() * 8)
            self.project.row("parts", label, at, f"org/{self.names.organisation_id(whole)}", "unit")
            return
        self._sites(at, label, places)
        self._named(at, label)
        self._memberships(number, at, label)
        if number % 10 == 0:
            self._chaired(number, at, label)
        if number % 10 in {1, 2}:
            self._owned(number, at, label)
        if number % 50 == 3:
            self._project(number, at)

    @staticmethod
    def _type(number: int) -> str:
        last = number % 10
        return "collaboration" if last == 0 else "formal" if last < 7 else "organization" if last < 9 else "unit"

    def _year(self) -> int:
        # More of what is recent, as registers have it.
        return 2024 - int(self.random.random() ** 2 * 60)

    def _day(self) -> str:
        return f"{self._year()}-{1 + int(self.random.random() * 12):02}-{1 + int(self.random.random() * 28):02}"

    def _other(self, number: int) -> int:
        """Choose another organisation that is no unit."""
        while (other := int(self.random.random() * self.organisations)) == number or other % 10 == 9:
            pass
        return other

    def _described(self, at: str, label: str, places: int) -> None:
        if self.faults.due("description", self.project.rows):
            return
        for language in (self.language, "en") if self.language != "en" and self.random.random() < 0.3 else (self.language,):
            text = pick(self.random, _DESCRIPTIONS[language]).format(self._year(), self.names.place(int(self.random.random() * places)))
            self.project.row("descriptions", label, f"org/{at}", text, language)

    def _sites(self, at: str, label: str, places: int) -> None:
        count = int(1 / (self.random.random() + 0.02) ** 0.9) // 2 if self.random.random() < 0.45 else 0
        for site in range(min(count, 12)):
            place = 6 + int(self.random.random() * (places - 6))
            name = self.names.place(place)
            kind = "main" if site == 0 else pick(self.random, _SITE_KINDS)
            post_name = name if self.random.random() < 0.9 else ""
            self.project.row("sites", label, f"site-{site}", at, _SITES[self.language].format(name), self.language, kind, f"p{place}", post_name)

    def _named(self, at: str, label: str) -> None:
        if self.random.random() > 0.16:
            return
        kind = pick(self.random, ("abbreviation", "former", "full", "short", "spelling"))
        language, since, until = self.language, "", ""
        if kind == "abbreviation":
            text = "".join(word[0] for word in label.replace("–", " ").split() if word[0].isalpha()).upper() or "X"
        elif kind == "former":
            text, until = label + " 1", "" if self.faults.due("former-name", self.project.rows) else self._day()
        else:
            text, since = f"{label} ({kind[0]})", self._day() if self.random.random() < 0.3 else ""
            language = pick(self.random, ("en", language))
        self.project.row("names", label, "name-other", f"org/{at}", text, language, kind, "", since, until)

    def _memberships(self, number: int, at: str, label: str) -> None:
        bodies = (self.organisations + 9) // 10
        chance = self.random.random()
        count = 0 if chance < 0.68 else 1 if chance < 0.91 else 2 if chance < 0.97 else 3 + int(self.random.random() * 6)
        # A few bodies have very many members: the cube makes low numbers likely.
        chosen = {int(bodies * self.random.random() ** 3) * 10 for _ in range(count)} - {number}
        for body in sorted(chosen):
            other = self.names.organisation_id(body)
            role = pick(self.random, _ROLES)
            self._member(f"{role}-of-{other}", label, at, f"org/{other}", role)

    def _member(self, key: str, label: str, member: str, body: str, role: str) -> None:
        exact = self.random.random()
        since = "" if exact > 0.25 else str(self._year()) if exact > 0.12 else self._day()[: 7 if exact > 0.05 else 10]
        self.project.row("memberships", label, key, f"org/{member}", body, role, _WORDS[self.language][role], self.language, since)

    def _chaired(self, number: int, at: str, label: str) -> None:
        chairs = {self._other(number)}
        while self.organisations > 2 and len(chairs) == 1 and self.faults.due("second-chair", self.project.rows):
            while len(chairs) == 1:
                chairs.add(self._other(number))
        for chair in sorted(chairs):
            other = self.names.organisation_id(chair)
            self._member(f"chair-of-{at}", label, other, f"org/{at}", "chair")

    def _owned(self, number: int, at: str, label: str) -> None:
        """Let companies own companies that come after them, in chains that are not too long."""
        if self.random.random() > 0.7:
            return
        owners: list[int] = []
        for _ in range(1 + (self.random.random() < 0.3)):
            owner = int(self.random.random() * (number // 10 + 1)) * 10 + pick(self.random, (1, 2, 3))
            if owner < number and owner not in owners and self.depths[owner] < _DEEPEST_CHAIN:
                owners.append(owner)
        if owners:
            self.depths[number] = 1 + max(self.depths[owner] for owner in owners)
        shares = pick(self.random, ("100", "75", "51", "33.3") if len(owners) < 2 else ("50", "50", "33.3", "12.5"))
        for owner in owners:
            holder = self.names.organisation_id(owner)
            share = "" if self.faults.due("share", self.project.rows) else shares
            words = f"{share}% {_SHAREHOLDER[self.language]}" if share else _SHAREHOLDER[self.language]
            self.project.row("shareholdings", label, f"shareholder-of-{at}", holder, at, share, words, self.language)

    def _project(self, number: int, at: str) -> None:
        label = _PROJECTS[self.language].format(pick(self.random, self.names.stems))
        start = "" if self.faults.due("start", self.project.rows) else self._day()[:7]
        develops = self.names.organisation_id(number - number % 10 + 7) if number - number % 10 + 7 < self.organisations else ""
        self.project.row("projects", label, at, label, self.language, start, develops)
        self.project.row(
            "descriptions", label, f"project/{at}", _DESCRIPTIONS[self.language][0].format(self._year(), pick(self.random, self.names.stems)), self.language
        )
        for party in sorted({number, *(self._other(number) for _ in range(1 + int(self.random.random() * 4)))}):
            other = self.names.organisation_id(party)
            role = "partner" if party == number else "party"
            self._member(f"{role}-of-project-{at}", label, other, f"project/{at}", role)
        self._goals(at)

    def _goals(self, at: str) -> None:
        """Write a tree of goals: each goes below an earlier one or to the top."""
        depths: list[int] = []
        children: dict[int, int] = {}
        for goal in range(3 + int(self.random.random() * 12)):
            above = int(self.random.random() * (goal + 1)) - 1
            if above >= 0 and depths[above] >= _DEEPEST_GOAL:
                above = -1
            depths.append(0 if above < 0 else depths[above] + 1)
            children[above] = children.get(above, 0) + 1
            label = pick(self.random, _GOALS[self.language]).format(pick(self.random, self.names.stems))
            parent = f"{at}#goal-{above}" if above >= 0 else ""
            self.project.row("goals", label, f"goal-{goal}", at, parent, children[above], label, self.language)


def generate(folder: Path, organisations: int, seed: int, faults: float, engines: str = "default") -> dict[str, object]:
    """Write a project into a folder; what was there of it is replaced. Gives what was written."""
    made = Faults(faults)
    with Project(folder, engines) as project:
        World(organisations, Names(seed), project, Random(f"{seed} world"), made).write()
    return {"organisations": organisations, "rows": project.rows, "passages": project.passages, "faults": made.made}


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--organisations", type=click.IntRange(20), default=1000, show_default=True, help="How many organisations; their sites, ties and goals come with them."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same bytes.")
@click.option(
    "--faults", type=click.FloatRange(0, 1), default=0.001, show_default=True, help="Share of rows with a fault that the shapes find and that blocks nothing."
)
@click.option("--engines", type=click.Choice(list(ENGINES)), default="default", show_default=True, help="Engines to name in schakel.toml; default names none.")
def main(folder: Path, organisations: int, seed: int, faults: float, engines: str) -> None:
    """Write a project of invented organisations into FOLDER."""
    click.echo(json.dumps(generate(folder, organisations, seed, faults, engines)))


if __name__ == "__main__":
    main()

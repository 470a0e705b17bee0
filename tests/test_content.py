"""The published graph holds what the three pages state, each statement in the graph of a passage of its page, and nothing else.

Each question is asked of the published dataset. A statement counts as found only if the graph of one passage holds all of it.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import pyoxigraph as ox
import pytest
from pyoxigraph import BlankNode, RdfFormat, Store

from schakel import Settings

PREFIXES = """
BASE <https://kg.example.org/>
PREFIX careform: <https://w3id.org/schakel/care-form/>
PREFIX counted: <https://w3id.org/schakel/counted/>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX field: <https://w3id.org/schakel/medical-field/>
PREFIX locn: <http://www.w3.org/ns/locn#>
PREFIX namekind: <https://w3id.org/schakel/name-kind/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX orgkind: <https://w3id.org/schakel/organisation-kind/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX profession: <https://w3id.org/schakel/profession/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX qualifier: <https://w3id.org/schakel/qualifier/>
PREFIX role: <https://w3id.org/schakel/role/>
PREFIX schema: <http://schema.org/>
PREFIX sitekind: <https://w3id.org/schakel/site-kind/>
PREFIX sk: <https://w3id.org/schakel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX status: <https://w3id.org/schakel/service-status/>
PREFIX tiekind: <https://w3id.org/schakel/tie-kind/>
PREFIX time: <http://www.w3.org/2006/time#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
ABOUT, PARTNERSHIPS, DMS = "mst-about", "mst-partnerships", "dms-kristiansund"

Ask: TypeAlias = Callable[[str], bool]
Select: TypeAlias = Callable[[str], list[tuple[str, ...]]]
Stated: TypeAlias = Callable[[str, str], bool]


@pytest.fixture(scope="module")
def store(published: Settings) -> Store:
    store = Store()
    store.bulk_load(path=published.publication / "download" / "dataset.trig", format=RdfFormat.TRIG)
    return store


@pytest.fixture(scope="module")
def ask(store: Store) -> Ask:
    """Ask of the merge of all graphs."""
    return lambda pattern: bool(store.query(f"{PREFIXES} ASK {{ {pattern} }}", use_default_graph_as_union=True))


@pytest.fixture(scope="module")
def select(store: Store) -> Select:
    """Select from the merge of all graphs; IRIs without the base, texts without quotes."""

    def rows(query: str) -> list[tuple[str, ...]]:
        solutions = store.query(PREFIXES + query, use_default_graph_as_union=True)
        assert isinstance(solutions, ox.QuerySolutions)
        return [tuple("" if term is None else term.value.removeprefix("https://kg.example.org/") for term in solution) for solution in solutions]

    return rows


@pytest.fixture(scope="module")
def stated(store: Store) -> Stated:
    """Ask whether the pattern is stated by one passage of the source."""

    def holds(source: str, pattern: str) -> bool:
        query = f"""{PREFIXES} ASK {{
            GRAPH ?passage {{ {pattern} }}
            GRAPH <graph/provenance> {{ ?passage a oa:SpecificResource ; oa:hasSource <source/{source}> ; oa:hasSelector [ a oa:TextPositionSelector ] }}
        }}"""
        return bool(store.query(query))

    return holds


# ------------------------------------------------------------------------------------------------------------------- the page about MST

THE_HOSPITAL = {
    "It is Medisch Spectrum Twente": "<org/mst> a org:Organization ; skos:prefLabel 'Medisch Spectrum Twente'@nl",
    "It is abbreviated to MST": "<org/mst> sk:abbreviation 'MST'",
    "It is a top-clinical teaching hospital": "<org/mst> org:classification orgkind:top-clinical-teaching-hospital",
    "About 3500 people work there": "<org/mst> sk:hasStatedCount ?c . ?c sk:counted counted:employees ; sk:value 3500 ; sk:qualifier qualifier:about",
    "It works for the health of the region of Twente": "<org/mst> dct:spatial <place/twente>",
    "It is a trauma centre": "<org/mst> org:classification orgkind:trauma-centre",
    "There are eleven trauma centres in the Netherlands": (
        "<place/nederland> sk:hasStatedCount ?c . ?c sk:counted counted:trauma-centres ; sk:value 11 ; sk:qualifier qualifier:exact"
    ),
    "It organises the ROAZ": "?m a org:Membership ; org:member <org/mst> ; org:organization <org/roaz> ; org:role role:organiser",
    "The ROAZ is in the Euregio": "<org/roaz> dct:spatial <place/euregio>",
    "Its main site is in Enschede": (
        "<org/mst> org:hasPrimarySite ?s . ?s sk:siteKind sitekind:main ; dct:spatial <place/enschede> ; org:siteAddress [ locn:postName 'Enschede'@nl ]"
    ),
    "It has an outpatient clinic in Oldenzaal": (
        "<org/mst> org:hasSite ?s . ?s sk:siteKind sitekind:outpatient-clinic ; org:siteAddress [ locn:postName 'Oldenzaal'@nl ]"
    ),
    "It has an outpatient clinic in Haaksbergen": (
        "<org/mst> org:hasSite ?s . ?s sk:siteKind sitekind:outpatient-clinic ; org:siteAddress [ locn:postName 'Haaksbergen'@nl ]"
    ),
    "Its strategy is that of 2023 to 2028": """
        <org/mst> sk:hasPurpose ?p . ?p a sk:Strategy ; dct:temporal ?period .
        ?period time:hasBeginning [ time:inXSDgYear '2023'^^xsd:gYear ] ; time:hasEnd [ time:inXSDgYear '2028'^^xsd:gYear ]""",
    "It states its mission": "<org/mst> sk:hasPurpose ?p . ?p a sk:Mission ; dct:description ?words FILTER(LANG(?words) = 'en')",
    "It states its vision": "<org/mst> sk:hasPurpose ?p . ?p a sk:Vision ; dct:description ?words FILTER(LANG(?words) = 'en')",
    "Its first core value is Vertrouwen": "<org/mst> sk:hasPurpose ?v . ?v a sk:CoreValue ; skos:prefLabel 'Vertrouwen'@nl ; sk:position 1",
    "Its second core value is Verbinden": "<org/mst> sk:hasPurpose ?v . ?v a sk:CoreValue ; skos:prefLabel 'Verbinden'@nl ; sk:position 2",
    "Its third core value is Vernieuwen": "<org/mst> sk:hasPurpose ?v . ?v a sk:CoreValue ; skos:prefLabel 'Vernieuwen'@nl ; sk:position 3",
    "Residents can follow further training in 19 specialties": (
        "<org/mst> sk:hasStatedCount ?c . ?c sk:counted counted:specialties-with-training ; sk:value 19 ; sk:qualifier qualifier:exact"
    ),
    "It works with the UT on innovation": ("?t a sk:Tie ; sk:tieOf <org/mst> ; sk:tieWith <org/universiteit-twente> ; sk:tieKind tiekind:innovation-partner"),
    "It works with Saxion on innovation": "?t a sk:Tie ; sk:tieOf <org/mst> ; sk:tieWith <org/saxion> ; sk:tieKind tiekind:innovation-partner",
    "It works with the ROC on innovation": "?t a sk:Tie ; sk:tieOf <org/mst> ; sk:tieWith <org/roc-van-twente> ; sk:tieKind tiekind:innovation-partner",
    "Some of its specialists are professors at the UT": "?t sk:tieOf <org/mst> ; sk:tieWith <org/universiteit-twente> ; sk:tieKind tiekind:professors",
    "Its technical physicians were trained at the UT": "?t sk:tieOf <org/mst> ; sk:tieWith <org/universiteit-twente> ; sk:tieKind tiekind:alumni",
    "It works within Santeon": "?m org:member <org/mst> ; org:organization <org/santeon>",
    "It does so with six other hospitals": (
        "<org/santeon> sk:hasStatedCount ?c . ?c sk:counted counted:hospitals ; sk:value 6 ; sk:excluding <org/mst> ; sk:qualifier qualifier:exact"
    ),
    "That is a mention of its membership": "<org/mst#member-of-santeon> sk:statedRole 'werkt binnen Santeon intensief samen'@nl",
    "Its strategy has three themes": "<org/mst> sk:hasPurpose <org/mst#theme-medtech> . <org/mst#theme-medtech> a sk:Theme ; sk:position 3",
    "Technical physicians work within various specialties": (
        "<org/mst> sk:hasActivity ?a . ?a skos:prefLabel 'technische geneeskunde binnen verschillende specialismen'@nl"
    ),
    "Santeon's care is value-driven": "<org/santeon#activity-improvement-teams> sk:activityBy <programme/waardegedreven-zorg>",
    "Santeon compares outcomes between hospitals": "<org/santeon> sk:hasActivity ?a . ?a skos:prefLabel ?w FILTER(CONTAINS(?w, 'vergelijken van uitkomsten'))",
}


@pytest.mark.parametrize("statement", THE_HOSPITAL)
def test_the_page_about_the_hospital(statement: str, stated: Stated) -> None:
    assert stated(ABOUT, THE_HOSPITAL[statement])


# ------------------------------------------------------------------------------------------------------ the table of partnerships, row by row

MEMBERSHIP, SHAREHOLDING = "org:Membership", "sk:Shareholding"
PARTNERSHIPS_TABLE = [
    ("Twentse Medische Coöperatie", "twentse-medische-cooperatie", "member", "Lid van de coöperatie"),
    ("Santeon", "santeon", "member", "Lid van de vereniging"),
    ("Regionaal Overleg Acute Zorg", "roaz", "chair", "Voorzitter"),
    ("Opleidings- en onderwijsregio Noord Oost", "oor-noord-oost", "member", "Lid"),
    ("Vereniging Samenwerkende Topklinische opleidingsZiekenhuizen", "stz", "member", "Lid van de vereniging"),
    ("Werkgeversvereniging Zorgsector Twente en Oost-Achterhoek", "werkgeversvereniging-zorgsector", "member", "Lid van de vereniging"),
    ("Nederlandse Vereniging van Ziekenhuizen", "nederlandse-vereniging-van-ziekenhuizen", "member", "Lid van de vereniging"),
    ("Vermaat-Medisch Spectrum Twente Services BV", "vermaat-mst-services", "shareholder", "50% aandeelhouder"),
    ("Medlon BV", "medlon", "shareholder", "50% aandeelhouder"),
    ("IZIT", "izit", "shareholder", "Aandeelhouder"),
    ("MST Cleancare", "mst-cleancare", "shareholder", "100% aandeelhouder"),
    ("Innovatieplatform Twente", "innovatieplatform-twente", "member", "Lid van het platform"),
    ("Acute Zorgpost Huisartsen/MST", "acute-zorgpost", "partner", "Partner"),
    ("Samenwerking ten behoeve van PET/CT-scanner", "petct-samenwerking", "partner", "Partner"),
    ("Orthocare", "orthocare", "partner", "Partner"),
    ("ZorgNetOost", "zorgnetoost", "partner", "Partner"),
    ("Bascule", "bascule", "partner", "Partner"),
    ("Energ-Q", "energ-q", "partner", "Partner"),
]


# In these three rows people of the hospital sit in a body: two laboratories, and TAZDO.
SEATS_IN_THE_TABLE = [
    ("laboratorium-microbiologie-raad-van-toezicht#post-lid", "supervisory-board-member", "laboratorium-microbiologie"),
    ("laboratorium-pathologie-raad-van-toezicht#post-lid", "supervisory-board-member", "laboratorium-pathologie"),
    ("tazdo#post-voorzitter", "chair", "tazdo"),
]


def test_the_table_has_21_rows() -> None:
    assert len(PARTNERSHIPS_TABLE) + len(SEATS_IN_THE_TABLE) == 21


@pytest.mark.parametrize(("post", "role", "organisation"), SEATS_IN_THE_TABLE)
def test_a_row_of_the_table_that_speaks_of_a_seat(post: str, role: str, organisation: str, stated: Stated, ask: Ask) -> None:
    assert stated(PARTNERSHIPS, f"<org/{post}> a org:Post ; org:role role:{role} ; sk:seatOf <org/mst>")
    # A post on a board is a post in the organisation of the board.
    assert ask(f"<org/{post}> org:postIn <org/{organisation}>")


def test_tazdo_in_the_table_is_a_mention_of_the_membership_that_the_text_states(stated: Stated) -> None:
    words = "Voorzitter Raad van Bestuur is voorzitter TAZDO + leden Raad van Bestuur zijn deelnemer"
    assert stated(PARTNERSHIPS, f"<org/mst#member-of-tazdo> org:member <org/mst> ; org:organization <org/tazdo> ; sk:statedRole '{words}'@nl")
    assert stated(PARTNERSHIPS, "<org/mst#member-of-tazdo> org:role role:member ; sk:statedRole 'is lid van'@nl")


@pytest.mark.parametrize("row", PARTNERSHIPS_TABLE, ids=lambda row: row[0])
def test_a_row_of_the_table_of_partnerships(row: tuple[str, str, str, str], stated: Stated, ask: Ask) -> None:
    name, body, role, words = row
    kind = SHAREHOLDING if role == "shareholder" else MEMBERSHIP
    assert ask(f"<org/{body}> skos:prefLabel '{name}'@nl ; a org:Organization")
    assert stated(PARTNERSHIPS, f"?m a {kind} ; org:member <org/mst> ; org:organization <org/{body}> ; org:role role:{role} ; sk:statedRole '{words}'@nl")


@pytest.mark.parametrize(("company", "share"), [("vermaat-mst-services", "50"), ("medlon", "50"), ("mst-cleancare", "100")])
def test_a_share_that_the_table_gives(company: str, share: str, stated: Stated) -> None:
    pattern = f"?m a sk:Shareholding ; org:member <org/mst> ; org:organization <org/{company}> ; sk:sharePercentage {share}.0"
    assert stated(PARTNERSHIPS, pattern.replace(f"{share}.0", f"?share FILTER(?share = {share})"))


def test_a_share_that_the_table_does_not_give_is_not_made_up(ask: Ask, select: Select) -> None:
    assert not ask("?m org:organization <org/izit> ; sk:sharePercentage ?share")
    assert select("SELECT (COUNT(DISTINCT ?m) AS ?n) { ?m a sk:Shareholding }") == [("4",)]


PARTNERS_NAMED_IN_A_ROW = [
    ("petct-samenwerking", "Ziekenhuisgroep Twente"),
    ("orthocare", "Zorggroep Sint Maarten"),
    ("bascule", "Ariënszorgpalet"),
    ("energ-q", "Fysiogym Twente"),
    ("energ-q", "Sandton Resort Bad Boekelo"),
    ("energ-q", "TSN Thuiszorg"),
    ("energ-q", "huisartsenpraktijk Boekelo"),
]


@pytest.mark.parametrize(("body", "partner"), PARTNERS_NAMED_IN_A_ROW)
def test_a_partner_named_in_a_row_of_the_table(body: str, partner: str, stated: Stated, select: Select) -> None:
    ((member,),) = select(f"SELECT DISTINCT ?o {{ ?o skos:prefLabel '{partner}'@nl ; a org:Organization }}")
    assert stated(PARTNERSHIPS, f"?m a org:Membership ; org:member <{member}> ; org:organization <org/{body}> ; org:role role:partner")


PLACES_IN_THE_TABLE = [("tazdo", "Hengelo"), ("stz", "Amsterdam"), ("laboratorium-microbiologie", "Enschede"), ("laboratorium-pathologie", "Enschede")]


@pytest.mark.parametrize(("body", "place"), PLACES_IN_THE_TABLE)
def test_a_place_that_the_table_gives(body: str, place: str, stated: Stated) -> None:
    assert stated(PARTNERSHIPS, f"<org/{body}> org:hasSite ?s . ?s org:siteAddress ?a . ?a locn:postName '{place}'@nl")


# ----------------------------------------------------------------------------------------------------- the prose below the table

HOSPITALS_OF_SANTEON = [
    ("Onze Lieve Vrouwe Gasthuis", ("Amsterdam",)),
    ("St. Antonius Ziekenhuis", ("Utrecht/Nieuwegein",)),
    ("Canisius-Wilhemina Ziekenhuis", ("Nijmegen",)),
    ("Catharina-ziekenhuis", ("Eindhoven",)),
    ("Martini Ziekenhuis", ("Groningen",)),
]


@pytest.mark.parametrize(("name", "cities"), HOSPITALS_OF_SANTEON)
def test_a_hospital_that_takes_part_in_santeon_and_its_city(name: str, cities: Sequence[str], stated: Stated, select: Select) -> None:
    ((hospital,),) = select(f"SELECT DISTINCT ?o {{ ?o skos:prefLabel '{name}'@nl ; a org:Organization }}")
    assert stated(PARTNERSHIPS, f"?m org:member <{hospital}> ; org:organization <org/santeon> ; org:role role:member ; sk:statedRole 'participeren hierin'@nl")
    found = select(f"SELECT ?city {{ <{hospital}> org:hasSite/org:siteAddress/locn:postName ?city }} ORDER BY ?city")
    assert found == [(city,) for city in cities]
    for city in cities:
        assert stated(PARTNERSHIPS, f"<{hospital}> org:hasSite ?s . ?s org:siteAddress ?a . ?a locn:postName '{city}'@nl")


def test_santeon_has_the_six_members_that_are_named_and_no_more(select: Select) -> None:
    members = select("SELECT DISTINCT ?name { <org/santeon> org:hasMember/skos:prefLabel ?name } ORDER BY ?name")
    assert [name for (name,) in members] == sorted(["Medisch Spectrum Twente", *(name for name, _ in HOSPITALS_OF_SANTEON)])


EDUCATION = ("universiteit-twente", "roc-van-twente", "saxion")
# In the order of the alphabet, not of the page.
LAST_PARAGRAPH = [
    "ICT Connectie Zorg Twente",
    "Nederlandse Vereniging van Ziekenhuizen",
    "Stichting Laboratorium Microbiologie Twente Achterhoek",
    "Stichting Laboratorium Pathologie Oost Nederland",
    "Stichting Sport Spectrum Roessingh",
    "Vereniging Samenwerkende Topklinische opleidingsZiekenhuizen",
    "Vermaat-Medisch Spectrum Twente Services BV",
    "Werkgeversvereniging Zorgsector Twente en Oost-Achterhoek",
]

PROSE = {
    "MST has been a member since 1 January 2009": """
        ?m org:member <org/mst> ; org:organization <org/santeon> ; org:role role:member ; org:memberDuring ?d .
        ?d time:hasBeginning [ time:inXSDDate '2009-01-01'^^xsd:date ]""",
    "Until 1 April 2009 Santeon had another name": """
        <org/santeon> sk:hasName ?n . ?n sk:nameText 'Vereniging Samenwerkende Ziekenhuizen'@nl ; sk:nameKind namekind:former ;
            sk:usedUntil '2009-04-01'^^xsd:date""",
    "From that day on it is called Santeon": "<org/santeon> sk:hasName ?n . ?n sk:nameText 'Santeon'@nl ; sk:usedFrom '2009-04-01'^^xsd:date",
    "Six hospitals work together in Santeon": (
        "<org/santeon> sk:hasStatedCount ?c . ?c sk:counted counted:hospitals ; sk:value 6 ; sk:qualifier qualifier:exact"
    ),
    "Santeon is about quality and safety": "<org/santeon> sk:hasPurpose ?p . ?p a sk:Aim ; skos:prefLabel 'kwaliteit en veiligheid'@nl",
    "Its hospitals work on safety management": "<org/santeon> sk:hasActivity ?a . ?a skos:prefLabel ?w FILTER(CONTAINS(?w, 'veiligheidsmanagementsysteem'))",
    "They measure what patients experience": "<org/santeon#activity-customer-experience> sk:activityBy <programme/cq-index>",
    "They do so with health insurers": "?t sk:tieOf <org/santeon> ; sk:tieWith <group/zorgverzekeraars>",
    "They take part in a pilot": "<org/santeon#activity-excellent-care> sk:activityBy <programme/excellente-zorg>",
    "Santeon strengthens teaching hospitals": "<org/santeon> sk:hasPurpose ?p . ?p skos:prefLabel ?w FILTER(CONTAINS(?w, 'opleidingsziekenhuizen'))",
    "Santeon wants to be seen as a good employer": "<org/santeon> sk:hasPurpose ?p . ?p skos:prefLabel ?w FILTER(CONTAINS(?w, 'Topwerkgeverschap'))",
    "Santeon wants economies of scale": "<org/santeon> sk:hasPurpose ?p . ?p skos:prefLabel ?w FILTER(CONTAINS(?w, 'schaalvoordeel'))",
    "MST is a member of TAZDO": "?m org:member <org/mst> ; org:organization <org/tazdo> ; org:role role:member ; sk:statedRole 'is lid van'@nl",
    "Streekziekenhuis Koningin Beatrix is in TAZDO": "?m org:member <org/streekziekenhuis-koningin-beatrix> ; org:organization <org/tazdo>",
    "Het Roessingh is in TAZDO": "?m org:member <org/het-roessingh> ; org:organization <org/tazdo>",
    "ZGT is in TAZDO": "?m org:member <org/ziekenhuisgroep-twente> ; org:organization <org/tazdo>",
    "MST is in TAZDO": "<org/mst#member-of-tazdo> org:organization <org/tazdo> ; sk:statedRole 'samenwerkingsverband tussen'@nl",
    "The chair of MST's board chairs TAZDO": (
        "<org/tazdo#post-voorzitter> sk:exOfficio <org/mst-raad-van-bestuur#post-voorzitter> ; sk:statedRole 'wordt voorgezeten door'@nl"
    ),
    "That post is one of TAZDO's": "<org/tazdo#post-voorzitter> a org:Post ; org:postIn <org/tazdo> ; org:role role:chair",
    "The office is one of the board of MST": "<org/mst-raad-van-bestuur#post-voorzitter> org:postIn <org/mst-raad-van-bestuur> ; org:role role:chair",
    "The board is a unit of MST": "<org/mst-raad-van-bestuur> org:unitOf <org/mst>",
    "Its members take part in TAZDO": "<org/tazdo#post-deelnemer> sk:exOfficio <org/mst-raad-van-bestuur#post-lid> ; sk:statedRole 'zijn deelnemer'@nl",
    "TAZDO meets every two months": "?m a sk:MeetingSeries ; schema:organizer <org/tazdo> ; schema:eventSchedule [ schema:repeatFrequency 'P2M' ]",
    "MST entered a partnership for the PET/CT scanner": "<org/mst#partner-of-petct-samenwerking> sk:statedRole 'zijn een samenwerkingsverband aangegaan'@nl",
    "ZGT entered it too": "<org/ziekenhuisgroep-twente#partner-of-petct-samenwerking> sk:statedRole 'zijn een samenwerkingsverband aangegaan'@nl",
    "The scanner is used in that partnership": "<org/petct-samenwerking> sk:usesEquipment <equipment/petct-scanner>",
    "The scanner is in Streekziekenhuis Midden Twente": "<equipment/petct-scanner> sk:operationalAt <org/streekziekenhuis-midden-twente>",
    "That hospital is in Hengelo": "<org/streekziekenhuis-midden-twente> org:hasSite ?s . ?s org:siteAddress [ locn:postName 'Hengelo'@nl ]",
    "That hospital is part of ZGT": "<org/streekziekenhuis-midden-twente> org:subOrganizationOf <org/ziekenhuisgroep-twente>",
    "Protocols were developed for it": "<org/petct-samenwerking> sk:hasActivity ?a . ?a skos:prefLabel ?w FILTER(CONTAINS(?w, 'protocollen'))",
    "Data are exchanged by ICT": "<org/petct-samenwerking> sk:hasActivity ?a . ?a sk:activityBy <programme/petct-ict-oplossing>",
    "The platform wants to speed up innovation": "<org/innovatieplatform-twente> sk:hasPurpose ?p . ?p skos:prefLabel ?w FILTER(CONTAINS(?w, 'versnellen'))",
    "MST is one of its participants": "<org/mst#member-of-innovatieplatform-twente> sk:statedRole 'een van de deelnemers'@nl",
    "Institutions and companies are in it": "?m org:member <group/instellingen-bedrijven-twente> ; org:organization <org/innovatieplatform-twente>",
    "The chair of MST's board is in it": (
        "<org/innovatieplatform-twente#post-lid> sk:exOfficio <org/mst-raad-van-bestuur#post-voorzitter> ; sk:statedRole 'is lid van het IPT'@nl"
    ),
    "That seat is one of the platform": "<org/innovatieplatform-twente#post-lid> org:postIn <org/innovatieplatform-twente>",
    "MST coordinates the ROAZ": (
        "?m org:member <org/mst> ; org:organization <org/roaz> ; org:role role:coordinator ; sk:statedRole 'een coördinerende rol'@nl"
    ),
    "As a recognised trauma centre": "<org/mst> org:classification orgkind:trauma-centre",
    "The ROAZ is that of the trauma region": "<org/roaz> dct:spatial <place/traumaregio-twente>",
    "Providers of acute care take part in the ROAZ": "?m org:member <group/aanbieders-acute-zorg> ; org:organization <org/roaz>",
    "The ROAZ gets patients to the right place": "<org/roaz> sk:hasPurpose ?p . ?p skos:prefLabel ?w FILTER(CONTAINS(?w, 'juiste plaats'))",
    "MST began Orthocare": "?m org:member <org/mst> ; org:organization <org/orthocare> ; org:role role:founding-party",
    "It did so with Zorggroep Sint Maarten": "?m org:member <org/zorggroep-sint-maarten> ; org:organization <org/orthocare> ; org:role role:founding-party",
    "Orthocare is a rehabilitation programme": "<org/orthocare> org:classification orgkind:rehabilitation-programme",
    "Orthocare lets patients begin sooner": "<org/orthocare> sk:hasPurpose ?p . ?p skos:prefLabel ?w FILTER(CONTAINS(?w, 'sneller kunnen starten'))",
    "It takes place on a ward": "?t sk:tieOf <org/orthocare> ; sk:tieWith <org/zorggroep-sint-maarten-revalidatieafdeling> ; sk:tieKind tiekind:takes-place-at",
    "The ward is one of Zorggroep Sint Maarten": "<org/zorggroep-sint-maarten-revalidatieafdeling> org:unitOf <org/zorggroep-sint-maarten>",
    "The Bascule is a department": "<org/bascule> org:classification orgkind:care-department",
    "The Bascule is for patients who left hospital": "<org/bascule> sk:hasActivity ?a . ?a skos:prefLabel ?w FILTER(CONTAINS(?w, 'ontslagen'))",
    "The Bascule is at Ariënsplein": "<org/bascule> org:hasSite <org/mst#site-ariensplein>",
    "Ariënsplein is a site of MST": "<org/mst> org:hasSite <org/mst#site-ariensplein> . <org/mst#site-ariensplein> skos:prefLabel 'locatie Ariënsplein'@nl",
    "The hospital is party to the Bascule": "<org/mst#partner-of-bascule> sk:statedRole 'een samenwerkingsverband tussen'@nl",
    "Ariënszorgpalet is party to the Bascule": "<org/arienszorgpalet#partner-of-bascule> sk:statedRole 'een samenwerkingsverband tussen'@nl",
    "Ariënszorgpalet is a care provider": "<org/arienszorgpalet> org:classification orgkind:health-care-provider",
    "The Bascule works across professions": "<org/bascule> sk:hasActivity ?a . ?a skos:prefLabel ?w FILTER(CONTAINS(?w, 'in overleg bepalen'))",
    "MST works with UMCG": "?t sk:tieOf <org/mst> ; sk:tieWith <org/umcg> ; sk:tieKind tiekind:collaboration",
    "UMCG made MST a teaching hospital in 2006": """
        <org/mst> schema:hasCertification ?c . ?c a schema:Certification ; schema:issuedBy <org/umcg> ; schema:datePublished '2006'^^xsd:gYear ;
            skos:prefLabel ?w FILTER(CONTAINS(?w, 'teaching hospital'))""",
    "The hospitals of Deventer are in the flank": "?m org:member <group/ziekenhuizen-deventer> ; org:organization <org/oor-noord-oost-zuidflank>",
    "Those of Almelo/Hengelo too": "?m org:member <group/ziekenhuizen-almelo-hengelo> ; org:organization <org/oor-noord-oost-zuidflank>",
    "And MST": "?m org:member <org/mst> ; org:organization <org/oor-noord-oost-zuidflank>",
    "The flank is part of the training region": "<org/oor-noord-oost-zuidflank> org:subOrganizationOf <org/oor-noord-oost>",
    "UMCG coordinates the training region": "?m org:member <org/umcg> ; org:organization <org/oor-noord-oost> ; org:role role:coordinator",
    "All teaching hospitals of the provinces confer in it": "?m org:member <group/opleidingsziekenhuizen-noord-oost> ; org:organization <org/oor-noord-oost>",
    "It is about what they can do together": "<org/oor-noord-oost> sk:hasPurpose ?p . ?p skos:prefLabel ?w FILTER(CONTAINS(?w, 'samen kunnen'))",
    "It shares out training places": "<org/oor-noord-oost> sk:hasActivity ?a . ?a skos:prefLabel ?w FILTER(CONTAINS(?w, 'opleidingsplaatsen'))",
    "Part of medical study takes place in Enschede": "<org/mst> sk:hasActivity ?a . ?a skos:prefLabel ?w FILTER(CONTAINS(?w, 'studie geneeskunde'))",
    **{f"The training region spans {name}": f"<org/oor-noord-oost> dct:spatial <place/{place}>" for name, place in (
        ("Overijssel", "overijssel"), ("Drente", "drente"), ("Friesland", "friesland"), ("Groningen", "groningen-province"))},
    **{f"The Bascule has {name}": f"<org/bascule> sk:involvesProfession profession:{name}" for name in (
        "physiotherapist", "occupational-therapist", "speech-therapist", "social-worker", "dietitian", "nurse")},
    **{f"MST has close ties with {name}": f"?t sk:tieOf <org/mst> ; sk:tieWith <org/{name}> ; sk:tieKind tiekind:close-ties" for name in EDUCATION},
    **{f"Students of {name} do internships": f"?t sk:tieOf <org/mst> ; sk:tieWith <org/{name}> ; sk:tieKind tiekind:internships" for name in EDUCATION},
}  # fmt: skip


@pytest.mark.parametrize("statement", PROSE)
def test_the_prose_about_partnerships(statement: str, stated: Stated) -> None:
    assert stated(PARTNERSHIPS, PROSE[statement])


@pytest.mark.parametrize("name", LAST_PARAGRAPH)
def test_the_last_paragraph_names_a_body_that_the_hospital_works_with(name: str, stated: Stated, select: Select) -> None:
    ((body,),) = select(f"SELECT DISTINCT ?o {{ ?o skos:prefLabel '{name}'@nl ; a org:Organization }}")
    # Where the hospital is a member or an owner, that is what the vaguer words support; the others are collaborations.
    tie = f"?fact a sk:Tie ; sk:tieOf <org/mst> ; sk:tieWith <{body}> ; sk:tieKind tiekind:collaboration ; sk:statedRelation 'samenwerkingsverbanden met'@nl"
    mention = f"?fact org:member <org/mst> ; org:organization <{body}> ; sk:statedRole 'samenwerkingsverbanden met'@nl"
    assert stated(PARTNERSHIPS, tie) != stated(PARTNERSHIPS, mention)
    assert stated(PARTNERSHIPS, f"<{body}> org:classification orgkind:care-or-knowledge-institution")


def test_the_bascule_involves_the_six_professions_and_no_others(select: Select) -> None:
    assert len(select("SELECT DISTINCT ?profession { <org/bascule> sk:involvesProfession ?profession }")) == 6


def test_tazdo_has_four_member_organisations(select: Select) -> None:
    members = select("SELECT DISTINCT ?member { ?member org:memberOf <org/tazdo> } ORDER BY ?member")
    assert members == [("org/het-roessingh",), ("org/mst",), ("org/streekziekenhuis-koningin-beatrix",), ("org/ziekenhuisgroep-twente",)]


# --------------------------------------------------------------------------------------------------------- the project in Kristiansund

THE_PROJECT = {
    "It is a project": "<project/dms-kristiansund> a sk:Project ; skos:prefLabel ?name",
    "It began in December 2017": "<project/dms-kristiansund> time:hasTime ?t . ?t a time:Instant ; time:inXSDgYearMonth '2017-12'^^xsd:gYearMonth",
    "Kristiansund kommune is a party": (
        "?m org:member <org/kristiansund-kommune> ; org:organization <project/dms-kristiansund> ; org:role role:party ; sk:statedRole 'mellom'@nn"
    ),
    "ORKidé – Nordmøre Regionråd is a party": "?m org:member <org/orkide> ; org:organization <project/dms-kristiansund> ; org:role role:party",
    "Helse Møre og Romsdal is a party": "?m org:member <org/helse-more-og-romsdal> ; org:organization <project/dms-kristiansund> ; org:role role:party",
    "It is to develop a district medical centre": "<project/dms-kristiansund> sk:develops <org/dms-kristiansund>",
    "The centre is a district medical centre": "<org/dms-kristiansund> org:classification orgkind:district-medical-centre",
    "The centre is in Kristiansund": "<org/dms-kristiansund> dct:spatial <place/kristiansund>",
    "It is to work out the services": "<project/dms-kristiansund> sk:hasActivity ?a . ?a skos:prefLabel ?w FILTER(CONTAINS(?w, 'konkretisere'))",
    "It says why it has its goals": "<project/dms-kristiansund> sk:hasPurpose ?p . ?p a sk:Rationale ; skos:prefLabel 'gode og robuste fagmiljø'@nn",
    "It has a steering group": "<org/dms-styringsgruppe> org:subOrganizationOf <project/dms-kristiansund>",
    "That is a steering group": "<org/dms-styringsgruppe> org:classification orgkind:steering-group",
    "Outpatient treatment is decided": "?s a sk:Service ; sk:careForm careform:outpatient-treatment ; sk:serviceStatus status:decided",
    "Day treatment is decided": "?s a sk:Service ; sk:careForm careform:day-treatment ; sk:serviceStatus status:decided",
    "Day surgery is decided": "?s a sk:Service ; sk:careForm careform:day-surgery ; sk:serviceStatus status:decided",
    "They were decided while SNR was planned": "?s a sk:Service ; sk:careForm careform:day-surgery ; sk:decidedThrough <project/snr>",
    "Day surgery is in orthopaedics": "<project/dms-kristiansund#service-day-surgery> sk:medicalField field:orthopaedics",
    "Day surgery is in gynaecology": "<project/dms-kristiansund#service-day-surgery> sk:medicalField field:gynaecology",
    "Other specialist services are to be explored": "<project/dms-kristiansund#service-other-specialist-services> sk:serviceStatus status:to-be-explored",
    "Services by others are to be explored": "<project/dms-kristiansund#service-services-by-others> a sk:Service ; sk:serviceStatus status:to-be-explored",
    "Private actors could provide these": "<project/dms-kristiansund#service-services-by-others> sk:possibleProviderKind orgkind:private-actor",
    "Municipalities of Nordmøre could too": "<project/dms-kristiansund#service-services-by-others> sk:possibleProviderKind orgkind:municipality",
    "Four reports were made": "<project/dms-kristiansund> sk:hasStatedCount ?c . ?c sk:counted counted:reports ; sk:value 4 ; sk:qualifier qualifier:exact",
    "One is about specialist services": (
        "<project/dms-kristiansund> sk:hasReport ?r . ?r a schema:Report ; skos:prefLabel 'Rapport - spesialisthelsetjenester i DMS'@nb"
    ),
    "One is about services of the municipality": (
        "<project/dms-kristiansund> sk:hasReport ?r . ?r a schema:Report ; skos:prefLabel 'Rapport - tjenester fra Kristiansund kommune i DMS'@nb"
    ),
    "The reports are followed up": "<project/dms-kristiansund> sk:hasActivity ?a . ?a skos:prefLabel ?w FILTER(CONTAINS(?w, 'følgje opp'))",
}


@pytest.mark.parametrize("statement", THE_PROJECT)
def test_the_page_about_the_project(statement: str, stated: Stated) -> None:
    assert stated(DMS, THE_PROJECT[statement])


def test_the_project_has_three_parties(select: Select) -> None:
    parties = select("SELECT DISTINCT ?party { ?party org:memberOf <project/dms-kristiansund> }")
    assert len(parties) == 3


def test_the_decided_services_are_three_and_those_to_be_explored_two(select: Select) -> None:
    found = select("SELECT ?status (COUNT(?s) AS ?n) { <project/dms-kristiansund> sk:hasService ?s . ?s sk:serviceStatus ?status } GROUP BY ?status")
    assert {status.rpartition("/")[2]: n for status, n in found} == {"decided": "3", "to-be-explored": "2"}


GOALS = {
    "Gir tjenester av fremragende kvalitet": [
        "Nasjonale og lokale anerkjente kvalitetsindikatorer",
        "Bruker/pasient- og pårørendeundersøkelser",
        "Riktig og relevant kompetanse hos fagpersonell",
        "Øke andelen polikliniske tjenester (volum og type) i DMS-et i forhold til … vedtak i HMR",
    ],
    "Organisering som underbygger gode pasientforløp": [
        "Har en åpen og inkluderende organisasjonskultur",
        "Attraktiv arbeidsplass",
        "Kompetansearena for spesialisthelsetjenesten, kommunene og de private aktørene",
        "Fleksibelt bygg tilpasset aktiviteten",
        "Tilby attraktive lokaler for private aktører",
        "Desentraliserte tjenester og redusert reisetid",
    ],
    "God samhandling internt og eksternt": [
        "Tydelig organisering for henviser og pasient",
        "Tillit mellom aktørene i organisasjonen",
        "Tverrfaglige tilbud",
    ],
    "Er ledende på forskning og innovasjon på utvalgte områder": [
        "utvikle og ta i bruk nye teknologiske løsninger",
        "utvikler og tar i bruk nye organisasjonsformer",
        "utdanner og/eller rekrutterer medarbeidere med spesialkompetanse (x antall mastergrad, doktorgrad)",
        "publikasjoner",
        "FoU-prosjekt",
    ],
}


def test_the_goals_are_a_tree_complete_and_in_the_order_of_the_page(select: Select) -> None:
    rows = select("""
        SELECT ?main ?sub { GRAPH ?g1 { ?top sk:goalOf <project/dms-kristiansund> ; sk:position ?first ; skos:prefLabel ?main }
                            GRAPH ?g2 { ?below sk:subGoalOf ?top ; sk:position ?second ; skos:prefLabel ?sub } }
        ORDER BY ?first ?second""")
    wanted = [(main, sub) for main, below in GOALS.items() for sub in below]
    assert rows == wanted


def test_there_are_no_goals_but_those_of_the_page(select: Select, stated: Stated) -> None:
    labels = select("SELECT DISTINCT ?goal ?label { ?goal a sk:Goal ; skos:prefLabel ?label FILTER(LANG(?label) = 'nb') }")
    assert len(labels) == sum(1 + len(below) for below in GOALS.values()) == 22
    assert all(stated(DMS, f"<{goal}> a sk:Goal ; skos:prefLabel ?label") for goal, _ in labels)


def test_every_goal_belongs_to_the_project_and_every_sub_goal_lies_within_its_main_goal(select: Select) -> None:
    assert select("SELECT (COUNT(DISTINCT ?goal) AS ?n) { <project/dms-kristiansund> sk:hasGoal ?goal }") == [("22",)]
    assert select("SELECT (COUNT(*) AS ?n) { ?goal sk:withinGoal ?main }") == [("18",)]


# -------------------------------------------------------------------------------------------- what is represented, and not resolved

# What the pages say differently: about what, of which kind, and what each side is about.
DIFFERENCES = {
    "how many hospitals Santeon has": (
        "org/santeon#difference-number-of-hospitals",
        "cannot-both-hold",
        [(ABOUT, "org/santeon#count-hospitals-other-than-mst"), (PARTNERSHIPS, "org/santeon#count-hospitals")],
    ),
    "what TAZDO means": (
        "org/tazdo#difference-name",
        "worded-differently",
        [
            (PARTNERSHIPS, "org/tazdo#name-stichting-ziekenhuisvoorzieningen-twente-oost-achterhoek"),
            (PARTNERSHIPS, "org/tazdo#name-twents-achterhoeks-ziekenhuis-directeuren-overleg"),
        ],
    ),
    "who takes part in TAZDO": (
        "org/tazdo#difference-part-of-mst",
        "unclear-whether-the-same",
        [(PARTNERSHIPS, "org/mst#member-of-tazdo"), (PARTNERSHIPS, "org/tazdo#post-deelnemer")],
    ),
    "the name of the ROAZ": (
        "org/roaz#difference-name",
        "worded-differently",
        [(ABOUT, "org/roaz#name-regionaal-overleg-acute-zorgketen"), (PARTNERSHIPS, "org/roaz#name-regionaal-overleg-acute-zorg")],
    ),
    "the part of MST in the ROAZ": (
        "org/roaz#difference-role-of-mst",
        "worded-differently",
        [(ABOUT, "org/mst#organiser-of-roaz"), (PARTNERSHIPS, "org/mst#chair-of-roaz"), (PARTNERSHIPS, "org/mst#coordinator-of-roaz")],
    ),
    "the region of the ROAZ": (
        "org/roaz#difference-region",
        "worded-differently",
        [(ABOUT, "place/euregio"), (PARTNERSHIPS, "place/traumaregio-twente")],
    ),
    "who sits in the platform": (
        "org/innovatieplatform-twente#difference-member",
        "unclear-whether-the-same",
        [(PARTNERSHIPS, "org/innovatieplatform-twente#post-lid"), (PARTNERSHIPS, "org/mst#member-of-innovatieplatform-twente")],
    ),
}


@pytest.mark.parametrize("matter", DIFFERENCES)
def test_what_the_pages_say_differently_is_there_with_its_kind_and_what_each_side_is_about(matter: str, select: Select, ask: Ask) -> None:
    difference, kind, sides = DIFFERENCES[matter]
    assert ask(f"<{difference}> a sk:Difference ; sk:differenceKind <https://w3id.org/schakel/difference-kind/{kind}> ; sk:differenceAbout ?subject")
    rows = select(f"""
        SELECT ?source ?about {{
            GRAPH ?passage {{ <{difference}> sk:hasSide ?side . ?side a sk:DifferenceSide ; sk:sideAbout ?about ; skos:prefLabel ?words }}
            GRAPH <graph/provenance> {{ ?passage oa:hasSource ?source . ?side sk:statedIn ?passage }}
        }}""")
    assert sorted(rows) == sorted((f"source/{source}", about) for source, about in sides)


def test_nothing_else_is_called_a_difference(select: Select) -> None:
    assert {difference for (difference,) in select("SELECT ?d { ?d a sk:Difference }")} == {difference for difference, _, _ in DIFFERENCES.values()}


def test_what_a_side_is_about_is_a_thing_of_the_graph(select: Select) -> None:
    assert select("SELECT ?about { ?side sk:sideAbout ?about FILTER NOT EXISTS { ?about a ?class } }") == []


FACTS_WITH_MENTIONS = {
    "org/mst#member-of-santeon": 3,
    "org/mst#member-of-tazdo": 3,
    "org/mst#member-of-stz": 2,
    "org/mst#member-of-innovatieplatform-twente": 2,
    "org/mst#partner-of-bascule": 2,
    "org/mst#shareholder-of-vermaat-mst-services": 2,
}


@pytest.mark.parametrize("fact", FACTS_WITH_MENTIONS)
def test_a_fact_is_one_thing_however_often_it_is_mentioned(fact: str, select: Select) -> None:
    assert len(select(f"SELECT DISTINCT ?passage {{ <{fact}> sk:statedIn ?passage }}")) == FACTS_WITH_MENTIONS[fact]


def test_no_member_has_two_memberships_of_one_body_in_one_role(select: Select) -> None:
    found = select(
        "SELECT ?who ?body { ?m org:member ?who ; org:organization ?body ; org:role ?role } GROUP BY ?who ?body ?role HAVING(COUNT(DISTINCT ?m) > 1)"
    )
    assert found == []


def test_belonging_is_stated_for_members_alone_and_not_for_groups_chairs_or_owners(select: Select, ask: Ask) -> None:
    bodies = {body for (body,) in select("SELECT ?body { <org/mst> org:memberOf ?body }")}
    assert {"org/santeon", "org/tazdo", "org/bascule"} <= bodies
    assert bodies.isdisjoint({"org/roaz", "org/izit", "org/medlon", "org/laboratorium-microbiologie"})
    assert not ask("?group a sk:Group ; org:memberOf ?body")
    assert not ask("?group a sk:Group, org:Organization")


def test_a_hospital_of_a_narrower_kind_is_a_hospital(ask: Ask) -> None:
    assert ask("<org/umcg> org:classification orgkind:hospital, orgkind:health-care-provider")


def test_a_legal_form_is_apart_from_the_kind(ask: Ask) -> None:
    assert ask("<org/medlon> sk:legalForm <https://w3id.org/schakel/legal-form/private-limited-company>")
    assert not ask("<org/izit> sk:legalForm ?form")
    assert not ask("<org/izit> org:classification ?kind")


LOOK_ALIKES = [
    ("IZIT", "ICT Connectie Zorg Twente"),
    ("Het Roessingh", "Stichting Sport Spectrum Roessingh"),
    ("Santeon", "Vereniging Samenwerkende Topklinische opleidingsZiekenhuizen"),
    ("ziekenhuizen van Almelo/Hengelo", "Ziekenhuisgroep Twente"),
    ("Streekziekenhuis Midden Twente", "Ziekenhuisgroep Twente"),
    ("Streekziekenhuis Midden Twente", "Streekziekenhuis Koningin Beatrix"),
    ("Distriktsmedisinsk senter i Kristiansund", "DMS-prosjektet"),
    ("Samenwerking ten behoeve van PET/CT-scanner", "PET/CT-scanner"),
]


@pytest.mark.parametrize(("one", "other"), LOOK_ALIKES)
def test_look_alikes_are_kept_apart(one: str, other: str, select: Select, ask: Ask) -> None:
    first = select(f"SELECT DISTINCT ?x {{ ?x skos:prefLabel ?name FILTER(STR(?name) = '{one}') }}")
    second = select(f"SELECT DISTINCT ?x {{ ?x skos:prefLabel ?name FILTER(STR(?name) = '{other}') }}")
    assert len(first) == len(second) == 1
    assert first != second
    assert not ask(f"<{first[0][0]}> owl:sameAs|skos:exactMatch|skos:closeMatch <{second[0][0]}>")


def test_nothing_is_said_to_be_the_same_as_something_else(ask: Ask) -> None:
    assert not ask("?a owl:sameAs ?b")


def test_the_former_name_of_santeon_is_no_name_of_today_and_no_other_organisation(ask: Ask) -> None:
    assert not ask("?x skos:prefLabel|skos:altLabel 'Vereniging Samenwerkende Ziekenhuizen'@nl")


def test_the_region_of_the_roaz_is_given_in_both_ways(select: Select) -> None:
    assert select("SELECT ?place { <org/roaz> dct:spatial ?place } ORDER BY ?place") == [("place/euregio",), ("place/traumaregio-twente",)]


def test_who_holds_the_seat_on_the_supervisory_boards_is_not_said(ask: Ask) -> None:
    assert not ask("?post org:heldBy ?somebody")
    assert not ask("?person a <http://xmlns.com/foaf/0.1/Person>")
    for laboratory in ("microbiologie", "pathologie"):
        assert ask(
            f"<org/laboratorium-{laboratory}-raad-van-toezicht#post-lid> a org:Post ; org:postIn ?board . ?board org:unitOf <org/laboratorium-{laboratory}>"
        )
        assert not ask(f"<org/laboratorium-{laboratory}-raad-van-toezicht#post-lid> sk:exOfficio ?other")


SPELLINGS = [
    ("org/canisius-wilhemina-ziekenhuis", "prefLabel", "Canisius-Wilhemina Ziekenhuis"),
    ("org/saxion", "prefLabel", "Saxion Hogescholen"),
    ("org/saxion", "altLabel", "Saxion"),
    ("org/ziekenhuisgroep-twente", "altLabel", "ZiekenhuisGroep Twente"),
    ("org/stz", "altLabel", "Vereniging Samenwerkende Topklinische OpleidingsZiekenhuizen"),
    ("org/vermaat-mst-services", "altLabel", "Vermaat- Medisch Spectrum Twente Services BV"),
    ("org/roaz", "altLabel", "Regionaal Overleg Acute Zorgketen"),
    ("org/roc-van-twente", "altLabel", "ROC"),
    ("org/oor-noord-oost", "altLabel", "Opleidings- en Onderwijsregio Noord Oost"),
]


@pytest.mark.parametrize(("entity", "label", "text"), SPELLINGS)
def test_a_spelling_is_that_of_the_page(entity: str, label: str, text: str, ask: Ask) -> None:
    assert ask(f"<{entity}> skos:{label} '{text}'@nl")


@pytest.mark.parametrize(("entity", "short"), [("project/snr", "SNR")])
def test_an_abbreviation_that_no_page_expands_stays_unexpanded(entity: str, short: str, select: Select, ask: Ask) -> None:
    assert ask(f"<{entity}> sk:abbreviation '{short}'")
    names = select(f"SELECT DISTINCT ?text {{ {{ <{entity}> skos:prefLabel|skos:altLabel ?text }} UNION {{ <{entity}> sk:hasName/sk:nameText ?text }} }}")
    assert {text for (text,) in names} <= {short, f"{short}-prosjektet"}
    assert ask(f"?question a sk:OpenQuestion ; sk:questionAbout <{entity}>")


def test_the_norwegian_page_is_in_nynorsk_its_goals_and_reports_in_bokmal(select: Select, ask: Ask) -> None:
    assert ask("<source/dms-kristiansund> dct:language ?language FILTER(STRENDS(STR(?language), 'nn'))")
    tags = select("SELECT DISTINCT (LANG(?label) AS ?tag) { GRAPH ?passage { ?x a ?class ; skos:prefLabel ?label } VALUES ?class { sk:Goal schema:Report } }")
    assert tags == [("nb",)]
    undecidable = select("SELECT DISTINCT ?x { ?x skos:prefLabel ?label FILTER(LANG(?label) = 'no') }")
    assert ("org/kristiansund-kommune",) in undecidable


def test_the_reading_of_the_goal_list_is_explained(select: Select) -> None:
    notes = dict(select("SELECT ?goal ?note { ?goal a sk:Goal ; skos:editorialNote ?note FILTER(LANG(?note) = 'en') }"))
    assert "Effektmål" in notes["project/dms-kristiansund#goal-excellent-quality"]
    assert "main goal" in notes["project/dms-kristiansund#goal-good-interaction"]
    assert "placeholder" in notes["project/dms-kristiansund#goal-specialist-staff"]
    assert "HMR" in notes["project/dms-kristiansund#goal-outpatient-share"]


def test_the_placeholder_for_a_number_is_no_number(ask: Ask) -> None:
    assert not ask("<project/dms-kristiansund#goal-specialist-staff> sk:hasStatedCount ?count")


def test_the_centre_is_not_the_project(ask: Ask) -> None:
    assert not ask("<org/dms-kristiansund> a sk:Project")
    assert not ask("<project/dms-kristiansund> org:classification orgkind:district-medical-centre")
    assert not ask("<org/dms-kristiansund> time:hasTime ?start")


@pytest.mark.parametrize("service", ["outpatient-treatment", "day-treatment"])
@pytest.mark.parametrize("field", ["orthopaedics", "gynaecology"])
def test_a_field_that_may_or_may_not_be_meant_is_only_possible(service: str, field: str, ask: Ask, stated: Stated) -> None:
    assert stated(DMS, f"<project/dms-kristiansund#service-{service}> sk:possibleMedicalField field:{field}")
    assert not ask(f"<project/dms-kristiansund#service-{service}> sk:medicalField ?any")
    assert ask("?question a sk:OpenQuestion ; sk:questionAbout <project/dms-kristiansund#service-day-surgery>")


def test_no_day_is_made_up_where_a_page_gives_a_month(ask: Ask, select: Select) -> None:
    assert not ask("<project/dms-kristiansund> time:hasTime/time:inXSDDate ?day")
    days = select("SELECT DISTINCT ?day { ?x ?p ?day FILTER(isLiteral(?day) && DATATYPE(?day) = xsd:date) } ORDER BY ?day")
    assert days == [("2009-01-01",), ("2009-04-01",)]


def test_what_a_curator_should_find_out_is_asked(select: Select) -> None:
    about = {entity for (entity,) in select("SELECT DISTINCT ?about { ?q a sk:OpenQuestion ; sk:questionAbout ?about }")}
    assert {
        "project/snr",
        "project/dms-kristiansund#goal-outpatient-share",
        "org/izit",
        "org/medlon",
        "org/vermaat-mst-services",
        "org/santeon",
        "org/tazdo",
    } <= about
    assert {"group/ziekenhuizen-almelo-hengelo", "org/het-roessingh", "project/dms-kristiansund"} <= about


# ------------------------------------------------------------------------------------------------------------------ the graph as a whole


def test_there_are_no_blank_nodes_in_any_dump(published: Settings) -> None:
    formats = {"graph.ttl": RdfFormat.TURTLE, "graph.nt": RdfFormat.N_TRIPLES, "graph.jsonld": RdfFormat.JSON_LD}
    formats |= {"dataset.trig": RdfFormat.TRIG, "dataset.nq": RdfFormat.N_QUADS}
    for name, rdf_format in formats.items():
        for quad in ox.parse(path=published.publication / "download" / name, format=rdf_format):
            assert not any(isinstance(term, BlankNode) for term in (quad.subject, quad.object, quad.graph_name)), f"{name}: {quad}"


def test_every_statement_is_in_the_graph_of_a_passage_a_source_or_of_the_engine(store: Store) -> None:
    graphs = {graph.value.removeprefix("https://kg.example.org/") for graph in store.named_graphs()}
    assert {"graph/inferred", "graph/provenance", "graph/vocabulary"} <= graphs
    passages = {graph for graph in graphs if graph.startswith("source/")}
    assert graphs - passages == {"graph/inferred", "graph/provenance", "graph/vocabulary"}
    assert len(passages) > 300
    assert not list(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))


def test_every_passage_is_described_with_its_words_place_and_page(select: Select) -> None:
    passages = select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(STR(?g), '/source/')) }")
    described = select("""
        SELECT DISTINCT ?passage {
            ?passage a oa:SpecificResource ; oa:hasSource ?source ; oa:hasSelector ?position ; sk:firstWords ?first .
            ?source a sk:SourceDocument ; dct:title ?title ; dct:language ?language ; sk:sha256 ?digest .
            ?position a oa:TextPositionSelector ; oa:start ?start ; oa:end ?end FILTER(?start < ?end)
            { ?passage sk:lastWords ?last } UNION { ?passage oa:hasSelector [ a oa:TextQuoteSelector ; oa:exact ?first ] }
        }""")
    assert set(described) == set(passages)


def test_the_graph_has_the_expected_size(select: Select) -> None:
    ((organisations,),) = select("SELECT (COUNT(DISTINCT ?o) AS ?n) { ?o a org:Organization FILTER(STRSTARTS(STR(?o), STR(<org/>))) }")
    assert int(organisations) == 54


def test_every_organisation_has_a_description_in_the_language_of_its_page_and_in_english(select: Select) -> None:
    rows = select("SELECT ?o (LANG(?d) AS ?tag) { ?o a org:Organization FILTER(STRSTARTS(STR(?o), STR(<org/>))) OPTIONAL { ?o dct:description ?d } }")
    tags: dict[str, set[str]] = {}
    for organisation, tag in rows:
        tags.setdefault(organisation, set()).add(tag)
    lacking = {organisation: found for organisation, found in tags.items() if "en" not in found or not found & {"nl", "nn"}}
    assert lacking == {}

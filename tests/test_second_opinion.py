"""Second opinions: owlrl and pySHACL, which read the same specifications, find nothing else in the real content."""

from schakel import Settings, check


def kinds(settings: Settings) -> list[str]:
    return [item.kind for item in check(settings, second_opinion=True).findings]


def test_no_other_engine_sees_the_real_content_differently(published: Settings) -> None:
    assert "second-opinion" not in kinds(published)

"""The query of schema.org, not judged again where its text is that of an earlier run: to take it apart takes longer than many a build."""

import json

from schakel.cache import Cache, NoCache, key_of
from schakel.findings import Finding, Place
from schakel.structured_data import Judge, judge_schema_org

__all__ = ["schema_org_judged_once"]


def schema_org_judged_once(cache: Cache | NoCache) -> Judge:
    """Give a function that judges as judge_schema_org() does."""

    def judge(text: str, place: Place) -> list[Finding]:
        name = key_of(place.file, text)
        kept = cache.get("schema-org-query", name)
        if kept is not None:
            return [Finding.from_json(item) for item in json.loads(kept)]
        found = judge_schema_org(text, place)
        cache.put("schema-org-query", name, json.dumps([item.to_json() for item in found], ensure_ascii=False).encode())
        return found

    return judge

"""The list of downloads, for programs."""

import json
from collections.abc import Iterable

from schakel.publish.dumps import Dump

__all__ = ["checksums", "index_json"]


def index_json(dumps: Iterable[Dump]) -> bytes:
    """List the dumps: file, media type, bytes, sha256, triples (quads, where there are graphs)."""
    files = [{"file": d.file, "mediaType": d.media_type, "bytes": d.bytes, "sha256": d.sha256, "triples": d.statements} for d in dumps]
    return (json.dumps(files, indent=1) + "\n").encode()


def checksums(dumps: Iterable[Dump]) -> bytes:
    """List the digests of the dumps as `sha256sum --check` reads them."""
    return "".join(f"{dump.sha256}  {dump.file}\n" for dump in dumps).encode()

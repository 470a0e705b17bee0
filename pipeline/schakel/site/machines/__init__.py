"""What the site tells machines: where its pages are, and what belongs to what."""

from schakel.site.machines.addresses import PageGroup, address_of, href_between
from schakel.site.machines.links import Link, link_header
from schakel.site.machines.linkset import linkset_file
from schakel.site.machines.signposting import Document, Signposts, as_seen_from, links_of
from schakel.site.machines.sitemap import robots_file, sitemap_files

__all__ = [
    "Document",
    "Link",
    "PageGroup",
    "Signposts",
    "address_of",
    "as_seen_from",
    "href_between",
    "link_header",
    "links_of",
    "linkset_file",
    "robots_file",
    "sitemap_files",
]

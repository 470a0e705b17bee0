"""Small documents, made of lines of N-Triples: one about a thing, the catalogue, the report."""

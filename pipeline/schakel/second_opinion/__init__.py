"""Second opinions: what owlrl concludes and what pySHACL finds, held against our own.

The judge is the specification. Where another engine is known to differ from it, docs/reference/validation.md says why.
"""

"""The few ways in which Schakel cannot go on.

A problem in the data is no exception but a [`Finding`][schakel.findings.Finding]: findings are collected and told together.
An exception means that the work could not be done at all; the command line turns it into one line and exit code 2.
"""

from schakel.errors.base import SchakelError, UnknownNameError, nearest
from schakel.errors.building import (
    NoCapturesError,
    NotAPublicationError,
    PublicationIncompleteError,
    PublishingInProgressError,
    SettingsError,
    TemplateUnusableError,
)
from schakel.errors.embedding import NothingToEmbedError, PageUnreadableError
from schakel.errors.loading import (
    BadStoreAddressError,
    LayoutInUseError,
    NotVerifiedError,
    StoreError,
    StoreFullError,
    StoreHeldError,
    StoreRefusesError,
    StoreUnreachableError,
    TargetInUseError,
)
from schakel.errors.querying import (
    AmbiguousNameError,
    AnswerTooLongError,
    BadParameterError,
    Candidate,
    DerivationsNeededError,
    EndpointError,
    GraphUnreadableError,
    MissingExtraError,
    MissingParameterError,
    NotAnIriError,
    NothingPublishedError,
    NotInGraphError,
    NotStatedError,
    QueryFailedError,
    QueryTimeoutError,
)
from schakel.errors.releasing import NotReleasableError, RecordUnusableError
from schakel.errors.scaffold import FolderNotEmptyError, TableUnusableError
from schakel.errors.serving import AddressUnusableError, BadQueryError, BusyError, EngineFailedError, QueryRefusedError
from schakel.errors.validation import RdfUnreadableError, ShapeError

__all__ = [
    "AddressUnusableError",
    "AmbiguousNameError",
    "AnswerTooLongError",
    "BadParameterError",
    "BadQueryError",
    "BadStoreAddressError",
    "BusyError",
    "Candidate",
    "DerivationsNeededError",
    "EndpointError",
    "EngineFailedError",
    "FolderNotEmptyError",
    "GraphUnreadableError",
    "LayoutInUseError",
    "MissingExtraError",
    "MissingParameterError",
    "NoCapturesError",
    "NotAPublicationError",
    "NotAnIriError",
    "NotInGraphError",
    "NotReleasableError",
    "NotStatedError",
    "NotVerifiedError",
    "NothingPublishedError",
    "NothingToEmbedError",
    "PageUnreadableError",
    "PublicationIncompleteError",
    "PublishingInProgressError",
    "QueryFailedError",
    "QueryRefusedError",
    "QueryTimeoutError",
    "RdfUnreadableError",
    "RecordUnusableError",
    "SchakelError",
    "SettingsError",
    "ShapeError",
    "StoreError",
    "StoreFullError",
    "StoreHeldError",
    "StoreRefusesError",
    "StoreUnreachableError",
    "TableUnusableError",
    "TargetInUseError",
    "TemplateUnusableError",
    "UnknownNameError",
    "nearest",
]

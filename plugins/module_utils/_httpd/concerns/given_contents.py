"""Where things lie that a part has beside its configuration: contents in the release, blobs and directories beside it."""

from __future__ import annotations

from ..syntax.digests import digest_of
from ..vocabulary.reserved_names import (
    BLOBS_VARIABLE,
    DIRECTORY_VARIABLES,
    RELEASE_VARIABLE,
    SHARED_BLOBS_VARIABLE,
)
from .contract import Blob, Directory


def content_word(owner: str, content: str) -> str:
    """Return the word for a certificate that was given as content, a file of the same release."""
    return f"${{{RELEASE_VARIABLE}}}/{content_file(owner, content)}"


def content_file(owner: str, content: str) -> str:
    """Return that file's path within the release."""
    return f"{owner}/certificates/{digest_of((content,))}.pem"


def blob_word(blob: Blob) -> str:
    """Return the word for a blob, which lies where its reader may read it."""
    variable = BLOBS_VARIABLE if blob.reader == "root" else SHARED_BLOBS_VARIABLE
    return f"${{{variable}}}/{blob.digest}"


def directory_word(directory: Directory) -> str:
    """Return the word for a directory that httpd's children write to."""
    return f"${{{DIRECTORY_VARIABLES[directory.purpose]}}}/{directory.name}"

"""Claims as they come in and go out, for the documentation; `models.claims` checks them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from models.claims.claim import PHRASINGS_MOST, TEXT_MOST, VERDICTS
from service.api.answers import ItemError
from service.claim_lists import ClaimFilters

ClaimText = Annotated[str, Field(min_length=1, max_length=TEXT_MOST)]
Verdict = Annotated[str, Field(json_schema_extra={"enum": list(VERDICTS)})]


class _Shape(BaseModel):
    """An object with these members and no others."""

    model_config = ConfigDict(extra="forbid")


class Wordings(_Shape):
    """A text in one or more of three languages."""

    kk: ClaimText | None = None
    ru: ClaimText | None = None
    en: ClaimText | None = None


class ClaimRequest(_Shape):
    """A claim that people repeat, and what is known about it."""

    claim_id: str | None = Field(
        None, max_length=200, description="Yours; without one, it is made from the wording."
    )
    claim: Wordings = Field(Wordings(), description="The claim in one sentence, by language.")
    phrasings: list[ClaimText] = Field(
        [], max_length=PHRASINGS_MOST, description="Other ways it is put, in any language."
    )
    verdict: Verdict
    refutation: Wordings = Field(Wordings(), description="What to answer, by language.")
    url: str | None = Field(None, description="Where the refutation can be read.")
    published: date | None = None
    expires: date | None = Field(None, description="The last day, in the city, it is looked for.")
    example: bool = False


class ClaimBatchRequest(_Shape):
    """Many claims; each item is checked for itself."""

    items: list[ClaimRequest] = Field(min_length=1, max_length=10_000)


class ClaimReviewDocument(BaseModel):
    """schema.org JSON-LD: a ClaimReview, or a list, `@graph` or `DataFeed` of them."""

    model_config = ConfigDict(extra="allow")

    type: Any = Field(None, alias="@type")


class RegisteredClaimAnswer(ClaimRequest):
    """A claim of the registry."""

    claim_id: str
    entered_by: str
    entered_at: AwareDatetime
    updated_by: str
    updated_at: AwareDatetime
    revision: int
    found_in: int = Field(description="Comments it was found in.")
    flagged: int = Field(description="Of those, comments that were flagged.")


class ClaimsAnswer(_Shape):
    """A page of claims, the newest first; `next_cursor` is null on the last one."""

    items: list[RegisteredClaimAnswer]
    next_cursor: str | None


class ClaimResult(_Shape):
    """What became of one claim of a batch, and where it stood."""

    position: str
    claim_id: str
    status: Literal["created", "changed", "unchanged"]


class NotTaken(ItemError):  # noqa: N818 - an answer, nothing that is raised
    """A claim of a batch that was not taken; its neighbours are."""

    position: str


class ClaimWarning(_Shape):
    """Something beside the claims that was left out; no claim is lost by it."""

    position: str
    detail: str


class ClaimBatchAnswer(_Shape):
    """One result a claim, in order, and how many became what."""

    results: list[ClaimResult | NotTaken]
    created: int
    changed: int
    unchanged: int
    faulty: int
    warnings: list[ClaimWarning]


class ClaimEditAnswer(_Shape):
    """One change of a claim, and how it read afterwards."""

    revision: int
    deed: Literal["created", "changed", "deleted", "restored"]
    actor: str
    at: AwareDatetime
    claim: dict[str, Any]


class ClaimHistoryAnswer(_Shape):
    """Every change of a claim, the newest first; a deleted claim keeps it."""

    claim_id: str
    deleted_at: AwareDatetime | None
    edits: list[ClaimEditAnswer]


class MatchedCommentAnswer(_Shape):
    """A comment the claim was found in; `revision` is that of the claim then."""

    comment_id: int
    text: str
    platform: str
    author: str | None
    received_at: AwareDatetime
    status: str
    flag: str
    score: float
    revision: int


class MatchedCommentsAnswer(_Shape):
    """A page of comments, the newest first; `next_cursor` is null on the last one."""

    items: list[MatchedCommentAnswer]
    next_cursor: str | None


class DeletedAnswer(_Shape):
    """How many claims were deleted."""

    deleted: int


class _Query(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ClaimsQuery(_Query):
    """Which claims to return."""

    verdict: Literal["false", "misleading", "scam", "outdated", "true"] | None = None
    q: str = Field("", max_length=500, description="Words that must all be in it.")
    expired: bool | None = None
    example: bool | None = Field(None, description="Exports leave examples out unless asked.")
    format: Literal["json", "claimreview", "jsonl"] = Field(
        "json", description="`claimreview` and `jsonl` give every claim at once."
    )
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, description="`next_cursor` of the page before.")

    def filters(self, *, whole: bool) -> ClaimFilters:
        """Return the filters for a page, or for the `whole` registry to be exported."""
        example = False if whole and self.example is None else self.example
        return ClaimFilters(self.verdict, self.q, self.expired, example)


class PageQuery(_Query):
    """Which part of a list to return."""

    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, description="`next_cursor` of the page before.")


class ImportQuery(_Query):
    """How to take claims in."""

    replace: bool = Field(default=False, description="Put them in place of those with the same id.")


class ExamplesQuery(_Query):
    """Which claims to delete: only all examples can go at once."""

    example: Literal["true"]

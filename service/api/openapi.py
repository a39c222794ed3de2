"""The OpenAPI document: what FastAPI derives, and the bodies that we read ourselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from service.api.access import any_key

DESCRIPTION: Final = """\
Qulaq reads comments addressed to a city administration in Kazakh, Russian and English: \
topic, urgency, sentiment, intent, signs of misinformation, and replies a moderator may send.

* **Key**: `Authorization: Bearer KEY`.
* **Errors**: RFC 9457 `application/problem+json` with a stable `type`; `errors` names the fields.
* **Text**: JSON in UTF-8; offsets count Unicode code points of the text as sent.
"""
_REFERENCE: Final = "#/components/schemas/{model}"


def json_body(model: str, examples: Mapping[str, Any]) -> dict[str, Any]:
    """Return what OpenAPI says about a JSON body that is read by `service.api.body`."""
    content: dict[str, Any] = {
        "schema": {"$ref": _REFERENCE.format(model=model)},
        "examples": dict(examples),
    }
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def claims_body(
    own: Mapping[str, Any], reviews: Mapping[str, Any], table: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what OpenAPI says about a body of claims: ours, schema.org's, a table."""
    ours = [{"$ref": _REFERENCE.format(model="ClaimRequest")}]
    theirs = {"$ref": _REFERENCE.format(model="ClaimReviewDocument")}
    if table is not None:
        ours.append({"$ref": _REFERENCE.format(model="ClaimBatchRequest")})
    content: dict[str, Any] = {
        "application/json": {"schema": {"anyOf": [*ours, theirs]}, "examples": dict(own)},
        "application/ld+json": {"schema": theirs, "examples": dict(reviews)},
    }
    if table is not None:
        content["text/csv"] = {"schema": {"type": "string"}, "examples": dict(table)}
    return {"requestBody": {"required": True, "content": content}}


def install(app: FastAPI, *models: type[BaseModel]) -> None:
    """Make `app` document the bodies of type `models` besides what it finds itself.

    The document is for callers with a key, like everything else.
    """

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, models)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]
    app.get("/openapi.json", include_in_schema=False, dependencies=[Depends(any_key)])(document)


def _document(app: FastAPI, models: tuple[type[BaseModel], ...]) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=DESCRIPTION,
        routes=app.routes,
    )
    _, bodies = models_json_schema(
        [(model, "validation") for model in models], ref_template=_REFERENCE
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas |= bodies["$defs"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for path in document["paths"].values():
        for operation in path.values():
            _replace_framework_errors(operation)
    return document


def _replace_framework_errors(operation: dict[str, Any]) -> None:
    """Document a faulty query as the problem it is answered with."""
    content = operation["responses"].get("422", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    if schema.get("$ref", "").endswith("HTTPValidationError"):
        operation["responses"]["422"]["content"] = {
            "application/problem+json": {
                "schema": {"$ref": _REFERENCE.format(model="ProblemAnswer")}
            }
        }

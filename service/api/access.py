"""Who may use an endpoint: an API key with the right scope, and a query that says one thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from service import auth
from service.api.body import printable
from service.errors import FieldError, Problem, field_problem
from service.house import House
from service.principal import Principal

bearer = HTTPBearer(auto_error=False, description="An API key: `qulaq keys create` makes one.")


async def house_of(request: Request) -> House:
    """Return the assembled service behind this request."""
    house: House = request.app.state.house
    return house


HouseHere = Annotated[House, Depends(house_of)]


def authenticate(request: Request, house: House) -> Principal:
    """Return whose key the request carries; raise `key-missing` or `key-invalid`."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise Problem(
            "key-missing",
            "send an API key in the header `Authorization: Bearer KEY`",
            headers={"WWW-Authenticate": "Bearer"},
        )
    with house.sessions.reading() as session:
        return auth.authenticate_key(session, key.strip())


def any_key(request: Request, house: HouseHere) -> Principal:
    """Let every caller with a valid key pass, whatever its scopes."""
    return authenticate(request, house)


def refuse_repeated(request: Request) -> None:
    """Raise `duplicate-field` where a parameter of the route stands twice: one would be lost."""
    if not request.scope["route"].dependant.query_params:
        return  # nothing of the query is read
    counted = Counter(name for name, _ in request.query_params.multi_items())
    errors = [
        FieldError(name, "duplicate-field", f"{name}: is given twice")
        for name in (printable(one) for one, number in counted.items() if number > 1)
    ]
    if errors:
        raise field_problem(errors)


def require(scope: str) -> Callable[..., Principal]:
    """Return the dependency that lets only callers with `scope` pass, asking one thing once."""

    def caller(
        request: Request, house: HouseHere, _: Annotated[object, Depends(bearer)]
    ) -> Principal:
        principal = authenticate(request, house)
        if not principal.may(scope):
            raise Problem(
                "scope-missing",
                f"this key has not the scope '{scope}'",
                headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'},
            )
        refuse_repeated(request)
        return principal

    return caller


def needs(scope: str) -> Any:
    """Return the same as a dependency of the route, for endpoints that do not ask who it is."""
    return Depends(require(scope))

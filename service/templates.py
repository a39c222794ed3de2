"""The reply templates in force: those shipped with the program, and this installation's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from service.errors import FieldError, Problem
from service.replies import Catalogue, Template, read_template
from service.replies.slots import OWN_SLOTS
from service.store.tables import TemplateOutcome, TemplateOverride

State = tuple[tuple[str, int], ...]
"""Ids and revisions of the installation's own templates: what tells one state from another."""


_NAME_LIMIT: Final = 64
_FAULTS_SHOWN: Final = 20


class LiveCatalogue:
    """Hands out the catalogue as it stands in the database, building it anew when that changed."""

    def __init__(self, shipped: Catalogue) -> None:
        self._shipped = shipped
        self._built: tuple[State, Catalogue] = ((), shipped)

    def current(self, session: Session) -> Catalogue:
        """Return the shipped templates with this installation's own over them."""
        rows = session.execute(
            select(TemplateOverride.template_id, TemplateOverride.revision).order_by(
                TemplateOverride.template_id
            )
        )
        state: State = tuple((template_id, revision) for template_id, revision in rows)
        built_state, catalogue = self._built
        if state == built_state:
            return catalogue
        own = session.scalars(select(TemplateOverride).order_by(TemplateOverride.template_id))
        catalogue = self._shipped.with_overrides(
            [Template.model_validate(override.body) for override in own]
        )
        self._built = state, catalogue
        return catalogue


def put(session: Session, bodies: Sequence[Any], actor: str, now: datetime) -> list[Template]:
    """Add these templates or put them in place of those with the same id; return them.

    Raise the problem `template-faulty` with every fault of every one; then none is kept.
    """
    templates: list[Template] = []
    errors: list[FieldError] = []
    for number, body in enumerate(bodies):
        template, faults = read_template(body)
        if template is not None and template.id in {other.id for other in templates}:
            faults.append(f"{template.id}: given twice")
        errors += [FieldError(f"items.{number}", "template-faulty", fault) for fault in faults]
        if template is not None:
            templates.append(template)
    if errors:
        counted = "1 fault" if len(errors) == 1 else f"{len(errors)} faults"
        raise Problem("template-faulty", f"{counted}; nothing is kept", errors=errors)
    for template in templates:
        _keep(session, template, actor, now)
    return templates


def _keep(session: Session, template: Template, actor: str, now: datetime) -> None:
    present = session.get(TemplateOverride, template.id)
    session.merge(
        TemplateOverride(
            template_id=template.id,
            revision=present.revision + 1 if present is not None else 1,
            body=template.model_dump(mode="json"),
            updated_by=actor,
            updated_at=now,
        )
    )


def refuse_unknown_slots(template: Template | None, slots: Mapping[str, str]) -> None:
    """Raise `unknown-slot` for a value that no slot of `template` takes, naming those it has."""
    known = list(dict.fromkeys((*template.slots, *OWN_SLOTS))) if template is not None else []
    unknown = [name for name in slots if name not in known][:_FAULTS_SHOWN]
    has = f"the template takes {', '.join(known)}" if known else "without a template there is none"
    errors = [
        FieldError(field, "unknown-slot", f"{field}: is no slot; {has}")
        for field in (f"slots.{name[:_NAME_LIMIT]}" for name in unknown)
    ]
    if errors:
        raise Problem("unknown-slot", errors[0].detail, errors=errors)


def count_outcome(session: Session, template_id: str, decision: str) -> None:
    """Remember how the template fared; passing a comment up says nothing about it."""
    column = {"approve": "accepted", "edit": "edited", "reject": "rejected"}.get(decision)
    if column is None:
        return
    counts = {"accepted": 0, "edited": 0, "rejected": 0, column: 1}
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    counted = insert(TemplateOutcome).values(template_id=template_id, **counts)
    once_more = {column: getattr(TemplateOutcome, column) + 1}
    session.execute(counted.on_conflict_do_update(index_elements=["template_id"], set_=once_more))

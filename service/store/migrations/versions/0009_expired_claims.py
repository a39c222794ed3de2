"""Up to which day the registry's version tells of claims that have run out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

VERSIONS = sa.table("versions", sa.column("name", sa.String()), sa.column("version", sa.Integer()))


def upgrade() -> None:
    op.bulk_insert(VERSIONS, [{"name": "claims expired", "version": 1}])


def downgrade() -> None:
    op.execute(VERSIONS.delete().where(VERSIONS.c.name == "claims expired"))

"""An office's spreadsheet on its way into the product."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Integer, LargeBinary, String, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.core.db import CommunityRow, Sealed, SealedJSON, personal


class LedgerImport(CommunityRow):
    """One upload: the file itself (sealed, dropped once imported or given up), how its columns were read, what came of it.

    `state`: uploaded → imported | given_up. `result` names every row: what it became or why not.
    """

    __tablename__ = "ledger_import"

    kind: Mapped[str] = mapped_column(String(20))
    filename: Mapped[str] = mapped_column(Sealed("ledger_import.filename"), info=personal("sensitive"))
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, info=personal("sensitive"))
    sheet: Mapped[int] = mapped_column(Integer, default=0)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    state: Mapped[str] = mapped_column(String(10), default="uploaded")
    uploaded_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    imported_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    result: Mapped[Any | None] = mapped_column(SealedJSON("ledger_import.result"), info=personal("sensitive"))

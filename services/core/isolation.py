"""The database's own refusal: row-level security for a table, in the words a migration uses.

Called by migrations only; kept here because the same facts (setting names, role names) hold the scope layer.
"""

from collections.abc import Callable

APP, SWEEPER = "linli_app", "linli_sweeper"

COMMUNITY = "nullif(current_setting('linli.community_id', true), '')::int"
ACCOUNT = "nullif(current_setting('linli.account_id', true), '')::uuid"
REGION = "nullif(current_setting('linli.region_id', true), '')::int"
SIGN_IN = "nullif(current_setting('linli.sign_in', true), '')"

Execute = Callable[[str], object]


def protect(execute: Execute, *tables: str, grants: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
    """Force row-level security on community tables: only rows of the session's community exist, to read or to write."""
    for table in tables:
        force(execute, table)
        execute(
            f"CREATE POLICY community ON {table} USING (community_id = {COMMUNITY}) "
            f"WITH CHECK (community_id = {COMMUNITY})"
        )
        execute(f"GRANT {grants} ON {table} TO {APP}")


def force(execute: Execute, table: str) -> None:
    """Turn row-level security on for `table`, its owner included; without a policy nothing is visible."""
    execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def append_only(execute: Execute, table: str) -> None:
    """Refuse every change of a row of `table`, for any role."""
    execute(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def sweep(execute: Execute, table: str, due: str, columns: str) -> None:
    """Let the sweeper see what is `due` of `table` in every community: `columns` of it, and nothing but the lease to write."""
    execute(f"CREATE POLICY sweeper ON {table} TO {SWEEPER} USING ({due}) WITH CHECK ({due})")
    execute(
        f"GRANT SELECT (community_id, id, lease_until, {columns}), UPDATE (lease_until) ON {table} TO {SWEEPER}"
    )

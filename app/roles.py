"""Which database role a process runs as, and the refusal to run as one that row-level security does not hold."""

from sqlalchemy import Engine, text


class RoleError(RuntimeError):
    """The process is signed in to the database as a role it must not have."""


def refuse_powerful(engine: Engine) -> None:
    """Raise RoleError when the connection's role is a superuser, may bypass row-level security or owns tables."""
    with engine.connect() as connection:
        superuser, bypass, owner = connection.execute(
            text(
                "SELECT rolsuper, rolbypassrls, EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind = 'r') "
                "FROM pg_roles r WHERE rolname = current_user"
            )
        ).one()
    if superuser or bypass or owner:
        raise RoleError(
            "Linli does not serve as the database's owner or superuser: row-level security would not hold. "
            "Point DATABASE_URL at the role linli_app."
        )

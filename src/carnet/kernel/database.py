"""The three log-ins of the database: where they are, with what password, and how they come to be.

The *owner* migrates and is never in a web or worker process. *carnet_reader* and *carnet_writer* serve.
`carnet_trail`, `carnet_sealer` and `carnet_eraser` cannot log in: they own the few functions that may do what no log-in
may.
"""

from __future__ import annotations

from typing import Any, Literal

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from carnet.kernel import embedded, passwords
from carnet.kernel.config import Config

Login = Literal["owner", "reader", "writer"]
ServingLogin = Literal["reader", "writer"]

Connection = psycopg.Connection[Any]

SERVING: tuple[ServingLogin, ...] = ("reader", "writer")
ROLES: dict[ServingLogin, str] = {"reader": "carnet_reader", "writer": "carnet_writer"}
FUNCTION_OWNERS = ("carnet_trail", "carnet_sealer", "carnet_eraser")
SEARCH_PATH = "app, record, trail, public"
OLDEST = 150000

# A request never waits long; a job that must says so for its own transaction.
_ROLE_SETTINGS = {
    "search_path": SEARCH_PATH,
    "statement_timeout": "15s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
}
_ATTRIBUTES = sql.SQL("login nosuperuser nocreatedb nocreaterole noreplication nobypassrls")


class DatabaseError(Exception):
    """The database cannot be used as it is; the text is one line in French."""


def conninfo(config: Config, login: Login) -> dict[str, Any]:
    """As libpq names things. Nothing is made here: a password that does not exist yet is left out."""
    password = _password(config, login)
    if config.database_url is None:
        host = str(embedded.socket_dir(config.data_dir, config.runtime_dir))
        facts: dict[str, Any] = {"host": host, "port": str(embedded.PORT), "dbname": embedded.DATABASE}
        user = embedded.OWNER if login == "owner" else ROLES[login]
    else:
        facts = _parsed(config.database_url)
        user = facts.get("user", "") if login == "owner" else ROLES[login]
        if login != "owner":
            facts.pop("password", None)
    return {**facts, "user": user, **({"password": password} if password else {})}


def _parsed(url: str) -> dict[str, Any]:
    try:
        return dict(conninfo_to_dict(url))
    except psycopg.ProgrammingError:
        raise DatabaseError("CARNET_DATABASE_URL n'est pas une adresse de PostgreSQL.") from None


def _password(config: Config, login: Login) -> str | None:
    if login == "owner":
        return passwords.kept(config.data_dir, login) if config.embedded else None
    return given_password(config, login) or passwords.kept(config.data_dir, login)


def given_password(config: Config, login: ServingLogin) -> str | None:
    """The one that an operator chose."""
    return config.reader_password if login == "reader" else config.writer_password


def connection_parameters(config: Config, login: Login) -> dict[str, Any]:
    """For Django's DATABASES: NAME, USER, PASSWORD, HOST, PORT and OPTIONS."""
    facts = conninfo(config, login)
    named = {
        "NAME": facts.pop("dbname", ""),
        "USER": facts.pop("user", ""),
        "PASSWORD": facts.pop("password", ""),
        "HOST": facts.pop("host", ""),
        "PORT": str(facts.pop("port", "")),
    }
    return {**named, "OPTIONS": facts}


def dsn(config: Config, login: Login) -> str:
    return make_conninfo(**conninfo(config, login))


def connect(config: Config, login: Login, **options: Any) -> Connection:
    """Raises DatabaseError with the server's reason, which never holds a password."""
    try:
        return psycopg.connect(dsn(config, login), **{"connect_timeout": 10, **options})
    except psycopg.OperationalError as error:
        raise DatabaseError(f"Connexion à la base impossible ({login}) : {_reason(error)}") from None


def _reason(error: psycopg.Error) -> str:
    return (str(error).strip().splitlines() or ["?"])[-1]


def ensure_roles(connection: Connection, config: Config) -> None:
    """As the owner, in autocommit: roles, their passwords, and what holds for them in this database.

    Roles belong to the whole server, where other databases may use them: what is right is left alone."""
    if connection.info.server_version < OLDEST:
        raise DatabaseError("PostgreSQL 15 ou plus récent est nécessaire.")
    _make_missing(connection, config)
    _join_function_owners(connection)
    for login in SERVING:
        _settle_password(connection, config, login)
    _settle_database(connection)


def _make_missing(connection: Connection, config: Config) -> None:
    known = {row[0] for row in connection.execute("select rolname from pg_roles")}
    missing = [role for role in (*ROLES.values(), *FUNCTION_OWNERS) if role not in known]
    if missing and not _may_create_roles(connection):
        raise DatabaseError(
            f"Le compte {connection.info.user} n'a pas le droit de créer des rôles et il manque "
            f"{', '.join(missing)} : donnez-lui CREATEROLE (alter role {connection.info.user} createrole)."
        )
    for login, role in ROLES.items():
        if role in missing:
            _create(connection, role, _ATTRIBUTES)
            _set_password(connection, role, _own_password(config, login))
    for role in FUNCTION_OWNERS:
        if role in missing:
            _create(connection, role, sql.SQL("nologin"))


def _may_create_roles(connection: Connection) -> bool:
    row = connection.execute("select rolsuper or rolcreaterole from pg_roles where rolname = current_user").fetchone()
    return bool(row and row[0])


def _create(connection: Connection, role: str, attributes: sql.SQL) -> None:
    try:
        connection.execute(sql.SQL("create role {} {}").format(sql.Identifier(role), attributes))
    except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        # Another database of the same server was faster.
        return


def _own_password(config: Config, login: ServingLogin) -> str:
    return given_password(config, login) or passwords.keep(config.data_dir, login)


def _set_password(connection: Connection, role: str, password: str) -> None:
    """Only its SCRAM verifier travels, so that no log of the server can show it."""
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    connection.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(verifier)))


def _settle_password(connection: Connection, config: Config, login: ServingLogin) -> None:
    """Changed only when it does not open the door, and only by whoever may decide about it."""
    role, password = ROLES[login], _own_password(config, login)
    if _opens(connection, role, password):
        return
    if not config.embedded and given_password(config, login) is None:
        raise DatabaseError(
            f"Le rôle {role} existe déjà sur ce serveur avec un autre mot de passe : "
            f"indiquez-le par CARNET_{login.upper()}_PASSWORD."
        )
    try:
        _set_password(connection, role, password)
    except psycopg.errors.InsufficientPrivilege:
        raise DatabaseError(
            f"CARNET_{login.upper()}_PASSWORD n'est pas le mot de passe de {role}, "
            f"et {connection.info.user} n'a pas le droit de le changer."
        ) from None


def _opens(connection: Connection, role: str, password: str) -> bool:
    facts = {**connection.info.get_parameters(), "user": role, "password": password}
    try:
        with psycopg.connect(make_conninfo(**facts)):
            return True
    except psycopg.OperationalError as error:
        if "authentication failed" in str(error):
            return False
        # The password was right, this database merely does not admit the role yet.
        if "permission denied for database" in str(error):
            return True
        raise DatabaseError(f"Connexion à la base impossible ({role}) : {_reason(error)}") from None


def _join_function_owners(connection: Connection) -> None:
    """Only a member may give a function to a role: on 16 and later even the role's own creator."""
    for role in FUNCTION_OWNERS:
        row = connection.execute("select pg_has_role(current_user, %s, 'usage')", [role]).fetchone()
        if row and row[0]:
            continue
        try:
            connection.execute(sql.SQL("grant {} to current_user").format(sql.Identifier(role)))
        except psycopg.errors.InsufficientPrivilege:
            raise DatabaseError(
                f"Le compte {connection.info.user} doit être membre de {role} : grant {role} to {connection.info.user}."
            ) from None


def _settle_database(connection: Connection) -> None:
    name = sql.Identifier(connection.info.dbname)
    roles = sql.SQL(", ").join(sql.Identifier(role) for role in ROLES.values())
    connection.execute(sql.SQL("revoke all on database {} from public").format(name))
    connection.execute(sql.SQL("grant connect on database {} to {}").format(name, roles))
    for role in ROLES.values():
        _settle_role(connection, role, _ROLE_SETTINGS)
    _settle_role(connection, connection.info.user, {"search_path": SEARCH_PATH})


def _settle_role(connection: Connection, role: str, settings: dict[str, str]) -> None:
    row = connection.execute(
        "select setconfig from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase"
        " join pg_roles r on r.oid = s.setrole where d.datname = current_database() and r.rolname = %s",
        [role],
    ).fetchone()
    known = dict(entry.split("=", 1) for entry in row[0]) if row else {}
    for name, value in settings.items():
        if known.get(name) != value:
            connection.execute(
                sql.SQL("alter role {} in database {} set {} = {}").format(
                    sql.Identifier(role),
                    sql.Identifier(connection.info.dbname),
                    sql.Identifier(name),
                    sql.SQL(value) if name == "search_path" else sql.Literal(value),
                )
            )

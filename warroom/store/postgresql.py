"""PostgreSQL, opened in one place and one way: a state file is the tables in the first schema of the search path.

One writer at a time: a transaction that writes begins with an advisory lock, whose queue is first come, first served.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import errors
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.pool import QueuePool

from warroom.clock.source import Uptime
from warroom.store.codec import Unreadable
from warroom.store.database import damaged, missing, not_ours, replaced
from warroom.vocabulary.errors import BadInput, Busy, Refused, StateFileError, WarroomError

_LOCK = 0x57524F4D  # "WROM"; the second half of the key is the schema's own number
LOCK_PATIENCE_S = 15

_SETTINGS = (
    "SET TIME ZONE 'UTC'",
    f"SET lock_timeout = '{LOCK_PATIENCE_S}s'",
    "SET client_min_messages = warning",
)


@compiles(sa.Integer, "postgresql")
def _as_wide_as_on_sqlite(_type: sa.Integer, _compiler: Any, **_options: Any) -> str:
    """Whole numbers have 64 bits on both engines."""
    return "BIGINT"


class Connection:
    """A connection that takes ? for a parameter, as SQLite's does."""

    def __init__(self, connection: Any) -> None:
        self._connection: psycopg.Connection[Any] = connection

    def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> Any:
        statement = sql.replace("%", "%%").replace("?", "%s") if parameters else sql
        return self._connection.execute(statement.encode(), parameters or None)

    @property
    def in_transaction(self) -> bool:
        return self._connection.info.transaction_status is not psycopg.pq.TransactionStatus.IDLE


class PostgreSQL:
    """A state file in PostgreSQL: what `database.Database` says of each method holds."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = _engine_of(url)
        self._genesis: str | None = None
        self._writer: Any = None

    @property
    def where(self) -> str:
        return sa.make_url(self._url).render_as_string(hide_password=True)

    @property
    def dialect(self) -> sa.Dialect:
        return _dialect()

    def insist_on_state_file(self) -> None:
        with self.speaking(), self.connection() as connection:
            if not _has(connection, "state_file"):
                raise not_ours(self.where) if _has(connection, "journal") else missing(self.where)
            (self._genesis,) = connection.execute("SELECT genesis FROM state_file").fetchone()

    def insist_on_same(self) -> None:
        if self._genesis is None:
            return  # it is being made
        with self.speaking(), self.connection() as connection:
            found = connection.execute("SELECT genesis FROM state_file").fetchone()
        if found is None or found[0] != self._genesis:
            raise replaced(self.where)

    @contextmanager
    def building(self) -> Iterator[PostgreSQL]:
        """Its tables stand in a schema of another name until they are finished, and then change place."""
        with self.speaking(), self.connection() as connection:
            (schema,) = connection.execute("SELECT current_schema()").fetchone()
            if schema is None:
                raise BadInput("there is no such schema", where=self.where, hint="create the schema that the URL names")
            if _has(connection, "state_file"):
                raise BadInput("there is a state file already", where=self.where, hint="name another with --db")
            (hidden,) = connection.execute(
                "SELECT 'warroom_new_' || replace(gen_random_uuid()::text, '-', '')"
            ).fetchone()
            connection.execute(f"CREATE SCHEMA {hidden}")
        database = PostgreSQL(_in_schema(self._url, hidden))
        try:
            yield database
            with self.speaking(), self.connection() as connection:
                self.begin_write(connection)
                try:
                    if _has(connection, "state_file"):
                        raise BadInput(
                            "somebody created a state file meanwhile", where=self.where, hint="name another with --db"
                        )
                    _move(connection, hidden, schema)
                    connection.execute("COMMIT")
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
        finally:
            database.close()
            with self.speaking(), self.connection() as connection:
                connection.execute(f"DROP SCHEMA {hidden} CASCADE")

    @contextmanager
    def connection(self) -> Iterator[Any]:
        pooled = self._engine.raw_connection()
        try:
            yield Connection(pooled.driver_connection)
        finally:
            pooled.close()

    def writer(self) -> Any:
        if self._writer is None or self._writer.driver_connection.closed:
            self._writer = self._engine.raw_connection()
        return Connection(self._writer.driver_connection)

    def begin_read(self, connection: Any) -> None:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def begin_write(self, connection: Any) -> None:
        connection.execute("BEGIN")
        connection.execute("SELECT pg_advisory_xact_lock(?, current_schema()::regnamespace::oid::int)", (_LOCK,))

    def settle(self, connection: Any, commits: int) -> None:
        """PostgreSQL looks after itself."""

    def mark_of_change(self, connection: Any) -> int:
        return int(connection.execute("SELECT COALESCE(MAX(seq), 0) FROM journal").fetchone()[0])

    def uptime(self, connection: Any) -> Uptime:
        """The server's clock. It may be set; who relies on it must get over that."""
        (shown,) = connection.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint").fetchone()
        return Uptime("server", int(shown))

    @contextmanager
    def speaking(self) -> Iterator[None]:
        try:
            yield
        except Unreadable as error:
            raise damaged(self.where, str(error)) from error
        except (psycopg.Error, sa.exc.DBAPIError) as error:
            words = _in_words(getattr(error, "orig", None) or error, self.where)
            if words is None:
                raise  # a fault of ours, not of the database
            raise words from error

    def guard_journal(self, connection: Any) -> None:
        connection.execute(
            "CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'integrity_constraint_violation';"
            " END $$"
        )
        connection.execute(
            "CREATE TRIGGER journal_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal"
            " FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()"
        )

    def drop(self, connection: Any, table: str) -> None:
        connection.execute(f"DROP TABLE IF EXISTS {table} CASCADE")

    @contextmanager
    def reading_any_text(self, connection: Any) -> Iterator[None]:  # noqa: ARG002
        """PostgreSQL takes in no text that is not well encoded."""
        yield

    def damage(self, connection: Any) -> Iterator[str]:  # noqa: ARG002
        """PostgreSQL holds its references by itself and offers no check of its files to ordinary users."""
        yield from ()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._engine.dispose()


def _engine_of(url: str) -> sa.Engine:
    def connect() -> psycopg.Connection[Any]:
        connection = psycopg.connect(url, autocommit=True)
        try:
            for setting in _SETTINGS:
                connection.execute(setting.encode())
        except BaseException:
            connection.close()
            raise
        return connection

    # Statements are compiled with ? for a parameter, so that the store writes its SQL in one way for both engines.
    return sa.create_engine(
        "postgresql+psycopg://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=24,
        paramstyle="qmark",
        pool_reset_on_return=None,
    )


@cache
def _dialect() -> sa.Dialect:
    """One for all databases, as in `warroom.store.sqlite`."""
    return sa.create_engine("postgresql+psycopg://", paramstyle="qmark").dialect


def _has(connection: Any, table: str) -> bool:
    (found,) = connection.execute(
        "SELECT to_regclass(quote_ident(current_schema()) || '.' || ?::text)", (table,)
    ).fetchone()
    return found is not None


def _in_schema(url: str, schema: str) -> str:
    """`url` with another schema to work in."""
    parsed = sa.make_url(url)
    return parsed.update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(hide_password=False)


def _move(connection: Any, schema: str, to: str) -> None:
    """Give the tables and functions of one schema to another, whatever that holds besides."""
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = ?", (schema,)).fetchall()
    for (name,) in tables:
        connection.execute(f'ALTER TABLE {schema}."{name}" SET SCHEMA "{to}"')
    connection.execute(f'ALTER FUNCTION {schema}.journal_is_append_only() SET SCHEMA "{to}"')


def _in_words(error: BaseException, where: str) -> WarroomError | None:
    """What went wrong, for people; None for a fault of ours."""
    match error:
        case errors.LockNotAvailable() | errors.DeadlockDetected() | errors.SerializationFailure():
            return Busy(
                "the state file is locked by another process", where=where, hint="nothing was changed; try again"
            )
        case errors.ReadOnlySqlTransaction() | errors.InsufficientPrivilege():
            return StateFileError(
                "the state file is read-only", where=where, hint="use a database role that may write its tables"
            )
        case errors.DiskFull() | errors.OutOfMemory():
            return StateFileError(
                "there is no room left on the disk of the database",
                where=where,
                hint="nothing was changed; make room, then try again",
            )
        case psycopg.IntegrityError() | errors.RaiseException():
            return Refused(f"the state file refused the change: {_first_line(error)}", where=where)
        case errors.UndefinedTable():
            return missing(where)
        case psycopg.OperationalError():
            return StateFileError(
                f"the database cannot be reached: {_first_line(error)}",
                where=where,
                hint="check that the server runs and that the URL names it",
            )
    return None


def _first_line(error: BaseException) -> str:
    return str(error).split("\n", 1)[0]

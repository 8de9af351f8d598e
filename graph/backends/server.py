"""One Bolt server (or cluster): driver settings, managed transactions, patience."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeVar

from neo4j import Driver, GraphDatabase, ManagedTransaction, Record, Session, unit_of_work
from neo4j.exceptions import ConstraintError, IncompleteCommit

from graph.backends.neo4j_faults import refuse_old, translated
from graph.backends.patience import Beat, GaveUpError, patiently
from graph.backends.settings import StoreSettings
from graph.errors import StoreError, StoreLockedError, StoreUnavailableError

T = TypeVar("T")
Params = dict[str, Any]

#: Stage name of the statement that waits for other writers.
TURN = "turn"

_CONNECT_S = 2.0
_ACQUIRE_S = 5.0
# 等間隔で試すので、何分止まっていたサーバーでも、戻れば3秒以内にまた使われる。
_RETRY_S = 0.5
_RETRY_GROWTH = 1.0

# 再試行の英語の知らせを画面に流さない（記録係をつけた人には届く）。
logging.getLogger("neo4j").addHandler(logging.NullHandler())


@dataclass(slots=True)
class Transaction:
    """A managed transaction whose statements are signs of life."""

    tx: ManagedTransaction
    beat: Beat

    def rows(self, cypher: str, /, **params: object) -> list[Record]:
        """Run a statement and read all it gives."""
        return self.run("statement", cypher, params)

    def run(self, stage: str, cypher: str, params: Params) -> list[Record]:
        """The same under another stage name."""
        self.beat.at(stage)
        found = list(self.tx.run(cypher, params))
        self.beat.at("client")
        return found


class Server:
    """Runs units of work; each may be run more than once, so it must be repeatable."""

    def __init__(self, url: str, settings: StoreSettings) -> None:
        self.url = url
        self._limit = settings.wait_s
        self._database = settings.database
        auth = (settings.user or "neo4j", settings.password) if settings.password else None
        with translated(url):
            self._driver: Driver = GraphDatabase.driver(
                url,
                auth=auth,
                connection_timeout=min(_CONNECT_S, self._limit),
                connection_acquisition_timeout=min(_ACQUIRE_S, self._limit),
                max_transaction_retry_time=self._limit,
                initial_retry_delay=_RETRY_S,
                retry_delay_multiplier=_RETRY_GROWTH,
                user_agent="tsunagu",
                # まだ一つもない種別を尋ねた、といった知らせは、誤りではない。
                notifications_min_severity="OFF",
            )
        self._bookmarks = GraphDatabase.bookmark_manager()
        self._timeout = max(10 * self._limit, 60.0)
        try:
            with translated(url):
                agent = self._patiently(lambda _: self._driver.get_server_info().agent)
            refuse_old(agent, url)
        except BaseException:
            self._driver.close()
            raise

    def read(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in a managed reading transaction."""

        def call(beat: Beat) -> T:
            @unit_of_work(timeout=self._timeout)
            def unit(tx: ManagedTransaction) -> T:
                return work(Transaction(tx, beat))

            with self._session() as session:
                return session.execute_read(unit)

        return self._until_known(call)

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in a managed writing transaction until its outcome is known.

        ``work`` must first look whether it was done already: a commit whose answer was lost is
        run again, never guessed.
        """

        def call(beat: Beat) -> T:
            @unit_of_work(timeout=self._timeout)
            def unit(tx: ManagedTransaction) -> T:
                result = work(Transaction(tx, beat))
                beat.at("commit")
                return result

            with self._session() as session:
                return session.execute_write(unit)

        return self._until_known(call)

    def schema(self, statement: str) -> None:
        """Run a statement that changes the schema (in a transaction of its own)."""
        self.write(lambda tx: tx.rows(statement))

    def close(self) -> None:
        """Let go of the connections."""
        self._driver.close()

    def _until_known(self, call: Callable[[Beat], T]) -> T:
        """Run again what ended without an answer; a lost answer to a reading counts as much."""
        deadline = monotonic() + self._limit
        while True:
            try:
                with translated(self.url):
                    return self._patiently(call)
            except StoreError as error:
                # 一意制約に当たるのは、番号を取り合った二つの書き込みの片方だけ。
                lost = isinstance(error.__cause__, (IncompleteCommit, ConstraintError))
                if not lost or monotonic() > deadline:
                    raise

    def _session(self) -> Session:
        return self._driver.session(
            database=self._database, bookmark_manager=self._bookmarks, fetch_size=1000
        )

    def _patiently(self, call: Callable[[Beat], T]) -> T:
        try:
            return patiently(call, self._limit)
        except GaveUpError as error:
            raise self._gave_up(error.stage) from error

    def _gave_up(self, stage: str) -> StoreError:
        facts = {"store": self.url, "stage": stage, "waited_s": self._limit}
        if stage == TURN:
            return StoreLockedError(
                "ほかの処理がストアに書き込んでいるため、待ちきれませんでした。", facts=facts
            )
        if stage == "commit":
            return StoreUnavailableError(
                "保存の結果をサーバーから受け取れませんでした。",
                hint="サーバーが戻ったら、同じ操作をもう一度実行してください（二重にはなりません）。",
                code="outcome_unknown",
                facts=facts,
            )
        return StoreUnavailableError(f"サーバー {self.url} が応答しません。", facts=facts)

"""``tsunagu migrate FROM TO``: between any two backends, with a proof that nothing was lost."""

from contextlib import closing
from dataclasses import dataclass

from graph.backends.backup import Ask, may_replace
from graph.backends.bulk import Progress, copy, quiet
from graph.backends.digest import GraphDigest, digest_of
from graph.backends.open import open_store
from graph.backends.settings import StoreSettings
from graph.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """Both graphs as they were read after the copy."""

    source: GraphDigest
    target: GraphDigest

    @property
    def equal(self) -> bool:
        """Whether every node and edge is the same in both."""
        return self.source == self.target


def migrate(
    from_url: str,
    to_url: str,
    *,
    settings: StoreSettings | None = None,
    ask: Ask = lambda _: False,
    progress: Progress = quiet,
) -> Migration | None:
    """Copy a whole store; ``None`` when the target held something and ``ask`` said no.

    Both are read through afterwards; compare with :attr:`Migration.equal`. While others write to
    the source the two may differ by what came last.
    """
    if from_url == to_url:
        raise InputError(
            "移す元と移す先が同じです。", hint="別の場所を指定してください。", code="same_store"
        )
    chosen = settings or StoreSettings()
    with (
        closing(open_store(from_url, settings=chosen)) as source,
        closing(open_store(to_url, settings=chosen, filling=True)) as target,
    ):
        if not may_replace(target, ask):
            return None
        copy(source, target, actor="migrate", progress=progress)
        with source.read() as before, target.read() as after:
            return Migration(source=digest_of(before), target=digest_of(after))

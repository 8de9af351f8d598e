"""What every store must do. Each backend subclasses this once and gives one fixture, ``place``."""

from tests.graph.store.contract_base import Place
from tests.graph.store.contract_edits import EditContract
from tests.graph.store.contract_feed import FeedContract
from tests.graph.store.contract_order import OrderContract
from tests.graph.store.contract_reads import ReadContract
from tests.graph.store.contract_records import RecordContract
from tests.graph.store.contract_sharing import SharingContract
from tests.graph.store.contract_writes import WriteContract

__all__ = ["Place", "StoreContract"]


class StoreContract(
    RecordContract,
    OrderContract,
    WriteContract,
    ReadContract,
    FeedContract,
    SharingContract,
    EditContract,
):
    """The whole suite, the same for every backend."""

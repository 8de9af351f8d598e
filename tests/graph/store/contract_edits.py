"""The contract: any edits agree with networkx."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph.model.element import EdgeKind, NodeKind
from graph.store import Direction, GraphStore
from tests.graph.store.contract_base import Contract, Place, full, typed
from tests.graph.store.graphs import edges_among, nodes, refs
from tests.graph.store.oracle import Oracle


class EditContract(Contract):
    """Any edits agree with networkx."""

    def test_any_edits_agree_with_the_oracle(self, place: Place) -> None:
        @settings(
            max_examples=self.examples,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # 縮めるたびにストアを書き直すので、見つかった例をそのまま見せる。
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
        )
        @given(data=st.data())
        def run(data: st.DataObject) -> None:
            store = place.open()
            with store.write(actor="掃除") as w, store.read() as view:
                w.delete([node.ref for kind in NodeKind for node in view.nodes(kind)])
            before = store.head()
            oracle = Oracle()
            for _ in range(data.draw(st.integers(1, 4))):
                self._edit(store, oracle, data)
            self._compare(store, oracle, data)
            touched = {c.source for c in store.changes(before, limit=10**6)}
            assert set(oracle.g) <= touched

        run()

    def _edit(self, store: GraphStore, oracle: Oracle, data: st.DataObject) -> None:
        with store.write(actor="試験") as w:
            for _ in range(data.draw(st.integers(1, 4))):
                step = data.draw(st.sampled_from(["put", "link", "unlink", "delete"]))
                if step == "put":
                    made = data.draw(st.lists(nodes(), min_size=1, max_size=8))
                    w.put(made)
                    oracle.put(made)
                elif step == "delete":
                    gone = data.draw(st.lists(refs(), max_size=2))
                    w.delete(gone)
                    oracle.delete(gone)
                else:
                    strategy = st.lists(edges_among(sorted(oracle.g)), min_size=1, max_size=8)
                    edges = [edge for edge in data.draw(strategy) if edge is not None]
                    if step == "link":
                        w.link(edges)
                        oracle.link(edges)
                    else:
                        w.unlink(edges)
                        oracle.unlink(edges)

    def _compare(self, store: GraphStore, oracle: Oracle, data: st.DataObject) -> None:
        with store.read() as view:
            for kind in NodeKind:
                assert [full(n) for n in view.nodes(kind)] == [full(n) for n in oracle.nodes(kind)]
            for edge_kind in EdgeKind:
                found, wanted = list(view.edges(edge_kind)), oracle.edges(edge_kind)
                assert found == wanted
                assert [typed(e.props.get("w")) for e in found] == [
                    typed(e.props.get("w")) for e in wanted
                ]
            roots = data.draw(st.lists(refs(), max_size=3))
            direction = data.draw(st.sampled_from(Direction))
            kinds = data.draw(st.lists(st.sampled_from(EdgeKind), max_size=6))
            assert list(view.neighbours(roots, kinds, direction)) == oracle.neighbours(
                roots, kinds, direction
            )
            g = view.subgraph(roots, list(EdgeKind), 2)
            assert (set(g), set(g.edges(keys=True))) == oracle.subgraph(roots, list(EdgeKind), 2)

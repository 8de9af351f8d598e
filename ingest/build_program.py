"""A 取組項目 of an action plan and the department that owns it."""

import re

from graph.model.element import EdgeKind, NodeKind, Ref
from graph.model.people import Department, Program
from ingest.build import Built, department_id
from ingest.context import Context
from ingest.records import Merged, stable_id

_SPLIT = re.compile(r"[、,，・;；/／\n]+")


def department_names(text: str) -> tuple[str, ...]:
    """Departments of a 担当課 cell, each once.

    >>> department_names("保護課、健康支援課・こども企画課")
    ('保護課', '健康支援課', 'こども企画課')
    """
    return tuple(dict.fromkeys(part.strip() for part in _SPLIT.split(text) if part.strip()))


def build_program(key: str, merged: Merged, context: Context) -> Built:  # noqa: ARG001 - one signature for all kinds
    """Make the programme with OWNED_BY. Needs and categories are found by the gap report."""
    cells = merged.cells
    built = Built(Ref(NodeKind.PROGRAM, key))
    built.put(
        Program(
            id=key,
            name=cells["name"],
            plan=cells.get("plan"),
            edition=cells.get("edition"),
            pillar=cells.get("pillar"),
            number=cells.get("number"),
            summary=cells.get("summary"),
            department_text=cells.get("department"),
            source="／".join(merged.datasets),
        )
    )
    for name in department_names(cells.get("department", "")):
        department = Department(id=department_id(name), name=name)
        built.link(EdgeKind.OWNED_BY, built.share(department))
    if follows := cells.get("follows"):
        # 前の版の取組は、同じ表の左半分にある（readers/plan_text が同じ鍵で渡す）。
        older = stable_id(f"plan:{follows.partition('/')[0]}", follows)
        built.link(EdgeKind.FOLLOWS, Ref(NodeKind.PROGRAM, older))
    return built

"""A question for one need, as the tests of ``/api/candidates`` send it."""

from typing import Any

from starlette.testclient import TestClient

from api.wire.candidates import Candidates

#: A person with one need to ask for.
PERSON: dict[str, Any] = {
    "id": "m1",
    "role": "本人",
    "age": 62,
    "attributes": ["ひきこもり"],
    "needs": ["日中の居場所"],
    "wishes": ["釣り"],
    "free": ["平日 13:00-17:00"],
}
ASKED: dict[str, Any] = {
    "case_id": "C-1",
    "on": "2026-11-20",
    "area": "川辺区",
    "members": [PERSON],
}
ERROR = {"code", "message", "hint", "facts", "request_id"}


def ask(client: TestClient, body: Any, **query: Any) -> dict[str, Any]:
    """The list that comes back, held against its model."""
    answer = client.post("/api/candidates", json=body, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    Candidates.model_validate(found)
    return found

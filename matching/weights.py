"""Weight profiles: how much each preference counts, as data (docs/howto/add_weights.md)."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

from graph.errors import DiscoveryError, NotFoundError
from matching.criterion import preferences
from matching.index.search import Weights

FOLDER = Path(__file__).resolve().parent / "profiles"
STANDARD = "standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightProfile:
    """A named set of weights; a preference it does not name keeps its own default."""

    key: str
    label: str
    description: str
    weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


@cache
def weight_profiles(folder: Path = FOLDER) -> Sequence[WeightProfile]:
    """Every profile of the folder, by key. Raises DiscoveryError naming each faulty file."""
    found: list[WeightProfile] = []
    faults: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            faults.append(f"{path.name}: TOMLとして読めません（{error}）")
            continue
        faults.extend(f"{path.name}: {problem}" for problem in _problems(data))
        found.append(
            WeightProfile(
                key=path.stem,
                label=str(data.get("label", "")),
                description=str(data.get("description", "")),
                weights=MappingProxyType(dict(data.get("weights", {}))),
            )
        )
    if faults:
        raise DiscoveryError(
            "読み込めない重みの組があります。" + "／".join(faults),
            hint="docs/howto/add_weights.md の手順に沿ってファイルを直してください。",
            facts={"faults": faults},
        )
    return tuple(found)


def weights_of(key: str | None, folder: Path = FOLDER) -> Weights:
    """The weights of a profile; the standard one when none is named. Raises NotFoundError."""
    profiles = {profile.key: profile for profile in weight_profiles(folder)}
    chosen = profiles.get(key or STANDARD)
    if chosen is None:
        known = "、".join(f"{p.key}（{p.label}）" for p in profiles.values())
        raise NotFoundError(
            f"重みの組「{key}」がありません。",
            hint=f"使える組は {known} です。",
            facts={"profile": key or STANDARD},
        )
    return Weights(
        MappingProxyType({c.key: chosen.weights.get(c.key, c.weight) for c in preferences()})
    )


def _problems(data: Mapping[str, object]) -> list[str]:
    problems = [
        f"{name} を書いてください" for name in ("label", "description") if not data.get(name)
    ]
    weights = data.get("weights", {})
    if not isinstance(weights, Mapping):
        return [*problems, "[weights] の形がちがいます"]
    known = {criterion.key for criterion in preferences()}
    for key, weight in weights.items():
        if key not in known:
            problems.append(f"評価「{key}」はありません（使えるのは {'、'.join(sorted(known))}）")
        elif isinstance(weight, bool) or not isinstance(weight, int | float) or weight < 0:
            problems.append(f"「{key}」の重みは0以上の数にしてください")
    return problems

"""How long a way takes by the means a household has: an estimate, and always called one (推計).

Metres are straight-line; a way is 1.3 times as long (detour factor of Japanese towns, Goto 2009
reports 1.2 to 1.4). Speeds: 80 m/min on foot as the 不動産の表示に関する公正競争規約 counts,
60 m/min from 75 years on; buses and trains with a wait.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.profile import Household, Person

DETOUR = 1.3
OLDER_FROM = 75.0
#: means → (minutes before it moves, metres a minute, the word for it)
MEANS: dict[str, tuple[float, float, str]] = {
    "walk": (0.0, 80.0, "徒歩"),
    "wheelchair": (0.0, 50.0, "車椅子"),
    "bicycle": (1.0, 200.0, "自転車"),
    "bus": (10.0, 250.0, "バス"),
    "train": (15.0, 500.0, "電車"),
    "car": (5.0, 400.0, "車"),
    "motorbike": (5.0, 400.0, "バイク"),
    "taxi": (8.0, 400.0, "タクシー"),
    "pickup": (8.0, 400.0, "送迎"),
}
OLDER_WALK = 60.0
#: What is assumed where nothing is known: on foot or by bus, up to half an hour.
ASSUMED_MEANS = ("walk", "bus")
ASSUMED_MINUTES = 30
#: From this on a place can't be reached: the limit three times over and half an hour more.
BEYOND_TIMES = 3
BEYOND_MORE = 30

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Travelling:
    """Means as (wait, speed, word), and the minutes a person would go."""

    means: tuple[tuple[float, float, str], ...]
    limit: int
    assumed: bool

    def minutes(self, metres: Floats) -> Floats:
        """Fastest way for each straight-line distance; NaN stays NaN."""
        wait, speed, _ = self.means[0]
        best = wait + metres * (DETOUR / speed)
        for wait, speed, _ in self.means[1:]:
            best = np.minimum(best, wait + metres * (DETOUR / speed))
        return best

    def fastest(self, metres: float) -> tuple[float, str]:
        """Minutes and the word of the fastest means."""
        return min([(wait + metres * (DETOUR / speed), word) for wait, speed, word in self.means])

    @property
    def beyond(self) -> float:
        """Minutes from which a place counts as out of reach."""
        return float(self.limit * BEYOND_TIMES + BEYOND_MORE)

    @property
    def radius_m(self) -> float:
        """Straight-line metres within which everything not out of reach lies."""
        return max((self.beyond - wait) * speed / DETOUR for wait, speed, _ in self.means)


def travelling_of(household: Household, person: Person) -> Travelling:
    """The means and limit of a person; assumed ones where the case does not say."""
    modes = [mode for mode in household.modes if mode in MEANS]
    older = person.age_low is not None and person.age_low >= OLDER_FROM
    means = []
    for mode in modes or ASSUMED_MEANS:
        wait, speed, word = MEANS[mode]
        means.append((wait, OLDER_WALK if older and mode == "walk" else speed, word))
    limit = household.max_minutes
    return Travelling(
        means=tuple(means),
        limit=max(1, limit) if limit is not None else ASSUMED_MINUTES,
        assumed=not modes,
    )

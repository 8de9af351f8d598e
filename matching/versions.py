"""Names of the rules that led to a result."""

import hashlib

from graph.vocabulary.protocol import Vocabulary
from matching.criterion import all_criteria
from matching.index.search import Weights

#: Raised by hand when the meaning of a criterion changes without its declaration changing.
ENGINE = 1


def rules_version(vocabulary: Vocabulary, weights: Weights) -> str:
    """Digest of vocabulary, criteria and weights, after the engine's own number."""
    parts = [vocabulary.version]
    parts += [f"{c.key}:{c.kind}:{c.order}:{c.neutral}:{weights[c]}" for c in all_criteria()]
    digest = hashlib.blake2b("\n".join(parts).encode(), digest_size=6).hexdigest()
    return f"{ENGINE}-{digest}"

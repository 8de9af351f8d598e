from matching.index.kernel_numpy import bounds as bounds
from matching.index.kernel_numpy import collect as collect
from matching.index.kernel_numpy import pick as pick
from matching.index.kernel_numpy import spans as spans
from matching.index.kernel_numpy import values as values

FORM: int

"""Which loops run over the rows: those in C where they are built, else the same in NumPy.

Both give the same bits; the C ones touch each row once and are some times faster.
"""

from types import ModuleType

from matching.index import kernel_numpy

#: Counted up with every change of what the loops take and give (``FORM`` in kernel.c).
FORM = 6

_built: ModuleType | None
try:
    from matching.index import _kernel as _built
except ImportError:  # 組み立てる道具のない機械でも、同じ答えで動く
    _built = None
if _built is not None and getattr(_built, "FORM", None) != FORM:
    # 更新したあとに組み立て直していないものは、受け渡しが食い違うので使わない。
    _built = None

#: The loops in use. Tests put the other one in its place.
loops: ModuleType = _built or kernel_numpy

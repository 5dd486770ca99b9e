"""Room 1, sample: the bytes of a table become a checked sample, and facts about it that hold no row.

`reading` is the way in. `delimited`, `tables` and `images` read files; `columns`, `groups`, `experts`, `likeness`,
`leaks`, `unseen` and `findings` look at what was read.
"""

from typing import TYPE_CHECKING

from planner.lazy import on_demand

if TYPE_CHECKING:
    from planner.sample.images import with_images
    from planner.sample.reading import Facts, Sample, make_sample, read_sample
    from planner.sample.tables import read_table

__all__ = ["Facts", "Sample", "make_sample", "read_sample", "read_table", "with_images"]
__getattr__ = on_demand(
    __name__,
    {"images": ["with_images"], "reading": ["Facts", "Sample", "make_sample", "read_sample"], "tables": ["read_table"]},
)

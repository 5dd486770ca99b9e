"""The menu of strategies by idea, since forty names in a row cannot be scanned."""

from planner.choices.strategies.pool import STRATEGIES

IDEAS = {  # idea: the files of this folder that hold it
    "Baseline": ("pool",),
    "Doubt": ("uncertainty", "importance"),
    "Committee": ("committee",),
    "Look ahead": ("expected",),
    "Spread": ("diversity",),
    "Doubt and more": ("hybrid", "density"),
    "Batch": ("batches",),
    "Stakes": ("stakes",),
    "Mixed": ("bandits", "invented", "streams"),
}
OTHER = "Other"  # registered outside this folder


def idea_of(name: str) -> str:
    """The idea a strategy belongs to, by the file it stands in."""
    folder, _, file = STRATEGIES[name].call.__module__.rpartition(".")
    if folder != __package__:
        return OTHER
    return next((idea for idea, files in IDEAS.items() if file in files), OTHER)


def by_idea() -> list[str]:
    """Names of all strategies, those of an idea together, each idea in the order of the menu."""
    order = [*IDEAS, OTHER]
    return sorted(STRATEGIES, key=lambda name: order.index(idea_of(name)))

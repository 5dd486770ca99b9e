"""How far a forecast can be trusted, in words: the shape of the curve."""

from planner import words
from planner.economics.figures import Figures
from planner.forecast.shapes import Shape, shape_of


def ill_shape(figures: Figures) -> tuple[str, str, str] | None:
    """(code, finding, remedy) of a random curve that falls, peaks or does not move."""
    random = figures.forecast.measured.get("random")
    shape = shape_of(random) if random else None
    if shape is None:
        return None
    if shape.name == "flat":
        meaning = ", text read by its meaning" if "text" in figures.facts.kind else ""
        remedy = f"Try another model, better columns{meaning} or cleaner labels before you buy more of these."
        return shape.name, _flat(shape), remedy
    said = (
        f"More labels made the model worse. From {words.count(shape.start)} to {words.count(shape.end)} the score fell "
        f"by {words.points(-shape.change)}, more than luck explains"
    )
    if shape.name == "dipping":
        return (
            shape.name,
            f"{said}, and it has not come back. The forecast draws such a curve as level.",
            "Try another model: a dip says that this one does not fit the data, and more labels may not help it.",
        )
    return (
        shape.name,
        f"{said}, then came back: a peak of the error, which the forecast does not draw.",
        "Trust the forecast past the peak only, or try logistic regression or extra trees, which seldom peak.",
    )


def _flat(shape: Shape) -> str:
    return (
        f"More labels have hardly helped. From {words.count(shape.start)} to {words.count(shape.end)} random labels "
        f"the score moved by {words.points(abs(shape.change))}, no more than luck explains."
    )

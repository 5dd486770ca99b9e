"""Makes the files in sample_data again, byte for byte: `python tests/make_sample_data.py`."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pandas as pd

from planner.pilot.bundled import breast_cancer_table, digits_table

FOLDER = Path(__file__).parent.parent / "sample_data"
MESSAGES = 1500
SEED = 7
OFF_TOPIC = 0.08  # share of sentences borrowed from another topic
MISLABELED = 0.02

TOPICS = {
    "billing": (
        ["invoice", "charge", "receipt", "credit card", "payment", "subscription fee", "tax line", "bank statement"],
        ["was billed twice", "shows the wrong amount", "is higher than last month", "does not match my contract",
         "never arrived", "was declined", "has the old address"],
        ["Please correct the amount.", "I need it for accounting.", "Which plan am I paying for?",
         "Can I pay once a year?", "I want my money back."],
    ),
    "login": (
        ["password", "account", "two-step code", "sign-in page", "reset link", "user name", "session", "profile"],
        ["is locked", "is not accepted", "expired before I could use it", "sends me in circles", "was never sent",
         "belongs to a colleague who left", "logs me out every minute"],
        ["I cannot get in.", "Please unlock it.", "How do I change my email?", "Was somebody else in there?",
         "I tried three browsers."],
    ),
    "shipping": (
        ["parcel", "order", "tracking number", "courier", "delivery date", "pallet", "shipment", "pickup point"],
        ["is a week late", "has not moved since Monday", "went to the wrong street", "was left in the rain",
         "is marked delivered but is not here", "cannot be found", "changed again"],
        ["When will it arrive?", "Please send it again.", "Nobody rang the bell.", "Can it go to my office?",
         "The customs form is missing."],
    ),
    "returns": (
        ["shoes", "jacket", "blender", "headphones", "second item", "gift", "chair", "replacement"],
        ["came broken", "is the wrong size", "has a scratch", "is not what I ordered", "stopped after two days",
         "looks used", "misses a part"],
        ["How do I send it back?", "Where is the return label?", "Can I swap it for another size?",
         "I want my money back.", "Is the box needed?"],
    ),
    "technical": (
        ["app", "export", "dashboard", "upload", "search", "sync", "report page", "printer driver"],
        ["crashes on start", "shows a blank screen", "is very slow", "loses my changes", "stops at 90 percent",
         "gives error 500", "is broken since the update"],
        ["I tried three browsers.", "The log is attached.", "It worked last week.", "Is there a workaround?",
         "Please call me back."],
    ),
}  # fmt: skip
OPENINGS = ["", "", "Hello,", "Hi there,", "Good morning,", "Second time I write:", "Urgent!"]
FRAMES = [
    "My {thing} {trouble}.",
    "The {thing} {trouble}.",
    "It seems the {thing} {trouble}.",
    "Again the {thing} {trouble}.",
]
CLOSINGS = ["", "", "Thanks.", "Thank you for your help.", "Please hurry.", "Regards, {name}", "Not happy."]
NAMES = ["Ana", "Bo", "Chidi", "Dora", "Emil", "Fatma", "Goran", "Hina"]


def messages() -> pd.DataFrame:
    """1,500 made-up support messages, five topics; some stray into another topic and a few carry a wrong label."""
    random = Random(SEED)

    def pick(options: list[str]) -> str:
        return options[int(random.random() * len(options))]  # random() alone is promised never to change

    def sentences(topic: str) -> list[str]:
        things, troubles, asks = TOPICS[topic if random.random() > OFF_TOPIC else pick(list(TOPICS))]
        said = pick(FRAMES).format(thing=pick(things), trouble=pick(troubles))
        return [said, pick(asks)] if random.random() < 0.6 else [said]

    rows = []
    for _ in range(MESSAGES):
        topic = pick(list(TOPICS))
        parts = [pick(OPENINGS), *sentences(topic)]
        parts += sentences(topic) if random.random() < 0.3 else []
        parts.append(pick(CLOSINGS).format(name=pick(NAMES)))
        label = topic if random.random() > MISLABELED else pick(list(TOPICS))
        rows.append((" ".join(part for part in parts if part), label))
    return pd.DataFrame(rows, columns=["text", "label"])


FILES: dict[str, Callable[[], pd.DataFrame]] = {
    "digits.csv": digits_table,
    "breast_cancer.csv": breast_cancer_table,
    "support_messages.csv": messages,
}


def content(name: str) -> bytes:
    """The bytes of one file."""
    return FILES[name]().to_csv(index=False, lineterminator="\n").encode()


if __name__ == "__main__":
    for name in FILES:
        (FOLDER / name).write_bytes(content(name))

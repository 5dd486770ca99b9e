"""The Glossary page: the words of the program, one plain line each."""

import streamlit as st

from planner.ui import parts
from planner.ui.parts import md

GLOSSARY: dict[str, dict[str, str]] = {
    "Rows and labels": {
        "sample": "The file you brought; its labeled rows are what the pilot learns from.",
        "pool": "Every item the model could be trained on, the labeled rows of the sample included.",
        "labels": "Training labels in all, those you already have included.",
        "labels to buy": "Labels beyond those of the sample; costs and headlines speak of these.",
        "label everything": "Buy all labels that are left at random, in one go, with no setup for active learning.",
        "random to the same score": "As many random labels as reach the score of the active option.",
        "do nothing": "Keep today's process; unless you say its score, the same as stopping at the sample.",
        "stop at the sample": "Train on the labels you have and buy none.",
        "active learning": "Let the model say which items to label next, in rounds, instead of drawing them at random.",
        "query strategy": "A rule by which active learning picks the next items.",
        "round": "One batch of labels bought and one new training of the model.",
        "exchange rate": "How many random labels one chosen label is worth from here on.",
    },
    "Scores": {
        "score": "How good the model is in the metric chosen, from 0 to 1; higher is better.",
        "point": "One hundredth of the score, such as from 91% to 92%.",
        "accuracy": "Share of rows whose class is predicted right.",
        "pilot": "Active learning replayed on labels you already paid for.",
        "committee": "Several models of the same labels; where they disagree, a label teaches most.",
        "outlier": "A row that lies far from its nearest rows; its label says little about others.",
        "group to watch": "A column that says which group a row belongs to; the worst group's score is watched.",
        "repeat": "One whole cutting of the sample into parts, each part being the test once.",
        "forecast": "The curve of the pilot carried on to the whole pool, with its doubt.",
        "8 in 10": "A range that holds the truth eight times in ten; one in ten is below it, one above.",
        "target": "The score you need; if not typed, the score with everything labeled minus the points given up.",
        "confidence in the target": "The share of forecasts that must reach a typed target for it to be within reach.",
        "back-test": "A part of the replay is hidden and forecast from the rest, to see how far the forecast misses.",
        "horizon light": "How many times the sample the advice reaches: green to 4, amber to 16, then red.",
    },
    "Money": {
        "value per point": "What 0.01 more of the score is worth to you, once or every year.",
        "value model": "How a better score turns into money: per point, per mistake, by what people no longer do.",
        "confidence bar": "How sure the model must be of a row to decide it without a person.",
        "launch bar": "The score without which nothing is launched; below it value is nothing but the penalty.",
        "price table": "Prices of a label that fall with the number ordered, and a smallest order.",
        "setup cost": "What it costs to get active learning running at all; random labeling does not pay it.",
        "cost per round": "What each round of active learning costs beside its labels.",
        "labels already paid": "Sunk: shown, but in no option's cost unless you ask for it.",
        "savings": "The cost of labeling everything minus the cost of the option, no value in it.",
        "net benefit": "Savings plus the gain in value, which is negative where some score is given up.",
        "ROI": "Net benefit divided by the cost of the option.",
        "stopping saves": "The part of the saving that comes from buying fewer labels.",
        "choosing saves": "The part of the saving that comes from choosing which items are labeled.",
        "next batch": "56% more labels than you have; it pays when its gain is worth more than its price.",
        "baseline": "What you would do otherwise; better off is measured against it.",
        "scenario": "The same sample under other inputs, with the advice worked out anew.",
        "regret": "How much less an option leaves, on average, than the one that turns out best.",
        "perfect information": "What knowing the learning curve before buying would be worth; no study is worth more.",
        "chance of a scenario": "How likely it comes true; the base has what is left of 100%.",
        "amount at stake": "What is lost with a row that is missed, from a column of your file.",
        "votes": "People who label the same item, the majority deciding; more votes make better labels and cost more.",
        "payback": "How long it takes until what an option brings has covered what it cost.",
        "switching value": "The value of one input at which the plan is worth exactly what its baseline is worth.",
        "workspace": "The one file on this computer that keeps your pilots, plans and scenarios until you delete them.",
        "break-even": "The value per point at which the next batch is worth exactly what it costs.",
    },
    "Verdicts": {
        "active": "Buy the recommended labels in rounds, picked by the strategy, then stop.",
        "stop early": "Buy the recommended labels, then stop; whether choosing them pays cannot be told yet.",
        "does not pay": "Active learning costs more than it saves here: buy at random.",
        "label all": "Labeling everything is the best you can do.",
        "enough": "No more labels are worth their price.",
        "refused": "The sample cannot carry a forecast; what is measured and what would help are said.",
    },
}


def show() -> None:
    """Draw the page."""
    with parts.sheet():
        st.title("The words, one line each", anchor=False)
        st.markdown("One meaning a word, the same on every page and in every file.")
        columns = st.columns(2, gap="large")
        for place, (title, lines) in enumerate(GLOSSARY.items()):
            with columns[place % 2]:
                st.header(title, anchor=False)
                st.markdown(md("\n\n".join(f"**{word[0].upper()}{word[1:]}.** {line}" for word, line in lines.items())))

"""Plan a labeling budget: sample, pilot, forecast, economics, plan."""

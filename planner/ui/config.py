"""Streamlit's settings: privacy, and the look of both themes. `.streamlit/config.toml` says the same."""

from typing import Any

CONFIG: dict[str, Any] = {
    "server.address": "127.0.0.1",  # the default listens on every interface
    "server.allowedHosts": ["127.0.0.1", "localhost"],
    "server.fileWatcherType": "none",
    "server.showEmailPrompt": False,
    "server.maxUploadSize": 200,
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "type",  # the whole text goes to the terminal only
    "global.disableWidgetStateDuplicationWarning": True,  # amounts worked out beside an input are put into it
    "client.showErrorLinks": False,  # they would send the error to a search engine
    "theme.font": "sans-serif",  # Source Sans and Source Serif come with Streamlit: no network
    "theme.headingFont": "serif",
    "theme.baseFontSize": 16,
    "theme.headingFontSizes": ["2.25rem", "1.5rem", "1.25rem", "1.125rem", "1rem", "0.875rem"],
    "theme.headingFontWeights": [600, 600, 600, 600, 600, 600],
    "theme.metricValueFontSize": "1.875rem",
    "theme.metricValueFontWeight": 600,
    "theme.baseRadius": "0.375rem",
    "theme.buttonRadius": "0.375rem",
    "theme.showWidgetBorder": True,
    "theme.linkUnderline": True,
    "theme.paddingTop": "0.75rem",
    "theme.paddingBottom": "4rem",
}

_LIGHT: dict[str, Any] = {
    "primaryColor": "#0A6AA6",
    "backgroundColor": "#FBFAF7",
    "secondaryBackgroundColor": "#F1EEE7",
    "textColor": "#0F1720",
    "linkColor": "#0A5F94",
    "borderColor": "#DDD8CD",
    "dataframeBorderColor": "#E6E1D7",
    "dataframeHeaderBackgroundColor": "#F5F2EB",
    "dataframeHeaderTextColor": "#4C5560",
    "greenColor": "#00735A",
    "greenTextColor": "#00604B",
    "greenBackgroundColor": "#E0F0EA",
    "yellowColor": "#8A6400",
    "yellowTextColor": "#6E5000",
    "yellowBackgroundColor": "#F8EFD3",
    "orangeColor": "#B84A00",
    "orangeTextColor": "#953C00",
    "orangeBackgroundColor": "#FBEBDD",
    "redColor": "#A8322A",
    "redTextColor": "#8C2820",
    "redBackgroundColor": "#F9E7E3",
    "blueColor": "#0A6AA6",
    "blueTextColor": "#0A5F94",
    "blueBackgroundColor": "#E3EEF5",
    "grayColor": "#5B6470",
    "grayTextColor": "#4C5560",
    "grayBackgroundColor": "#EFECE5",
    "chartCategoricalColors": ["#0A6AA6", "#B84A00", "#00735A", "#A8487C"],
}

_DARK: dict[str, Any] = {
    "primaryColor": "#1F7AB8",
    "backgroundColor": "#14181E",
    "secondaryBackgroundColor": "#1E242D",
    "textColor": "#E9E6DF",
    "linkColor": "#8CCBF2",
    "borderColor": "#343C47",
    "dataframeBorderColor": "#2C343F",
    "dataframeHeaderBackgroundColor": "#1B2129",
    "dataframeHeaderTextColor": "#B7BFC9",
    "greenColor": "#3DBE97",
    "greenTextColor": "#74D3B4",
    "greenBackgroundColor": "#143329",
    "yellowColor": "#E0B84C",
    "yellowTextColor": "#EBCB77",
    "yellowBackgroundColor": "#352C13",
    "orangeColor": "#F2955B",
    "orangeTextColor": "#F6B183",
    "orangeBackgroundColor": "#3B2617",
    "redColor": "#EF8A80",
    "redTextColor": "#F4A8A0",
    "redBackgroundColor": "#3E2120",
    "blueColor": "#56B4E9",
    "blueTextColor": "#8CCBF2",
    "blueBackgroundColor": "#17303F",
    "grayColor": "#A7B0BB",
    "grayTextColor": "#B7BFC9",
    "grayBackgroundColor": "#252C36",
    "chartCategoricalColors": ["#56B4E9", "#F2955B", "#3DBE97", "#E08FBD"],
}

CONFIG |= {f"theme.light.{name}": value for name, value in _LIGHT.items()}
CONFIG |= {f"theme.dark.{name}": value for name, value in _DARK.items()}

"""Everything our sheets and scripts ask of a browser, and since when Chromium has it. What is younger than the oldest
browser of docs/design.md is here with what happens without it; what is not here at all fails."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

OLDEST = 80
"""February 2020: desktops that nobody has updated for more than five years."""

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PROPERTIES = words(
    """
    align-items align-self animation animation-duration background background-color border border-bottom
    border-bottom-color border-bottom-width border-collapse border-color border-left border-left-color
    border-left-width border-radius border-right border-spacing border-style border-top border-top-color
    border-top-left-radius border-top-right-radius border-width bottom box-shadow box-sizing break-after
    break-inside clip color content cursor display fill flex flex-basis flex-direction flex-wrap float font
    font-family font-size font-style font-variant-numeric font-weight grid-column grid-gap grid-row
    grid-template-columns grid-template-rows height justify-content justify-self left letter-spacing
    line-height list-style margin margin-bottom margin-left margin-right margin-top max-height max-width
    min-height min-width object-fit opacity order outline outline-color outline-offset overflow overflow-wrap
    overflow-x overflow-y padding padding-bottom padding-left padding-right padding-top position resize right
    scroll-margin-top scroll-padding-top size stroke stroke-dasharray stroke-linejoin stroke-width
    table-layout text-align text-decoration text-decoration-color text-overflow top transform
    transition-duration vertical-align visibility white-space width word-break z-index -moz-appearance
    -webkit-appearance -webkit-box-orient -webkit-line-clamp -webkit-print-color-adjust
    -webkit-text-size-adjust
    """
)
FUNCTIONS = words(
    """
    attr calc min minmax rect repeat rgba rotate
    """
)
SELECTORS = words(
    """
    active after before empty first-child focus focus-within fullscreen hover last-child not nth-child
    placeholder root target -webkit-details-marker -webkit-inner-spin-button -webkit-outer-spin-button
    """
)
RULES = words(
    """
    media keyframes page
    """
)
UNITS = words(
    """
    % deg em fr mm ms pt px rem s vh vmax vw
    """
)
METHODS = words(
    """
    abs add addEventListener append appendChild assign call catch charAt clearTimeout click closest concat
    confirm contains createElement createObjectURL dispatchEvent drawImage exitFullscreen fetch findIndex
    focus forEach get getAttribute getComputedStyle getContext getDate getElementById getHours getItem
    getMinutes getMonth getPropertyValue getSelection hasAttribute indexOf isArray join json keys map
    matchMedia max min now observe open parse preventDefault print push querySelector querySelectorAll reduce
    remove removeAttribute removeItem replace requestFullscreen requestSubmit resolve revokeObjectURL round
    scrollIntoView select setAttribute setItem setTimeout shift slice some split stopImmediatePropagation
    stringify test then toBlob toFixed toLowerCase toString toggle trim unobserve newPlot register Date Error
    Event FormData Image IntersectionObserver Promise
    """
)
"""What the language and the browser offer by name; newPlot and register are calls of plotly's own."""

YOUNGER = {
    "gap": (84, "in a grid grid-gap does the same; beside it always"),
    "page": (85, "the sheet is printed upright"),
    "focus-visible": (86, "the ring of :focus stays, also for the mouse"),
    "text-underline-offset": (87, "the line stands closer to the word"),
    "accent-color": (93, "boxes are ticked in the browser's own colour"),
    "paint-order": (123, "in HTML; on SVG text since Chromium 35"),
    "print-color-adjust": (136, "-webkit-print-color-adjust does the same; beside it always"),
    "color-adjust": (999, "the name in old Firefox; -webkit-print-color-adjust beside it"),
}
"""Feature: the first Chromium that has it, and what an older one does instead."""
NESTED = re.compile(r"\{[^{}]*\{")
TOO_NEW = {
    "optional chaining": r"\?\.(?!\d)",
    "nullish": r"\?\?",
    "private field": r"this\.#",
}


def plain(path: Path) -> str:
    """The file without its comments."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    return re.sub(r"(?m)^\s*//.*$", "", text) if path.suffix == ".js" else text


def used_by(sheet: str) -> set[str]:
    """Properties, functions, selectors, rules and units of a sheet."""
    found = {f"@{name}" for name in re.findall(r"@([a-z-]+)", sheet)}
    for selector in re.findall(r"([^{};]+)\{", sheet):
        if not selector.strip().startswith("@"):
            found |= {f":{name}" for name in re.findall(r"::?([a-z-]+)", selector)}
    for block in re.findall(r"\{([^{}]*)\}", sheet):
        for declaration in filter(None, map(str.strip, block.split(";"))):
            name, _, value = declaration.partition(":")
            value = re.sub(r"#[0-9a-f]+|\"[^\"]*\"|var\([^)]*\)", "", value)
            found |= {name.strip()} if not name.startswith("--") else set()
            found |= {f"{function}()" for function in re.findall(r"([a-z-]+)\(", value)}
            found |= {f"1{unit}" for unit in re.findall(r"(?<![\w-])[\d.]+([a-z%]+)", value)}
    return found


KNOWN = (
    PROPERTIES
    | {f"{name}()" for name in FUNCTIONS}
    | {f":{name}" for name in SELECTORS}
    | {f"@{name}" for name in RULES}
    | {f"1{name}" for name in UNITS}
    | set(YOUNGER)
    | {f":{name}" for name in YOUNGER}
)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_sheet_asks_nothing_else(sheet: Path) -> None:
    text = plain(sheet)
    assert used_by(text) - KNOWN == set()
    rules = re.sub(r"@(media|keyframes|page)[^{]*\{", "", text)
    assert not NESTED.search(rules)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_what_an_older_browser_lacks_stands_beside_it(sheet: Path) -> None:
    for block in re.findall(r"\{([^{}]*)\}", plain(sheet)):
        names = {declaration.partition(":")[0].strip() for declaration in block.split(";")}
        assert "gap" not in names or "grid-gap" in names
        assert not names & {"print-color-adjust", "color-adjust"} or "-webkit-print-color-adjust" in names


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_asks_nothing_else(script: Path) -> None:
    text = plain(script)
    called = set(re.findall(r"\.([a-zA-Z]+)\(", text)) | set(re.findall(r"new ([A-Z]\w+)", text))
    own = set(re.findall(r"^\s+(\w+): function", text, flags=re.M))
    assert called - METHODS - own == set()
    assert [name for name, pattern in TOO_NEW.items() if re.search(pattern, text)] == []


def test_the_list_names_only_what_is_used() -> None:
    sheets = set().union(*(used_by(plain(sheet)) for sheet in SHEETS))
    known = KNOWN - {f":{name}" for name in YOUNGER} - set(YOUNGER)
    assert known - sheets == set()
    called = set()
    for script in SCRIPTS:
        called |= set(re.findall(r"\.([a-zA-Z]+)\(", plain(script))) | set(re.findall(r"new ([A-Z]\w+)", plain(script)))
    assert METHODS - called == set()
    used = {name.strip(":") for name in sheets}
    assert {name for name, (since, _) in YOUNGER.items() if since <= OLDEST or name not in used} == set()

"""Where in a TOML text each key stands, so that a mistake can name its line.

tomllib forgets line numbers. This scanner is only run on text that tomllib has accepted, so it
need not judge the grammar: it follows headers, keys, and values that run over several lines.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Location = tuple[int | str, ...]

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]\]?")
_ASSIGNMENT = re.compile(rf"\s*({_DOTTED})\s*=")
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|'
    r"'''.*?'''|"
    r'"(?:[^"\\\n]|\\.)*"|'
    r"'[^'\n]*'|#[^\n]*|[\[\]{}\n]",
    re.DOTALL,
)


def line_numbers(text: str) -> dict[Location, int]:
    """Map the path of every table and key to the line (from 1) it first stands on."""
    numbers: dict[Location, int] = {}
    counts: dict[Location, int] = {}
    table: Location = ()
    for line, statement in _statements(text):
        if header := _HEADER.match(statement):
            table = _resolve(_parts(header[2]), counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, 0) + 1
                table = (*table, counts[table] - 1)
            _note(numbers, table, line)
        elif assignment := _ASSIGNMENT.match(statement):
            _note(numbers, table + _parts(assignment[1]), line)
    return numbers


def line_of(numbers: Mapping[Location, int], location: Location) -> int:
    """Line of the key, or of the nearest table around it; 1 where neither was written."""
    for length in range(len(location), 0, -1):
        if location[:length] in numbers:
            return numbers[location[:length]]
    return 1


def _note(numbers: dict[Location, int], path: Location, line: int) -> None:
    """`a.b = 1` also tells where `a` begins."""
    for length in range(1, len(path) + 1):
        numbers.setdefault(path[:length], line)


def _statements(text: str) -> list[tuple[int, str]]:
    """Split into statements: line breaks inside strings and brackets do not end one."""
    found: list[tuple[int, str]] = []
    text = text.replace("\r\n", "\n") + "\n"
    start, line, first, depth = 0, 1, 1, 0
    for token in _TOKEN.finditer(text):
        piece = token[0]
        line += piece.count("\n")
        depth += (piece in "[{") - (piece in "]}")
        if piece == "\n" and depth == 0:
            found.append((first, text[start : token.start()]))
            start, first = token.end(), line
    return found


def _resolve(path: Location, counts: Mapping[Location, int]) -> Location:
    """Point [a.b] below [[a]] at the last element of a."""
    resolved: Location = ()
    for index, part in enumerate(path):
        resolved = (*resolved, part)
        if index < len(path) - 1 and resolved in counts:
            resolved = (*resolved, counts[resolved] - 1)
    return resolved


def _parts(dotted: str) -> Location:
    return tuple(part.strip("\"'") for part in re.findall(_KEY, dotted))

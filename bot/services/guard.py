"""The patient-data guard: what looks like a patient's data is stopped before it is stored, logged or sent.

A pattern check cannot catch everything and says so. Rules: EU 2016/679 art. 9 (health data), the Dutch law on
citizen service numbers (BSN), and medical secrecy. A blocked text is shown back to its author only.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from stdnum.nl import bsn


class GuardRule(StrEnum):
    """What a text looks like."""

    BSN = "bsn"
    PATIENT_NUMBER = "patient_number"
    BIRTH_DATE = "birth_date"
    PATIENT_NAME = "patient_name"
    CASE = "case"


BLOCKING = frozenset({GuardRule.BSN, GuardRule.PATIENT_NUMBER, GuardRule.BIRTH_DATE})

_DATE = (
    r"\d{4}-\d{2}-\d{2}|\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}"
    r"|\d{1,2} (?:jan|feb|maart|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec)\w*\.? \d{4}"
)
_COUNTRY = r"(?<!\+31 )(?<!0031 )(?<!\(0\))"  # then it is a phone number
_NINE_DIGITS = re.compile(
    rf"(?<![\d.,-]){_COUNTRY}(?:\d{{9}}|\d{{4}}\.\d{{2}}\.\d{{3}}"
    r"|(?<!\d{3} )\d{3} \d{3} \d{3}(?! \d{3}(?!\d)))(?![\d]|[.,-]\d)"
)
_NAMED_BSN = re.compile(r"(?:bsn|burgerservicenummer)\D{0,5}(\d{8,9})(?!\d)", re.IGNORECASE)
_CAPITALS = "".join(letter for letter in map(chr, range(0x180)) if letter.isupper())
_PATTERNS = {
    GuardRule.PATIENT_NUMBER: re.compile(
        r"\b(?:(?:pati[eë]nt|pat)\.?[ -]?(?:nr|nummer|no)|MRN|EPD[ -]?(?:nr|nummer)|dossier(?:nr|nummer)?)"
        r"\W{0,4}\d{4,}"
        r"|\b(?:pati[eë]nt|pat\.?)[ :#-]{0,2}(?!(?:19|20)\d\d\b)\d{4,}",
        re.IGNORECASE,
    ),
    GuardRule.BIRTH_DATE: re.compile(
        rf"(?:\bgeb\.?|\bgeboren(?: op)?|\bgeboortedatum|°|\bg\.?d\.?|\bborn(?: on)?|\bDOB)[\s:]*(?:{_DATE})",
        re.IGNORECASE,
    ),
    GuardRule.PATIENT_NAME: re.compile(
        r"\b(?:(?:[Mm]w|[Mm]evr|[Dd]hr|[Mm]rs|[Mm]r)(?:\.\s*|\s+)|(?:[Mm]evrouw|[Mm]eneer|[Pp]ati[eë]nte?)\s+)"
        rf"(?:(?:van|de|der|den|het|ten|ter|el|al)\s+){{0,3}}[{_CAPITALS}]"
    ),
    GuardRule.CASE: re.compile(
        r"\b(?:vrouw|man|pati[eë]nte?|jongen|meisje|woman|patient)\b[^.]{0,20}?\b\d{1,3}\b(?! ?%)(?! ?(?:van|of)\b)"
        r"|\b\d{1,3}[ -]?(?:jarige|year-old)\b|\b(?:kamer|bed|room)[ -]?\d+"
        r"|\boverleden\b[^.]{0,30}\b\d{1,3} jaar|\b\d{1,3} jaar\b[^.]{0,30}\boverleden\b",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True)
class Finding:
    """What a text looks like; `blocks` when it may not pass at all."""

    rules: frozenset[GuardRule]

    @property
    def blocks(self) -> bool:
        """Whether one of the rules forbids the text; otherwise its author decides."""
        return bool(self.rules & BLOCKING)

    def __bool__(self) -> bool:
        return bool(self.rules)


def inspect(text: str) -> Finding:
    """What in this text looks like a patient's data."""
    found = {rule for rule, pattern in _PATTERNS.items() if pattern.search(text)}
    if _has_citizen_number(text):
        found.add(GuardRule.BSN)
    return Finding(frozenset(found))


def _has_citizen_number(text: str) -> bool:
    """Nine digits in the ways a BSN is written, passing the eleven-test; eight only after the word.

    Free separators would match lists of values and dates by accident.
    """
    candidates = _NINE_DIGITS.findall(text) + _NAMED_BSN.findall(text)
    return any(bsn.is_valid(re.sub(r"\D", "", candidate).zfill(9)) for candidate in candidates)

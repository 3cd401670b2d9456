"""Names of units and leaders in a ledger, resolved to the roster or asked about once each."""

from __future__ import annotations

from projects.excel.readings import ProjectRow
from projects.selectors.imports.known import Known
from projects.selectors.imports.questions import NEW_ANSWER, SKIP, Answers, Question, about_person, about_unit
from projects.selectors.imports.targets import NEW, Ref


class Names:
    """Resolves row by row and collects the questions of the whole ledger."""

    def __init__(self, known: Known, answers: Answers) -> None:
        self._known, self._answers = known, answers
        self._units: dict[str, Ref | None] = {}
        self._people: dict[str, Ref | None] = {}
        self.questions: list[Question] = []

    def resolve(self, row: ProjectRow) -> tuple[dict[str, Ref], dict[str, Ref]]:
        """Units and leaders of the row by the name written; what is not imported is left out."""
        units: dict[str, Ref] = {}
        for key, names in (("units", row.value("units")), ("co_units", row.extra.get("co_units"))):
            for name in names or ():
                if (ref := self._unit(name, row.sheet, row.cell(key) or "")) is not None:
                    units[name] = ref
        people: dict[str, Ref] = {}
        for name in row.value("leaders") or ():
            if (ref := self._person(name, row.sheet, row.cell("leaders") or "")) is not None:
                people[name] = ref
        return units, people

    def _unit(self, name: str, sheet: str, cell: str) -> Ref | None:
        if name not in self._units:
            found: Ref | None = self._known.unit_id(name)
            if found is None:
                question = about_unit(name, sheet, cell, self._known, self._answers)
                self.questions.append(question)
                found = _answered(question, "unit")
            self._units[name] = found
        return self._units[name]

    def _person(self, name: str, sheet: str, cell: str) -> Ref | None:
        if name not in self._people:
            same = self._known.leader_ids(name)
            found: Ref | None = same[0] if len(same) == 1 else None
            if found is None:
                question = about_person(name, sheet, cell, self._known, self._answers)
                self.questions.append(question)
                found = _answered(question, "officer")
            self._people[name] = found
        return self._people[name]


def _answered(question: Question, prefix: str) -> Ref | None:
    """What the answer, or else the default, makes of a name. An open question resolves to nothing yet."""
    answer = question.answer or question.default
    if answer is None or answer == SKIP:
        return None
    if answer == NEW_ANSWER:
        return f"{NEW}{question.subject}"
    _, _, pk = answer.partition(f"{prefix}:")
    return int(pk) if pk.isdigit() else None

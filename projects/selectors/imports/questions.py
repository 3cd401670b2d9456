"""What a ledger leaves open, as questions with answers to choose from (docs/imports.md, Questions).

Answers are kept on the import by kind and subject: `{"project": {"工业!12": "new"}}`. A question has a cautious default
where not answering does no harm: nothing is ever merged by default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from projects.excel.readings import Message, SheetReading
from projects.excel.text import squeeze
from projects.excel.vocabulary import TITLES
from projects.rules.naming import similarity
from projects.selectors.imports.known import Known

Answers = Mapping[str, Mapping[str, Any]]
"""By kind, then by subject."""
IGNORE = "ignore"
SKIP = "skip"
NEW_ANSWER = "new"
_NEAR_UNIT = Decimal("0.5")
_ABOUT_NAMES = frozenset({"header", "unit", "person", "near_person", "split"})


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """`default` is what counts without an answer; without one the import waits for the answer. With `free` a text may
    be typed instead of choosing. `sure` ones need nobody: they show how something was read, and let it be changed."""

    kind: str
    subject: str
    text: str
    options: tuple[Option, ...]
    sheet: str = ""
    cell: str = ""
    default: str | None = None
    answer: str | None = None
    free: bool = False
    sure: bool = False

    @property
    def id(self) -> str:
        """Names the question in forms and answer files: by the name it is about, else by its place in the ledger.

        Several names may stand in one cell, so the place alone would not tell their questions apart.
        """
        if self.kind in _ABOUT_NAMES or not self.sheet:
            return f"{self.kind}@{self.subject}"
        return f"{self.kind}@{self.sheet}!{self.cell}" if self.cell else f"{self.kind}@{self.sheet}"

    @property
    def is_open(self) -> bool:
        """The import cannot go on without an answer."""
        return self.answer is None and self.default is None


def cautious(question: Question) -> str | None:
    """The answer that merges and changes nothing, for commands that cannot ask; None where there is no such answer."""
    if question.default is not None:
        return question.default
    if question.kind in ("project", "near_person"):
        return NEW_ANSWER
    if question.kind == "split":
        return question.subject
    return SKIP if question.kind == "person" else None


def answer_to(answers: Answers, kind: str, subject: str) -> str | None:
    value = answers.get(kind, {}).get(subject)
    return str(value) if value is not None else None


def from_message(message: Message, answers: Answers) -> Question | None:
    """The question behind a reader's message; None when it only tells. What was answered is read anew with the answer,
    so the reader asks no more."""
    if message.level != "question":
        return None
    subject = message.subject
    ask = partial(Question, sheet=message.sheet, cell=message.cell or "")
    if message.topic == "amount_unit":
        units = tuple(Option(unit, unit) for unit in ("万元", "亿元", "元", "千元", "百万元"))
        return Question("amount_unit", message.sheet, message.text, units, sheet=message.sheet)
    if message.topic == "header":
        return ask("header", subject, message.text, _columns(message.guess), default=IGNORE)
    if message.topic == "person_name" and message.guess:
        options = (
            Option(f"same:{message.guess}", f"是，写错了，应为{message.guess}"),
            Option(NEW_ANSWER, f"不是，{subject}是另一位领导"),
        )
        return ask("near_person", subject, message.text, options)
    if message.topic in ("unit_name", "person_name"):
        text = f"{message.text}如是几个，请用顿号分开写出。"
        return ask("split", subject, text, (Option(subject, "就是一个名称"),), free=True)
    if message.topic == "date" and message.cell:
        text = f"{message.text}（原文“{subject}”）"
        return ask("cell", f"{message.sheet}!{message.cell}", text, (), default="", free=True)
    return None


def about_columns(sheets: Iterable[SheetReading], answers: Answers) -> list[Question]:
    """How every column was read that has a meaning or was answered; two sheets with one header share the question."""
    found: dict[str, Question] = {}
    for sheet in sheets:
        for column in sheet.columns:
            answer = answer_to(answers, "header", column.header)
            if column.key is None and answer is None:
                continue
            key = column.key if column.key in TITLES else IGNORE
            text = f"“{column.header}”这一列"
            question = Question("header", column.header, text, _columns(key), default=key, answer=answer, sure=True)
            found.setdefault(column.header, question)
    return list(found.values())


def _columns(guess: str | None) -> tuple[Option, ...]:
    keys = [key for key in TITLES if key != IGNORE]
    keys.sort(key=lambda key: key != guess)
    return (*(Option(key, TITLES[key]) for key in keys), Option(IGNORE, "不导入"))


def about_unit(name: str, sheet: str, cell: str, known: Known, answers: Answers) -> Question:
    """An unknown unit: new, or another name of a known one."""
    squeezed = squeeze(name)
    scored = sorted(
        ((similarity(squeezed, other), pk) for other, pk in known.units_by_name.items()),
        key=lambda pair: (-pair[0], pair[1]),
    )
    likely = dict.fromkeys(pk for score, pk in scored if score >= _NEAR_UNIT)
    others = [pk for pk in known.units if pk not in likely]
    options = [Option(NEW_ANSWER, f"新增单位“{name}”")]
    options += [Option(f"unit:{pk}", f"就是{known.units[pk].name}（记为别名）") for pk in (*likely, *others)]
    options.append(Option(SKIP, "不导入该单位"))
    return Question(
        "unit",
        name,
        f"单位“{name}”不在单位名册中。",
        tuple(options),
        sheet=sheet,
        cell=cell,
        default=NEW_ANSWER,
        answer=answer_to(answers, "unit", name),
    )


def about_person(name: str, sheet: str, cell: str, known: Known, answers: Answers) -> Question:
    """An unknown leader: new on the roster, or another spelling of a known one. Namesakes are told apart by post."""
    same = known.leader_ids(name)
    options = [
        Option(f"officer:{pk}", f"{known.officers[pk].name}（{known.officers[pk].post or '职务未填'}）") for pk in same
    ]
    text = f"名册中有{len(same)}位“{name}”，是哪一位？"
    if not same:
        text = f"包联领导“{name}”不在名册中。"
        options = [Option(NEW_ANSWER, f"新增县级领导“{name}”")]
        options += [
            Option(f"officer:{officer.pk}", f"就是{officer.name}（记住此写法）") for officer in known.officers.values()
        ]
        options.append(Option(SKIP, "不导入"))
    return Question(
        "person",
        name,
        text,
        tuple(options),
        sheet=sheet,
        cell=cell,
        default=None if same else NEW_ANSWER,
        answer=answer_to(answers, "person", name),
    )


def about_project(
    name: str, sheet: str, row: int, cell: str, near: Iterable[int], known: Known, answers: Answers
) -> Question:
    """A row whose name is near that of a project no other row means."""
    options = []
    for pk in near:
        project = known.projects[pk].project
        options.append(Option(f"same:{pk}", f"就是“{project.name}”（{project.code}），沿用原名"))
        options.append(Option(f"rename:{pk}", f"就是“{project.name}”（{project.code}），改用新名"))
    options.append(Option(NEW_ANSWER, "是新项目"))
    subject = f"{sheet}!{row}"
    text = f"“{name}”与已有项目名称相近，是同一个项目吗？"
    return Question(
        "project",
        subject,
        text,
        tuple(options),
        sheet=sheet,
        cell=cell,
        answer=answer_to(answers, "project", subject),
    )


def about_missing(project: int, known: Known, answers: Answers) -> Question:
    """A project of the year's list that this ledger does not name: asked about, never removed by itself."""
    state = known.projects[project]
    subject = state.project.code
    return Question(
        "missing",
        subject,
        f"“{state.project.name}”在本年清单中，但不在本次台账里。",
        (Option("keep", "保留在清单中"), Option("removed", "调出清单")),
        default="keep",
        answer=answer_to(answers, "missing", subject),
    )

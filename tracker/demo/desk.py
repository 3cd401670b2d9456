"""What the offices file and move in the demonstration: documents of some projects, dates after a flood, a request."""

from __future__ import annotations

import datetime as dt

from projects.enums import DocumentKind, MilestoneKind, MilestoneWeight
from projects.models import Milestone, Project, ProjectDocument
from projects.services import documents, milestones
from tracker.demo import drawings
from tracker.demo.founding import Cast, moment

EVERY = 6
"""One project in so many has its papers in the system."""


def work(cast: Cast, year: int, month: int, now: dt.datetime) -> None:
    """What happens on the desks in this month of the current year, as far as `now`."""
    acts = {3: _file_papers, 7: _move_after_the_flood, 11: _ask_for_time}
    act = acts.get(month)
    at = moment(dt.date(year, month, 12), 10)
    if act is not None and at <= now:
        act(cast, at)


def _file_papers(cast: Cast, at: dt.datetime) -> None:
    filed = None
    for project in list(cast.projects.values())[::EVERY]:
        _file(cast, project, DocumentKind.APPROVAL, "可行性研究报告批复", f"青发改审〔{at.year}〕{project.pk}号", at)
        if cast.specs[project.pk].annual_class == "carry_over":
            filed = _file(
                cast, project, DocumentKind.PERMIT, "建筑工程施工许可证", f"青建许〔{at.year}〕{project.pk}号", at
            )
            _file(cast, project, DocumentKind.PHOTO, "施工现场照片", "", at)
    if filed is not None:
        documents.void(document=filed, reason="扫描件缺页，另行上传", actor=cast.users["zhongdian"], at=at)


def _file(
    cast: Cast, project: Project, kind: DocumentKind, title: str, number: str, at: dt.datetime
) -> ProjectDocument:
    is_photo = kind is DocumentKind.PHOTO
    return documents.add(
        project=project,
        kind=kind,
        data=drawings.site(project.sector, project.pk, 0.2, at) if is_photo else paper(f"{project.name} {title}"),
        filename=f"{title}.{'jpg' if is_photo else 'pdf'}",
        document_no=number,
        dated_on=at.date() - dt.timedelta(days=20),
        actor=cast.users["zhongdian"],
        at=at,
    )


def _move_after_the_flood(cast: Cast, at: dt.datetime) -> None:
    """The sites that stood still in the rain get later dates, the finish by an issued document."""
    for node in _open_nodes(cast, "excused", at):
        strict = node.weight != MilestoneWeight.ORDINARY
        milestones.move(
            milestone=node,
            new_due=node.due_on + dt.timedelta(days=45),
            reason="汛期停工，经县政府专题会议研究顺延",
            document_no=f"青府专纪〔{at.year}〕15号" if strict else "",
            actor=cast.users["zhongdian"],
            at=at,
        )


def _ask_for_time(cast: Cast, at: dt.datetime) -> None:
    """A unit asks for a later date; the office has not decided yet."""
    for node in _open_nodes(cast, "slow", at)[:1]:
        clerk = cast.users.get(cast.specs[node.project_id].unit)
        if clerk is not None and node.kind == MilestoneKind.NODE:
            milestones.request_move(
                milestone=node,
                new_due=at.date() + dt.timedelta(days=75),
                reason="设备到货推迟，安装调试顺延",
                actor=clerk,
                at=at,
            )


def _open_nodes(cast: Cast, character: str, at: dt.datetime) -> list[Milestone]:
    wanted = [pk for pk, spec in cast.specs.items() if spec.character == character]
    rows = Milestone.objects.filter(project__in=wanted, done_on=None, created_at__lt=at, void_reason="")
    return list(rows.exclude(kind=MilestoneKind.START).select_related("project").order_by("due_on", "pk"))


def paper(words: str) -> bytes:
    """A page of A4 that says these words, in the font that every reader of Chinese PDF brings along."""
    text = f"BT /F1 16 Tf 60 760 Td <{words.encode('utf-16-be').hex()}> Tj ET".encode()
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font"
        b"/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>]>>"
    )
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        font,
    )
    file, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(file))
    return file + head + table + trailer

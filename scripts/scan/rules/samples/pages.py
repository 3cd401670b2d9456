import datetime


def look(text, request, form, archive):
    # ruleid: safe-mark-on-something-built
    mark_safe(f"<b>{text}</b>")
    # ruleid: safe-mark-on-something-built
    SafeString(text)
    # ok: safe-mark-on-something-built
    mark_safe("<b>yes</b>")
    # ruleid: format-html-of-a-built-string
    format_html(f"<b>{text}</b>")
    # ruleid: format-html-of-a-built-string
    format_html("<b>" + text + "</b>")
    # ok: format-html-of-a-built-string
    format_html("<b>{}</b>", text)
    # ruleid: page-from-a-string
    HttpResponse(text)
    # ok: page-from-a-string
    HttpResponse(text, content_type="text/plain")


# ruleid: csrf-off
@csrf_exempt
def act(request):
    target = request.GET.get("next", "")
    # ruleid: redirect-to-what-was-asked
    return redirect(target)


def act_safely(request):
    target = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}):
        # ok: redirect-to-what-was-asked
        return redirect(target)
    # ok: redirect-to-what-was-asked
    return redirect("home")


def act_elsewhere(request):
    # ruleid: redirect-to-what-was-asked
    return HttpResponseRedirect(request.headers["Referer"])


def send(file):
    # ruleid: file-shown-inside-a-page
    FileResponse(file, content_type="image/png")
    # ok: file-shown-inside-a-page
    FileResponse(file, as_attachment=True)


class AnyForm:
    class Meta:
        # ruleid: every-field-of-the-form
        fields = "__all__"


class NamedForm:
    class Meta:
        # ok: every-field-of-the-form
        fields = ["name"]


def keep(request, form):
    # ruleid: every-field-of-the-form, rows-that-visible-to-did-not-choose
    Project.objects.create(**form.cleaned_data)
    # ruleid: every-field-of-the-form
    update(project, **request.POST.dict())
    # ok: every-field-of-the-form
    update(project, name=form.cleaned_data["name"])


def find(request, pk):
    # ruleid: rows-that-visible-to-did-not-choose
    Project.objects.all()
    # ruleid: rows-that-visible-to-did-not-choose
    Project.objects.filter(pk=pk)
    # ruleid: rows-that-visible-to-did-not-choose
    get_object_or_404(Project, pk=pk)
    # ok: rows-that-visible-to-did-not-choose
    project = Project.objects.visible_to(request.access).get(pk=pk)
    # ok: rows-that-visible-to-did-not-choose
    Milestone.objects.filter(project=project)
    # ok: rows-that-visible-to-did-not-choose
    get_object_or_404(Project.objects.visible_to(request.access), pk=pk)

"""Pages of the supervision app. Every name here must stand in `projects.permissions.URL_ACTIONS`."""

from __future__ import annotations

from django.urls import path

from supervision.views import dashboard, notices, operations, rankings, snapshots, todo, workbench

urlpatterns = [
    path("reports/", todo.report_todo, name="report_todo"),
    path("workbench/", workbench.workbench, name="workbench"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/screen/", dashboard.dashboard_screen, name="dashboard_screen"),
    path("dashboard/figures/", dashboard.dashboard_figures, name="dashboard_figures"),
    path("rankings/", rankings.rankings, name="rankings"),
    path("rankings/export/", rankings.ranking_export, name="ranking_export"),
    path("rankings/compare/<slug:board>/", rankings.ranking_compare, name="ranking_compare"),
    path("rankings/history/<slug:board>/<int:subject_id>/", rankings.ranking_history, name="ranking_history"),
    path("rankings/compare/<slug:board>/export/", rankings.ranking_compare_export, name="ranking_compare_export"),
    path(
        "rankings/history/<slug:board>/<int:subject_id>/export/",
        rankings.ranking_history_export,
        name="ranking_history_export",
    ),
    path("rankings/take/", snapshots.snapshot_take, name="snapshot_take"),
    path("rankings/<int:snapshot_id>/publish/", snapshots.snapshot_publish, name="snapshot_publish"),
    path("rankings/<int:snapshot_id>/supersede/", snapshots.snapshot_supersede, name="snapshot_supersede"),
    path("rankings/<int:snapshot_id>/<slug:board>/<int:subject_id>/", rankings.ranking_explain, name="ranking_explain"),
    path("inbox/", notices.inbox, name="inbox"),
    path("inbox/<int:pk>/", notices.notice, name="notice"),
    path("inbox/<int:pk>/read/", notices.notice_read, name="notice_read"),
    path("inbox/<int:pk>/acknowledge/", notices.notice_acknowledge, name="notice_acknowledge"),
    path("notices/", notices.notice_batches, name="notice_batches"),
    path("notices/preview/", notices.notice_preview, name="notice_preview"),
    path("notices/issue/", notices.notice_issue, name="notice_issue"),
    path("notices/remind/<slug:key>/", notices.notice_remind, name="notice_remind"),
    path("notices/<slug:kind>/<slug:period_key>/", notices.notice_batch, name="notice_batch"),
    path("operations/", operations.operations, name="operations"),
    path("operations/jobs/<slug:name>/run/", operations.job_run, name="job_run"),
    path("operations/runs/<int:pk>/retry/", operations.job_retry, name="job_retry"),
    path("operations/deliveries/<int:pk>/retry/", operations.delivery_retry, name="delivery_retry"),
]

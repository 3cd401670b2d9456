"""Pages of the fact app. Every name here must stand in `projects.permissions.URL_ACTIONS`."""

from __future__ import annotations

from django.urls import path

from projects.views import flags, home, periods, plans, projects, reports, reviews, session, workbench

urlpatterns = [
    path("", home.home, name="home"),
    path("as-of/", home.as_of, name="as_of"),
    path("sign-in/", session.sign_in, name="sign_in"),
    path("sign-out/", session.sign_out, name="sign_out"),
    path("password/", session.password_change, name="password_change"),
    path("projects/", projects.project_list, name="project_list"),
    path("projects/export/", projects.project_export, name="project_export"),
    path("projects/new/", projects.project_create, name="project_create"),
    path("projects/<int:pk>/", projects.project, name="project"),
    path("projects/<int:pk>/edit/", projects.project_edit, name="project_edit"),
    path("projects/<int:pk>/people/", projects.project_people, name="project_people"),
    path("projects/<int:pk>/stage/", projects.stage_set, name="stage_set"),
    path("projects/<int:pk>/start/", projects.start_confirm, name="start_confirm"),
    path("projects/<int:pk>/completion/", projects.completion_confirm, name="completion_confirm"),
    path("projects/<int:pk>/inclusion/", projects.inclusion_set, name="inclusion_set"),
    path("projects/<int:pk>/override/", projects.light_override, name="light_override"),
    path(
        "projects/<int:pk>/override/<int:override>/withdraw/",
        projects.light_override_withdraw,
        name="light_override_withdraw",
    ),
    path("projects/<int:pk>/plan/", plans.plan_propose, name="plan_propose"),
    path("projects/<int:pk>/plan/<int:plan>/", plans.plan_decide, name="plan_decide"),
    path("projects/<int:pk>/milestones/new/", plans.milestone_add, name="milestone_add"),
    path("projects/<int:pk>/milestones/<int:milestone>/move/", plans.milestone_move, name="milestone_move"),
    path("projects/<int:pk>/moves/<int:move>/", plans.milestone_decide, name="milestone_decide"),
    path(
        "projects/<int:pk>/milestones/<int:milestone>/complete/", plans.milestone_complete, name="milestone_complete"
    ),
    path("projects/<int:pk>/milestones/<int:milestone>/confirm/", plans.milestone_confirm, name="milestone_confirm"),
    path("reports/", reports.report_todo, name="report_todo"),
    path("reports/<int:expected_id>/entry/", reports.report_entry, name="report_entry"),
    path("reports/<int:expected_id>/draft/", reports.report_draft, name="report_draft"),
    path("reports/<int:expected_id>/no-change/", reports.report_no_change, name="report_no_change"),
    path("reports/<int:expected_id>/submitted/", reports.report_submitted, name="report_submitted"),
    path("reports/<int:expected_id>/correct/", reports.report_correct, name="report_correct"),
    path("reports/<int:pk>/", reports.report, name="report"),
    path("reviews/", reviews.review_queue, name="review_queue"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("flags/", flags.flag_list, name="flag_list"),
    path("flags/<int:pk>/settle/", flags.flag_settle, name="flag_settle"),
    path("periods/", periods.period_list, name="period_list"),
    path("periods/<slug:key>/", periods.period, name="period"),
    path("periods/<slug:key>/edit/", periods.period_edit, name="period_edit"),
    path("periods/waive/<int:expected_id>/", periods.period_waive, name="period_waive"),
    path("workbench/", workbench.workbench, name="workbench"),
]

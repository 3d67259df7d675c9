"""What can go wrong with the data of the warehouse: one defect each, planted in good data, and what must come of it.

Belongs here: the defects, the expectations that must catch each, and what they do about it. docs/defects.md is this table.
Does not: where they are planted (bench.py), trying them (test_defects.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from pipelines.quality.audit import Result
from tests.quality.bench import RUN, Bench
from tests.quality.house import NEXT

OF_ONE = "where metric_id = 'edoc_signed_share'"
FIRST_FACT = "where observation_id = (select min(observation_id) from core.fact_observation)"
TARGET = (
    "insert into core.fact_target values ('t', 'edoc_signed_share', '{level}', '{place}', {year}, '{year}-12-31', 'ge',"
    " {value}, 'percent', '1/QĐ-TTg', '2024-01-01', 'https://vanban.example/1', true, null)"
)
FACT = "update core.fact_observation set {} where run_id = '" + RUN + "'"


class Defect(NamedTuple):
    """``caught`` are all the expectations and checks that fail. ``outcome``: blocked (nothing is published), quarantined (the
    row, the rest passes), warned, noted (info).
    """

    id: str
    says: str
    caught: str
    outcome: str
    plant: Callable[[Bench], list[Result]]


def _lost_point(bench: Bench, metric: str, by: int) -> None:
    value, _ = bench.latest(metric)
    bench.fact(metric, value / by)


def _changed(bench: Bench, metric: str, change: Callable[[float], float]) -> None:
    value, _ = bench.latest(metric)
    bench.fact(metric, change(value))


def _stands_still(bench: Bench) -> None:
    for day in ("2024-03-31", "2024-07-31", "2024-12-31", "2025-03-31", "2025-04-30"):
        bench.fact("online_submission_share", 55.3, "nhandan", date.fromisoformat(day))


def _contradiction(bench: Bench, source: str) -> None:
    value, day = bench.latest("qr_payment_coverage")
    bench.fact("qr_payment_coverage", value + 6, source, day, place_key=bench.house.places["bao_camau"])


def _target_missed(bench: Bench) -> None:
    bench.sql(TARGET.format(level="national", place="VN", year=2024, value=90))
    bench.fact("edoc_signed_share", 70, "nhandan", date(2024, 12, 31))


def _no_yield(bench: Bench) -> None:
    documents = [bench.house.document("bao_camau", NEXT, [], platform_id=str(number))[0] for number in range(20)]
    bench.house.land(bench.database, documents, RUN)
    bench.sql(
        "insert into core.document_reading select document_id, 'synthetic', 0, 0, recorded_at, run_id"
        f" from core.document_version where run_id = '{RUN}'"
    )


def _more_in_quarantine(bench: Bench) -> None:
    bench.sql(
        "insert into ops.run by name select max(sequence) + 1 as sequence, now() as finished_at, 'x' as extractor_version,"
        f" 5 as documents, 0 as rejected, 10 as observations, 15 as quarantined, 0 as retracted, '{RUN}' as run_id from ops.run"
    )
    bench.sql(
        f"insert into core.quarantine_observation by name select * replace ('{RUN}' as run_id, 'place_is_known' as expectation)"
        " from core.quarantine_observation limit 15"
    )


DEFECTS = [
    # Documents
    Defect("text_twice", "the same bytes converted twice", "document_id_is_unique", "blocked",
           lambda b: b.document(again=True)),
    Defect("text_empty", "a document without text", "document_has_text", "blocked", lambda b: b.document(text=" \n")),
    Defect("source_unknown", "a source that sources.yaml lacks", "source_is_known", "blocked",
           lambda b: b.document(source_id="?")),
    Defect("text_not_nfc", "a text that is not in NFC", "text_is_nfc", "blocked",
           lambda b: b.document(text="Ca\u0300 Mau 80%")),
    Defect("text_illegible", "a text of undecodable characters", "text_is_legible", "warned",
           lambda b: b.document(text="C� M�u")),
    Defect(
        "dated_ahead", "a document dated next year", "document_not_dated_ahead", "warned",
        lambda b: b.document(dated=NEXT + timedelta(days=365)),
    ),
    Defect("undated", "documents without a date", "most_documents_are_dated", "warned",
           lambda b: b.document(published_on=None)),
    # Rows that the reader stages
    Defect("metric_unknown", "a metric that the catalogue lacks", "metric_is_known unit_fits_metric", "quarantined",
           lambda b: b.row(metric_id="no_such_metric")),
    Defect("metric_null", "no metric", "metric_is_known unit_fits_metric", "quarantined", lambda b: b.row(metric_id=None)),
    Defect("place_unknown", "a place key that is none", "place_is_known", "quarantined",
           lambda b: b.row(place_key="19/2025:0:x")),
    Defect("place_null", "no place", "place_is_known", "quarantined", lambda b: b.row(place_key=None)),
    Defect("platform_unknown", "a system that the catalogue lacks", "platform_is_known", "quarantined",
           lambda b: b.row(platform_id="x")),
    Defect("period_null", "no period", "period_is_known", "quarantined", lambda b: b.row(period_end=None, period_start=None)),
    Defect("period_half", "a period without its first day", "period_is_ordered", "quarantined",
           lambda b: b.row(period_start=None)),
    Defect("period_reversed", "a period that ends before it begins", "period_is_ordered", "quarantined",
           lambda b: b.row(period_end=NEXT - timedelta(days=9))),
    Defect("share_above", "a share of 850%", "value_within_bounds", "quarantined",
           lambda b: b.row(value=850, value_low=850, value_high=850)),
    Defect("share_below", "a share of -3%", "value_within_bounds", "quarantined",
           lambda b: b.row(value=-3, value_low=-3, value_high=-3)),
    Defect("value_infinite", "a value without end", "row_is_whole value_within_bounds", "quarantined",
           lambda b: b.row(value=float("inf"), value_low=float("inf"), value_high=float("inf"))),
    Defect("value_null", "no value", "bounds_fit_comparator row_is_whole", "quarantined", lambda b: b.row(value=None)),
    Defect("unit_wrong", "a share counted in persons", "unit_fits_metric", "quarantined", lambda b: b.row(unit_id="person")),
    Defect("unit_null", "no unit", "unit_fits_metric", "quarantined", lambda b: b.row(unit_id=None)),
    Defect("span_shifted", "a quote one character beside its place", "quote_stands_in_text", "quarantined",
           lambda b: b.row("update stage.observation set char_start = char_start + 1, char_end = char_end + 1"
                           " where observation_id = {one}")),
    Defect("number_outside", "a number outside its quote", "quote_stands_in_text", "quarantined",
           lambda b: b.row(value_end=9999)),
    Defect("quote_altered", "a quote that is worded otherwise", "quote_stands_in_text", "quarantined",
           lambda b: b.row(quote="80%.")),
    Defect("quote_null", "no quote", "quote_stands_in_text", "quarantined", lambda b: b.row(quote=None)),
    Defect("dated_in_future", "a result of the year after next",
           "actual_not_before_its_period actual_not_in_future", "quarantined",
           lambda b: b.row(period_start=date(2027, 1, 1), period_end=date(2027, 12, 31), period_grain="year")),
    Defect("period_after_publication", "a result of the month after publication", "actual_not_before_its_period", "quarantined",
           lambda b: b.row(period_start=date(2025, 12, 1), period_end=date(2025, 12, 31), period_grain="month")),
    Defect("kind_unknown", "neither result nor target", "kind_is_known", "quarantined", lambda b: b.row(kind="forecast")),
    Defect("kind_null", "not said whether result or target", "kind_is_said", "quarantined", lambda b: b.row(kind=None)),
    Defect("comparator_unknown", "a comparator of no code list", "comparator_is_known", "quarantined",
           lambda b: b.row(comparator="about")),
    Defect("comparator_null", "no comparator", "comparator_is_said", "quarantined", lambda b: b.row(comparator=None)),
    Defect("bound_lost", "\"trên 80%\" bounded above", "bounds_fit_comparator", "quarantined",
           lambda b: b.row(comparator="gt")),
    Defect("grain_unknown", "a period of an unknown length", "grain_is_known", "quarantined",
           lambda b: b.row(period_grain="decade")),
    Defect("basis_unknown", "a period of unknown origin", "basis_is_known", "quarantined",
           lambda b: b.row(period_basis="guessed")),
    Defect("tier_unknown", "a level of government that is none", "tier_is_known", "quarantined",
           lambda b: b.row(tier="hamlet")),
    Defect("confidence_off", "a confidence of 170%", "confidence_is_a_share", "quarantined", lambda b: b.row(confidence=1.7)),
    Defect("rule_null", "not said by which rule it was read", "row_is_whole", "quarantined", lambda b: b.row(rule_id=None)),
    Defect("read_for_two_periods", "one number taken for two periods", "number_is_read_once", "quarantined",
           lambda b: b.row("insert into stage.observation select * replace ('0' as observation_id,"
                           " period_start - 1 as period_start) from stage.observation where observation_id = {one}")),
    Defect("id_twice", "two rows of one id", "number_is_read_once observation_id_is_unique", "blocked",
           lambda b: b.row("insert into stage.observation from stage.observation where observation_id = {one}")),
    # Facts as they are appended
    Defect("fact_twice", "a fact recorded twice at once", "facts_are_recorded_once", "blocked",
           lambda b: b.appended(f"insert into core.fact_observation from core.fact_observation where run_id = '{RUN}'")),
    Defect("fact_kind", "a fact of no kind", "fact_kind_is_known", "blocked",
           lambda b: b.appended(FACT.format("kind = 'forecast'"))),
    Defect("fact_period", "a fact whose period is reversed", "fact_period_is_ordered", "blocked",
           lambda b: b.appended(FACT.format("period_end = period_start - 1"))),
    # Drift of the schema
    Defect("column_more", "a column that no migration made", "tables_are_as_migrated", "blocked",
           lambda b: b.whole("alter table core.platform_mention add column surprise integer")),
    Defect("column_gone", "a column that has gone", "tables_are_as_migrated", "blocked",
           lambda b: b.whole("alter table ops.feed_page drop column changed_on")),
    Defect("type_changed", "a column of another type", "tables_are_as_migrated", "blocked",
           lambda b: b.whole("alter table core.container alter column members type varchar")),
    # Facts beside those before them
    Defect("point_lost_share", "a share ten times smaller: 65.3, 6.53", "no_decimal_point_was_lost", "warned",
           lambda b: b.whole(lambda b: _lost_point(b, "qr_payment_coverage", 10))),
    Defect("point_lost_count", "a count a thousand times smaller: 12,870 read as 12.87", "no_decimal_point_was_lost", "warned",
           lambda b: b.whole(lambda b: _lost_point(b, "admin_files_received_count", 1000))),
    Defect("share_falls", "a share that falls by 45 points", "shares_move_within_reason", "warned",
           lambda b: b.whole(lambda b: _changed(b, "qr_payment_coverage", lambda value: value - 45))),
    Defect("count_leaps", "thirty times as many as before", "counts_do_not_leap", "warned",
           lambda b: b.whole(lambda b: _changed(b, "community_digital_team_count", lambda value: 30 * value + 1))),
    Defect("count_shrinks", "fewer accounts than there were", "cumulative_counts_do_not_shrink", "warned",
           lambda b: b.whole(lambda b: _changed(b, "eid_activated_count", lambda value: 0.8 * value))),
    Defect("stands_still", "the same 55.3% for more than a year", "figures_do_not_stand_still", "warned",
           lambda b: b.whole(_stands_still)),
    Defect("sources_differ", "two papers of one rank, six points apart", "sources_agree sources_of_equal_rank_agree", "warned",
           lambda b: b.whole(lambda b: _contradiction(b, "hanoimoi"))),
    Defect("lesser_source_differs", "a source of lower rank says otherwise", "sources_agree", "noted",
           lambda b: b.whole(lambda b: _contradiction(b, "vietnamnet"))),
    Defect("target_missed", "70% at the end of a year that asked for 90%", "targets_are_reached", "warned",
           lambda b: b.whole(_target_missed)),
    Defect("place_not_yet", "a figure of a commune from before it existed", "places_existed", "noted",
           lambda b: b.whole(lambda b: b.fact("edoc_signed_share", 70, day=date(2025, 1, 31)))),
    # Silence and shares of the whole
    Defect("source_silent", "a daily source without a word for 25 days", "sources_go_on_publishing", "warned",
           lambda b: b.whole(lambda b: b.quiet(25, lambda source, _: source == "sggp", False), NEXT + timedelta(days=24))),
    Defect("metric_silent", "a metric that nobody states for 45 days", "metrics_go_on_being_stated", "warned",
           lambda b: b.whole(lambda b: b.quiet(45, lambda _, metric: metric == "bank_account_share", True),
                             NEXT + timedelta(days=44))),
    Defect("yield_falls", "twenty documents of a source without a figure", "documents_yield_as_before", "warned",
           lambda b: b.whole(_no_yield)),
    Defect("quarantine_rises", "15 of a run's 25 figures in quarantine", "quarantine_stays_usual", "warned",
           lambda b: b.whole(_more_in_quarantine)),
    # Facts that should never have come so far
    Defect("fact_unresolved", "a fact of a place that is none", "facts_resolve marts_hold_every_fact", "blocked",
           lambda b: b.whole(lambda b: b.fact("edoc_signed_share", 70, place_key="x"))),
    Defect("fact_beyond", "a fact beyond the bounds of its metric", "units_fit_their_metric", "blocked",
           lambda b: b.whole(lambda b: b.fact("edoc_signed_share", 170))),
    Defect("fact_unit", "a fact in another unit", "units_fit_their_metric", "blocked",
           lambda b: b.whole(lambda b: b.fact("edoc_signed_share", 70, unit_id="person"))),
    Defect("fact_quote", "a fact whose quote isn't in its text", "quotes_stand_in_their_text", "blocked",
           lambda b: b.whole(lambda b: b.fact("edoc_signed_share", 70, quote="70%."))),
    Defect("fact_holds_twice", "one observation that holds twice", "facts_are_unique", "blocked",
           lambda b: b.whole("insert into core.fact_observation select * replace (now() as recorded_at)"
                             " from core.fact_observation limit 1")),
    Defect("fact_changed", "a published fact with another value", "no_fact_has_changed", "blocked",
           lambda b: b.whole(f"update core.fact_observation set value = value + 1 {FIRST_FACT}")),
    Defect("fact_gone", "a published fact that has gone",
           "marts_hold_every_fact no_fact_has_changed nothing_recorded_has_gone", "blocked",
           lambda b: b.whole(f"delete from core.fact_observation {FIRST_FACT}")),
    Defect("cluster_misnamed", "a cluster of reprints under a wrong name", "clusters_are_named_by_their_first", "blocked",
           lambda b: b.whole("insert into core.document_cluster select document_id, 'z', now(), 'run'"
                             " from core.raw_document limit 1")),
    # The marts
    Defect("mart_row_twice", "a row of a mart twice", "mart_rows_stand_once marts_hold_every_fact", "blocked",
           lambda b: b.whole(lambda b: b.fact("edoc_signed_share", 70),
                             marts=f"insert into mart.metric_trend from mart.metric_trend {OF_ONE}")),
    Defect("mart_row_keyless", "a row of a mart without a value", "mart_rows_have_keys", "blocked",
           lambda b: b.whole(lambda b: b.fact("edoc_signed_share", 70),
                             marts=f"update mart.latest_observation set value = null {OF_ONE}")),
    Defect("mart_row_from_nowhere", "a row of a mart that leads back to nothing", "mart_rows_lead_back", "blocked",
           lambda b: b.whole(lambda b: b.fact("edoc_signed_share", 70),
                             marts=f"update mart.latest_observation set observation_ids = [] {OF_ONE}")),
    Defect("mart_row_gone", "a fact that no mart shows", "marts_hold_every_fact", "blocked",
           lambda b: b.whole(lambda b: b.fact("edoc_signed_share", 70),
                             marts=f"delete from mart.metric_trend {OF_ONE}")),
    # The catalogue's own errors, and the curated files'
    Defect("catalogue_unit", "a metric of a unit that units.yaml lacks", "dimensions_resolve", "blocked",
           lambda b: b.whole("update core.dim_metric set unit_id = 'x' where metric_id = 'dti_rank'")),
    Defect("catalogue_place", "a place in a province that is none", "dimensions_resolve", "blocked",
           lambda b: b.whole("update core.dim_place set province_key = 'x' where place_key = '19/2025:96:2025-07-01'")),
    Defect("catalogue_bounds", "a share without an upper bound", "catalogue_has_sound_bounds", "warned",
           lambda b: b.whole("update core.dim_metric set upper_bound = null where metric_id = 'edoc_signed_share'")),
    Defect("target_unresolved", "a target for a place that is none", "dimensions_resolve", "blocked",
           lambda b: b.whole(TARGET.format(level="commune", place="x", year=2030, value=90))),
    Defect("target_beyond", "a target of 180%", "targets_lie_within_bounds", "warned",
           lambda b: b.whole(TARGET.format(level="commune", place="VN", year=2030, value=180))),
    Defect("correction_misfit", "a correction of a figure that nobody read", "corrections_fit", "warned",
           lambda b: b.whole("insert into core.correction by name select 'x' as observation_id, 'reject' as action,"
                             " 'typo' as reason, 'Lan' as decided_by, current_date as decided_on, now() as recorded_at,"
                             " 'run' as run_id")),
    Defect("succession_broken", "a succession on a day when nothing ended", "successions_resolve", "blocked",
           lambda b: b.whole("update core.place_succession set valid_from = '2024-01-01'"
                             " where from_key = (select min(from_key) from core.place_succession)")),
    # Checks that can't look
    Defect("check_raises", "a check that raises", "corrections_fit tables_are_as_migrated", "blocked",
           lambda b: b.whole("drop view core.correction_state")),
]  # fmt: skip

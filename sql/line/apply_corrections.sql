-- Corrections in force meet the staged rows of their ids: what the reading must give is compared, then what is right is
-- set. A stale entry and a rejected row become findings, so that the rows go to quarantine; a released row is held to what
-- nobody can overrule only (audit_observation.sql).
insert into stage.correction_outcome by name
select
    o.observation_id,
    o.document_id,
    case
        when not fits then 'stale'
        when c.action = 'reject' then 'rejected'
        when c.action = 'release' then 'released'
        else 'applied'
    end as outcome,
    case when not fits then format(
        '{} expects {}; the reading gives {}; look at the sentence and {}',
        if(c.origin = 'file', 'corrections.yaml', c.decided_by || ''' decision'),
        concat_ws(', ', c.expected_value, c.expected_comparator, c.expected_metric_id, c.expected_place_key, c.expected_unit_id,
            c.expected_kind, c.expected_period_start, c.expected_period_end),
        concat_ws(', ', o.value, o.comparator, o.metric_id, o.place_key, o.unit_id, o.kind, o.period_start, o.period_end),
        if(c.origin = 'file', 'mend the entry, or take it out', 'decide anew: kpi quarantine show ' || o.observation_id)
    ) end as message
from stage.observation as o
join core.correction_in_force as c using (observation_id),
lateral (
    select
        abs(o.value - c.expected_value) <= 1e-9 * greatest(1, abs(o.value))
        and coalesce(c.expected_comparator = o.comparator, c.expected_comparator is null)
        and coalesce(c.expected_metric_id = o.metric_id, c.expected_metric_id is null)
        and coalesce(c.expected_place_key = o.place_key, c.expected_place_key is null)
        and coalesce(c.expected_unit_id = o.unit_id, c.expected_unit_id is null)
        and coalesce(c.expected_kind = o.kind, c.expected_kind is null)
        and coalesce(c.expected_period_start = o.period_start, c.expected_period_start is null)
        and coalesce(c.expected_period_end = o.period_end, c.expected_period_end is null) as fits
)
where o.observation_id not in (select observation_id from stage.correction_outcome);

insert into stage.finding
select observation_id, 'correction_is_stale', message
from stage.correction_outcome
where outcome = 'stale'
union all
select observation_id, 'rejected', c.reason || ' (' || c.decided_by || ', ' || c.decided_on || ')'
from stage.correction_outcome
join core.correction_in_force as c using (observation_id)
where outcome = 'rejected';

update stage.observation as o
set
    value = r.value,
    comparator = r.comparator,
    value_low = case r.comparator when 'lt' then null when 'le' then null
        when 'approx' then case when r.high is not null then r.value end else r.value end,
    value_high = case r.comparator when 'gt' then null when 'ge' then null
        when 'approx' then r.high when 'range' then r.high else r.value end,
    metric_id = r.metric_id,
    platform_id = r.platform_id,
    place_key = r.place_key,
    unit_id = r.unit_id,
    kind = r.kind,
    period_start = r.period_start,
    period_end = r.period_end,
    period_grain = r.period_grain,
    period_basis = r.period_basis,
    tier = r.tier,
    confidence = 1,
    rule_id = 'correction'
from (
    select
        s.observation_id,
        coalesce(c.right_value, s.value) as value,
        coalesce(c.right_comparator, s.comparator) as comparator,
        coalesce(c.right_value_high, case when s.comparator in ('range', 'approx') then s.value_high end) as high,
        coalesce(c.right_metric_id, s.metric_id) as metric_id,
        case when c.right_metric_id is null then s.platform_id else m.platform_id end as platform_id,
        coalesce(c.right_place_key, s.place_key) as place_key,
        coalesce(c.right_unit_id, s.unit_id) as unit_id,
        coalesce(c.right_kind, s.kind) as kind,
        coalesce(c.right_period_start, s.period_start) as period_start,
        coalesce(c.right_period_end, s.period_end) as period_end,
        coalesce(c.right_period_grain, s.period_grain) as period_grain,
        case when c.right_period_end is null then s.period_basis else 'stated' end as period_basis,
        coalesce(c.right_tier, s.tier) as tier
    from stage.observation as s
    join stage.correction_outcome as a on a.observation_id = s.observation_id and a.outcome = 'applied'
    join core.correction_in_force as c on c.observation_id = s.observation_id
    left join core.dim_metric as m on m.metric_id = c.right_metric_id
) as r
where r.observation_id = o.observation_id;

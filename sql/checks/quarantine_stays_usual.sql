-- warning · owner: data engineer · of what is new
-- Far more of this run's figures than usual are in quarantine: see kpi quarantine list which expectation they fail, and since when.
with recent as (
    select sequence, run_id, observations + quarantined as figures, quarantined
    from ops.run
    where observations + quarantined > 0
    order by sequence desc
    limit 61
),
now as (
    select * from recent where sequence = (select max(sequence) from ops.run) and figures >= 20
),
before as (
    select sum(quarantined) / sum(figures) as share, sum(figures) as figures
    from recent
    where sequence < (select max(sequence) from ops.run)
)
select
    q.expectation,
    count(*) as rows_quarantined,
    any_value(now.figures) as figures,
    any_value(now.quarantined / now.figures) as share_quarantined,
    any_value(before.share) as share_before,
    min(q.observation_id) as observation_id,
    min_by(q.quote, q.observation_id) as quote
from now
cross join before
join core.quarantine_observation as q on q.run_id = now.run_id
where before.figures >= 100
    and now.quarantined / now.figures > before.share + greatest(0.1, 4 * sqrt(before.share * (1 - before.share) / now.figures))
group by q.expectation

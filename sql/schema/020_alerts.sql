-- Alerts: problems as they open and end, who is to be told (an outbox), and what came of telling. All insert-only.

-- One row each time a problem opened, grew worse or was solved, written in the transaction of the results that say so.
create table ops.problem_event (
    event_id bigint not null,
    problem_id varchar not null,          -- hash of suite, expectation, metric and place
    event varchar not null,               -- opened, solved
    kind varchar not null,                -- check, failed_run, overdue_run, stale_source, failed_channel
    suite varchar not null,               -- of a check; else the kind
    expectation varchar not null,         -- of a check; else the job, asset, feed or route
    metric_id varchar,
    place_key varchar,
    scope varchar not null,               -- row: solved once no such row is held back; table: once it passes; new: with the rows
    severity varchar not null,
    owner varchar not null,
    reason varchar not null,
    observed varchar,
    failing_rows bigint not null,
    sample varchar,                       -- JSON: up to five failing rows
    recorded_at timestamptz not null,
    run_id varchar not null
);

-- The problems that stand now, as they opened.
create view ops.open_problem as
select *
from ops.problem_event
qualify row_number() over (partition by problem_id order by event_id desc) = 1 and event = 'opened';

-- The outbox. One row = one thing that one route is to be told. All that a route is told of one run is one message.
create table ops.alert (
    alert_id bigint not null,             -- their order
    route_id varchar not null,
    about varchar not null,               -- opened, reminded, solved, heartbeat, test
    event_id bigint,                      -- of ops.problem_event; null: heartbeat, test
    problem_id varchar,
    recorded_at timestamptz not null,
    run_id varchar not null
);

-- One row each time a message was sent, or could not be.
create table ops.alert_attempt (
    route_id varchar not null,
    run_id varchar not null,
    upto_alert bigint not null,           -- the last alert of the run that the message held
    sent boolean not null,
    reason varchar,                       -- why it was not sent
    recorded_at timestamptz not null
);

-- One row per message: the alerts of one run for one route that were sent together, or wait together.
create view ops.alert_message as
with alert as (
    select a.*, t.sent_at, t.upto_alert
    from ops.alert as a
    left join (
        select route_id, run_id, upto_alert, min(recorded_at) as sent_at
        from ops.alert_attempt
        where sent
        group by all
    ) as t on t.route_id = a.route_id and t.run_id = a.run_id and t.upto_alert >= a.alert_id
    qualify row_number() over (partition by a.alert_id order by t.upto_alert) = 1
),
message as (
    select
        route_id, run_id, upto_alert,
        min(alert_id) as first_alert, max(alert_id) as last_alert, count(*) as alerts,
        min(recorded_at) as recorded_at, any_value(sent_at) as sent_at
    from alert
    group by route_id, run_id, upto_alert
),
failure as (
    select m.first_alert, count(*) as failures, max(t.recorded_at) as failed_at, arg_max(t.reason, t.recorded_at) as reason
    from message as m
    join ops.alert_attempt as t
        on t.route_id = m.route_id and t.run_id = m.run_id and not t.sent
            and t.upto_alert between m.first_alert and m.last_alert
    group by m.first_alert
)
select
    m.route_id,
    m.run_id,
    case when m.sent_at is not null then 'sent' when f.failures > 0 then 'failed' else 'pending' end as state,
    m.alerts,
    m.first_alert,
    m.last_alert,
    m.recorded_at,
    m.sent_at,
    coalesce(f.failures, 0) as failures,
    f.failed_at,
    f.reason
from message as m
left join failure as f using (first_alert);

-- What a heartbeat says of the warehouse.
select
    (select count(*) from core.dim_document) as documents,
    (select count(*) from core.unread_document) as not_readable,
    (select count(*) from core.current_observation) as facts,
    (select count(distinct observation_id) from core.current_quarantine) as quarantined,
    (select count(*) from ops.open_problem) as open_problems,
    coalesce(
        (select strftime(max(finished_at) at time zone 'Asia/Ho_Chi_Minh', '%d/%m/%Y %H:%M') from ops.run),
        '–'
    ) as last_run

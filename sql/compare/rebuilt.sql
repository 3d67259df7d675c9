-- What holds in one of two databases and not in the other, whenever and by whichever run it was recorded.
with difference as (
    select 'fact' as what, 'only as it stood' as side, observation_id as id, quote as says, document_id
    from (
        select * exclude (recorded_at, run_id) from before.core.current_observation
        except select * exclude (recorded_at, run_id) from after.core.current_observation
    )
    union all
    select 'fact', 'only rebuilt', observation_id, quote, document_id
    from (
        select * exclude (recorded_at, run_id) from after.core.current_observation
        except select * exclude (recorded_at, run_id) from before.core.current_observation
    )
    union all
    select 'document', 'only as it stood', document_id, title, document_id
    from (
        select * exclude (recorded_at, run_id) from before.core.dim_document
        except select * exclude (recorded_at, run_id) from after.core.dim_document
    )
    union all
    select 'document', 'only rebuilt', document_id, title, document_id
    from (
        select * exclude (recorded_at, run_id) from after.core.dim_document
        except select * exclude (recorded_at, run_id) from before.core.dim_document
    )
    union all
    select 'figure without a metric', 'only as it stood', value::varchar, quote, document_id
    from (
        select * exclude (recorded_at, run_id) from before.core.current_candidate
        except select * exclude (recorded_at, run_id) from after.core.current_candidate
    )
    union all
    select 'figure without a metric', 'only rebuilt', value::varchar, quote, document_id
    from (
        select * exclude (recorded_at, run_id) from after.core.current_candidate
        except select * exclude (recorded_at, run_id) from before.core.current_candidate
    )
    union all
    select 'mention of a system', 'only as it stood', platform_id, quote, document_id
    from (
        select * exclude (recorded_at, run_id) from before.core.current_platform_mention
        except select * exclude (recorded_at, run_id) from after.core.current_platform_mention
    )
    union all
    select 'mention of a system', 'only rebuilt', platform_id, quote, document_id
    from (
        select * exclude (recorded_at, run_id) from after.core.current_platform_mention
        except select * exclude (recorded_at, run_id) from before.core.current_platform_mention
    )
)
select * from difference order by what, document_id, id, side

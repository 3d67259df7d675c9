-- Say which version is to be published of the database as it is now.
insert or replace into ops.version by name
select
    $version as version,
    (select coalesce(max(sequence), 0) from ops.run) as sequence,
    $facts::bigint as facts,
    $facts_hash::ubigint as facts_hash,
    $run_id as run_id,
    $now::timestamptz as built_at;

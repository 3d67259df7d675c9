-- Feeds and sitemaps of the sources: when they were asked, which pages they listed, what came of having each.

-- One row each time a feed, or a sitemap of its index, was asked. Insert-only.
create table ops.feed_visit (
    url varchar not null,
    feed_url varchar not null,        -- the feed that led to it: itself, but for a sitemap of an index
    source_id varchar not null,
    result varchar not null,          -- read, unchanged, failed
    reason varchar,                   -- why it failed
    message varchar,
    entries integer not null,         -- listed
    new_pages integer not null,       -- of these, never listed before
    etag varchar,                     -- to ask with next time
    last_modified varchar,
    recorded_at timestamptz not null,
    run_id varchar not null
);

-- One row per page that a feed listed.
create table ops.feed_page (
    url varchar primary key,
    feed_url varchar not null,
    source_id varchar not null,
    published_on date,
    changed_on date,
    recorded_at timestamptz not null,
    run_id varchar not null
);

-- One row each time a page of a feed was fetched, or could not be. Insert-only.
create table ops.fetched_page (
    url varchar not null,
    feed_url varchar not null,
    result varchar not null,          -- landed, known (the same bytes were there), failed
    final boolean not null,           -- it isn't tried again
    reason varchar,
    message varchar,
    document_id varchar,
    recorded_at timestamptz not null,
    run_id varchar not null
);

-- How each feed, and each sitemap of an index, stands.
create view ops.feed_state as
select
    v.url,
    arg_max(v.feed_url, v.recorded_at) as feed_url,
    arg_max(v.source_id, v.recorded_at) as source_id,
    max(v.recorded_at) as asked_at,
    arg_max(v.result, v.recorded_at) as result,
    arg_max_null(v.reason, v.recorded_at) as reason,
    arg_max_null(v.message, v.recorded_at) as message,
    max(v.recorded_at) filter (where v.result <> 'failed') as had_at,
    arg_max_null(v.etag, v.recorded_at) filter (where v.result = 'read') as etag,
    arg_max_null(v.last_modified, v.recorded_at) filter (where v.result = 'read') as last_modified
from ops.feed_visit as v
group by v.url;

-- Pages that were listed and are still to be had: not in the warehouse by any other way, not given up, fewer than five tries.
create view ops.waiting_page as
select p.*, coalesce(f.tries, 0) as tries
from ops.feed_page as p
left join (select url, count(*) as tries, bool_or(final) as final from ops.fetched_page group by url) as f using (url)
where coalesce(not f.final and f.tries < 5, true)
    and not exists (select 1 from core.origin as o where o.url = p.url);

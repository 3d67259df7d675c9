-- the figure to quote for a metric and place
select kind, comparator, value, period_end, source, quote, observation_id
from mart.latest_observation
where metric_id = $metric and place_key = $place;

-- a metric's trend in a place
select period_end, comparator, value, statements, observation_ids
from mart.metric_trend
where metric_id = $metric and place_key = $place
order by period_end;

-- a place's scorecard
select pillar, metric, value, value_before, trend, province_value, country_value
from mart.place_scorecard
where place_key = $place
order by pillar, metric;

-- the ten best places of a province for a metric
select place_full_name, value, period_end
from mart.latest_observation as o
join core.dim_place as p using (place_key)
where metric_id = $metric and p.province_key = $province and o.kind = 'actual'
order by value desc
limit 10;

-- who says otherwise about a metric in a place
select comparator, value, sources, quoted
from mart.source_conflict
where metric_id = $metric and place_key = $place;

-- how much is known of each metric
select metric, statements, places, last_period
from mart.metric_coverage
order by statements desc;

-- everything a place's latest figures rest on
select metric, value, comparator, quote, title, url
from mart.latest_observation
where place_key = $place;

-- Question: Which figures look well attested only because one article was reprinted?
-- Câu hỏi: Số liệu nào có vẻ được nhiều nơi nêu, nhưng thật ra chỉ là một bài đăng lại?
-- Row: a statement that several documents of one cluster repeat
-- Param: metric text = % · id or name of the metric
-- Param: documents integer = 2 · how many documents repeat it, at least
select
    any_value(o.metric) as metric,
    any_value(o.place_full_name) as place,
    o.tier,
    o.kind,
    o.period_end,
    o.comparator,
    o.value,
    o.unit_id,
    count(distinct o.document_id) as documents,
    min(o.published_on) as first_published_on,
    arg_min(o.title, (o.published_on, o.document_id)) as first_title,
    list(distinct o.source order by o.source) as sources,
    list(o.observation_id order by o.published_on nulls last, o.observation_id) as observation_ids
from mart.observation_in_context as o
semi join metrics_called($metric) using (metric_id)
group by o.cluster_id, o.metric_id, o.place_key, o.tier, o.kind, o.period_start, o.period_end, o.comparator, o.value, o.unit_id
having count(distinct o.document_id) >= $documents
order by documents desc, metric, place, o.period_end

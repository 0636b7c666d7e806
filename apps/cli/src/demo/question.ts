import { demoYear } from './shop-data.js';

export const question = `Who clicked a newsletter at a desktop in April, and what did they order from then until the end of May?`;

export const demoQuery = `with clicks as (
  select customer_id, min(event_time) as first_click
  from lake.events
  where year = ${demoYear} and month = 4
    and kind = 'click' and campaign = 'newsletter' and device = 'desktop'
  group by customer_id
)
select c.country,
       count(distinct c.customer_id) as buyers,
       count(*) as orders,
       sum(o.total) as revenue
from clicks k
join shop.public.orders o on o.customer_id = k.customer_id
join shop.public.customers c on c.customer_id = o.customer_id
where o.status = 'delivered'
  and o.ordered_at >= k.first_click
  and o.ordered_at < timestamp '${demoYear}-06-01'
group by c.country
order by revenue desc
limit 8`;

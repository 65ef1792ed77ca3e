/**
 * `subscription` of the contract over the rows of `subscriptionFrom`: plan and amount as the subscription's items
 * say now, and as they were ordered where those are unknown to us.
 */
export const subscriptionSql = `json_build_object('id', s.id, 'provider', s.provider, 'ref', s.ref, 'state', s.state,
  'currency', o.currency, 'interval', coalesce(now_sold.interval, o.interval::text), 'planCode', p.code,
  'planName', v.texts -> 'name', 'addOnCodes', coalesce(now_sold.add_ons,
    (SELECT coalesce(json_agg(line ->> 'code'), '[]') FROM jsonb_array_elements(o.lines) line
     WHERE line ->> 'kind' = 'addOn')),
  'amountMinor', coalesce(now_sold.amount, o.total_minor)::int, 'currentPeriodEnd', s.current_period_end,
  'cancelAt', s.cancel_at, 'pastDueSince', s.past_due_since, 'customerRef', s.snapshot ->> 'customerRef',
  'instanceId', s.instance_id, 'organisationName', g.name)`;

export const subscriptionFrom = `FROM subscriptions s
  JOIN orders o ON o.id = s.order_id
  JOIN organisations g ON g.id = s.organisation_id
  LEFT JOIN LATERAL (
    SELECT sum(c.amount_minor * (item ->> 'quantity')::int) AS amount,
      max(c.interval::text) FILTER (WHERE pl.kind = 'plan') AS interval,
      (array_agg(pv.id) FILTER (WHERE pl.kind = 'plan'))[1] AS plan_version_id,
      coalesce(json_agg(pl.code) FILTER (WHERE pl.kind = 'addOn'), '[]') AS add_ons
    FROM jsonb_array_elements(s.snapshot -> 'items') item
    JOIN prices c ON c.id::text = item ->> 'priceRef'
    JOIN plan_versions pv ON pv.id = c.plan_version_id JOIN plans pl ON pl.id = pv.plan_id
    HAVING count(*) FILTER (WHERE pl.kind = 'plan') = 1) now_sold ON true
  JOIN plan_versions v ON v.id = coalesce(now_sold.plan_version_id, o.plan_version_id)
  JOIN plans p ON p.id = v.plan_id`;

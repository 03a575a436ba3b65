-- 县年指标（宽表）：每县每年每口径一行；每个指标三列：值、__qualifier（限定）、__status（状态）。
-- One row a county, year and scope; three columns an indicator of the catalogue: its value, __qualifier and __status.
-- All three are null where the report says nothing of it. {indicators} is the list of the catalogue's ids.
SELECT
    division_id,
    report_year,
    scope,
    COLUMNS('^(.+)___value$') AS '\1',
    COLUMNS('^(.+)___(qualifier|status)$') AS '\1__\2'
FROM (
    PIVOT (SELECT division_id, report_year, scope, indicator_id, value, qualifier, obs_status FROM county_year)
    ON indicator_id IN ({indicators})
    USING any_value(value) AS __value, any_value(qualifier) AS __qualifier, any_value(obs_status) AS __status
    GROUP BY division_id, report_year, scope
)

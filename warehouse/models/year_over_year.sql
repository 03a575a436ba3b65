-- 同比：与上一年度同县同指标同口径相比；任一年不准确或缺失时不计算。
-- Change against the year before, same county, indicator and scope. Null where either year is missing, and
-- is_comparable says whether both are exact: a difference of "more than 100" and 90 is no figure.
SELECT
    this_year.division_id,
    this_year.report_year,
    this_year.indicator_id,
    this_year.scope,
    this_year.unit,
    this_year.value,
    this_year.qualifier,
    last_year.value AS value_before,
    last_year.qualifier AS qualifier_before,
    this_year.value - last_year.value AS change,
    CASE WHEN last_year.value > 0 THEN 100 * (this_year.value - last_year.value) / last_year.value END AS change_percent,
    coalesce(
        this_year.qualifier IN ('exact', 'implied') AND last_year.qualifier IN ('exact', 'implied'), false
    ) AS is_comparable
FROM county_year AS this_year
LEFT JOIN county_year AS last_year
    ON last_year.division_id = this_year.division_id
    AND last_year.indicator_id = this_year.indicator_id
    AND last_year.scope = this_year.scope
    AND last_year.report_year = this_year.report_year - 1

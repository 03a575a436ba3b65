-- 分布：各省各年每个指标的报告县数、中位数与四分位；只计本级与全域中数值存在者。
-- By province, year, indicator and scope: how many counties reported, and the spread of what they reported.
SELECT
    reports.province,
    county_year.report_year,
    county_year.indicator_id,
    county_year.scope,
    county_year.unit,
    count(*) AS reporters,
    count(*) FILTER (county_year.qualifier NOT IN ('exact', 'implied')) AS reporters_inexact,
    any_value(published.reports) AS reports,
    min(county_year.value) AS minimum,
    quantile_cont(county_year.value, 0.25) AS lower_quartile,
    median(county_year.value) AS median,
    quantile_cont(county_year.value, 0.75) AS upper_quartile,
    max(county_year.value) AS maximum
FROM county_year
JOIN county_reports AS reports USING (division_id, report_year)
JOIN (SELECT province, report_year, count(*) AS reports FROM county_reports GROUP BY ALL) AS published
    USING (province, report_year)
WHERE county_year.value IS NOT NULL
GROUP BY ALL

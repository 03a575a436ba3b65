-- 覆盖情况：每县每年每个核心或已见指标，已报告（reported）、相互矛盾（conflict）、未报告（not_reported）或无报告（no_document）。
-- For every county known to the warehouse, every year between its first and last report of any county, and every
-- indicator that anybody reported: was it reported, withheld for conflict, not reported, or is there no document.
SELECT
    counties.division_id,
    counties.division_name,
    counties.province,
    years.report_year,
    seen.indicator_id,
    CASE
        WHEN reports.document_id IS NULL THEN 'no_document'
        WHEN metric.values_reported > 0 THEN 'reported'
        WHEN metric.values_reported = 0 THEN 'conflict'
        ELSE 'not_reported'
    END AS status,
    reports.document_id
FROM (
    SELECT division_id, arg_max(division_name, report_year) AS division_name, arg_max(province, report_year) AS province
    FROM county_reports
    GROUP BY division_id
) AS counties
CROSS JOIN (SELECT unnest(range(min(report_year), max(report_year) + 1)) AS report_year FROM county_reports) AS years
CROSS JOIN (SELECT DISTINCT indicator_id FROM county_year) AS seen
LEFT JOIN county_reports AS reports
    ON reports.division_id = counties.division_id AND reports.report_year = years.report_year
LEFT JOIN (
    SELECT division_id, report_year, indicator_id, count(value) AS values_reported
    FROM county_year
    GROUP BY ALL
) AS metric
    ON metric.division_id = counties.division_id
    AND metric.report_year = years.report_year
    AND metric.indicator_id = seen.indicator_id

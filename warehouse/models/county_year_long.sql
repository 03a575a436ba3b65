-- 县年指标（长表）：每县每年每个指标与口径一行，附名称、单位与限定。
-- One row a county, year, indicator and scope, with the names that a reader needs; value is null where statements conflict.
SELECT
    county_year.division_id,
    county.division_name,
    county.prefecture,
    county.province,
    county_year.report_year,
    county_year.indicator_id,
    indicators.name_zh AS indicator_zh,
    indicators.name_en AS indicator_en,
    county_year.scope,
    county_year.value,
    county_year.unit,
    county_year.qualifier,
    county_year.obs_status,
    county_year.n_observations,
    county_year.flags,
    county_year.observation_id
FROM county_year
JOIN indicators USING (indicator_id)
LEFT JOIN county_reports AS county USING (division_id, report_year)

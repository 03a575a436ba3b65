-- 相互矛盾的陈述：同一指标的各个值与原句，均不作为结果发布。
-- Metrics whose statements conflict, each statement on its own row: none of them is published as the truth.
SELECT
    county_year.division_id,
    documents.division_name,
    county_year.report_year,
    county_year.indicator_id,
    county_year.scope,
    observations.value,
    observations.unit,
    observations.qualifier,
    observations.evidence,
    observations.observation_id,
    observations.document_id
FROM county_year
JOIN observations USING (division_id, report_year, indicator_id, scope)
JOIN documents USING (document_id)
JOIN indicators USING (indicator_id)
WHERE county_year.obs_status = 'Q'
    AND documents.kind = 'county_government'
    AND document_id NOT IN (SELECT supersedes FROM documents WHERE supersedes IS NOT NULL)
    AND observations.dimension IS NULL
    AND observations.period IN ('year', indicators.period)
    AND observations.obs_status = 'A'

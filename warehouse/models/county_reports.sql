-- 县级政府当年有效的报告：每县每年一份，被取代的版本除外；同年有多份时取成文日期最晚者。
-- The report that stands for a county government in a year: none that was superseded, and of several the latest.
SELECT
    division_id,
    report_year,
    document_id,
    division_code,
    division_name,
    prefecture,
    province,
    issuer,
    title,
    issued_on,
    text_sha256
FROM documents
WHERE kind = 'county_government'
    AND document_id NOT IN (SELECT supersedes FROM documents WHERE supersedes IS NOT NULL)
QUALIFY row_number() OVER (PARTITION BY division_id, report_year ORDER BY issued_on DESC NULLS LAST, document_id) = 1

-- 不成立的勾稽关系：差额超出舍入容许的报告，最大者在前。
-- Identities that fail: reports whose figures do not add up beyond rounding. They are told, never corrected.
SELECT
    identity_results.identity_id,
    identity_results.document_id,
    documents.division_id,
    documents.division_name,
    identity_results.report_year,
    identity_results.scope,
    identity_results."left",
    identity_results."right",
    identity_results.residual,
    identity_results.tolerance,
    documents.title
FROM identity_results
JOIN documents USING (document_id)
WHERE identity_results.outcome = 'fails'

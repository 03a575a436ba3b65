-- 任一数值的出处：原句、标题、文号、来源与抓取时间，一次连接即得。
-- Where any value comes from, in one join by observation_id: sentence, report, official number, source, time.
SELECT
    observations.observation_id,
    observations.division_id,
    documents.division_name,
    observations.report_year,
    observations.indicator_id,
    observations.scope,
    observations.value,
    observations.unit,
    observations.qualifier,
    observations.evidence,
    observations.char_start,
    observations.char_end,
    observations.section,
    observations.rule_id,
    observations.document_id,
    documents.title,
    documents.document_number,
    documents.issuer,
    documents.issued_on,
    texts.text_sha256,
    texts.reader,
    source_documents.document_sha256,
    source_documents.origin,
    source_documents.publisher,
    source_documents.retrieved_at,
    source_documents.licence
FROM observations
JOIN documents USING (document_id)
JOIN texts USING (text_sha256)
JOIN source_documents USING (document_sha256)

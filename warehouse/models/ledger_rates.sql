-- 台账比率：按发布机关统计数字总数与指标、已解释、待审、未解释各占多少。
-- By publisher: how many numerals its reports hold, and the shares that are observations, explained, queued, unexplained.
SELECT
    coalesce(source_documents.publisher, documents.issuer) AS publisher,
    count(DISTINCT numerals.document_id) AS reports,
    count(*) AS numerals,
    count(*) FILTER (numerals.class = 'observation') AS observations,
    count(*) FILTER (numerals.class = 'explained') AS explained,
    count(*) FILTER (numerals.class = 'queued') AS queued,
    count(*) FILTER (numerals.class = 'unexplained') AS unexplained,
    count(*) FILTER (numerals.class = 'queued') / count(*) AS queue_rate,
    count(*) FILTER (numerals.class = 'unexplained') / count(*) AS unexplained_rate
FROM numerals
JOIN documents USING (document_id)
JOIN texts USING (text_sha256)
JOIN source_documents USING (document_sha256)
GROUP BY ALL

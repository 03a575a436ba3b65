-- 待审数字：目录尚未收录的数量，附前后文，供补充目录。
-- The review queue: every numeral that no rule claims, with the words around it.
SELECT
    numerals.document_id,
    documents.division_name,
    documents.issuer,
    numerals.report_year,
    numerals.class,
    numerals.kind,
    numerals.text AS numeral,
    texts.text[greatest(numerals.char_start - 19, 1):numerals.char_start] AS words_before,
    texts.text[numerals.char_end + 1:numerals.char_end + 10] AS words_after,
    numerals.char_start,
    numerals.char_end
FROM numerals
JOIN documents USING (document_id)
JOIN texts USING (text_sha256)
WHERE numerals.class IN ('queued', 'unexplained')

-- The same figures by set algebra, in the types that DuckDB has for it: a bit string over all devices for each finding,
-- united per report, counted per group.

CREATE TEMP TABLE crowd AS
SELECT
    count(*)::INTEGER AS size,
    bitstring('0', count(*)::INTEGER) AS nobody,
    coalesce(bitstring_agg(k, 0, $last) FILTER (reports), bitstring('0', count(*)::INTEGER)) AS reporting,
    coalesce(bitstring_agg(k, 0, $last) FILTER (NOT reports AND NOT excluded), bitstring('0', count(*)::INTEGER)) AS silent
FROM device;

CREATE TEMP TABLE class AS
SELECT device_group, bitstring_agg(k, 0, $last) AS members FROM device GROUP BY device_group;

CREATE TEMP TABLE patching AS
SELECT
    report,
    bit_or(open) AS open,
    bit_or(patched) AS patched
FROM (
    SELECT v,
        bitstring_agg(k, 0, $last) FILTER (state = 2) AS open,
        bitstring_agg(k, 0, $last) FILTER (state = 1) AS patched
    FROM (
        SELECT v, k, state FROM found
        UNION ALL
        SELECT v, k, 1 FROM running ANTI JOIN found USING (v, k)
    )
    GROUP BY v
)
JOIN vulnerability USING (v)
JOIN tracked ON tracked.kind = 'vulnerability' AND tracked.id = vulnerability.id
GROUP BY report;

CREATE TEMP TABLE settings AS
SELECT
    report,
    bit_or(exposed) AS exposed,
    bit_or(secure) AS secure,
    bit_and(said) AS said
FROM (
    SELECT c,
        bitstring_agg(k, 0, $last) FILTER (state = 2) AS exposed,
        bitstring_agg(k, 0, $last) FILTER (state = 1) AS secure,
        bitstring_agg(k, 0, $last) FILTER (state IS NOT NULL) AS said
    FROM assessed
    GROUP BY c
)
JOIN configuration USING (c)
JOIN tracked ON tracked.kind = 'configuration' AND tracked.id = configuration.id
GROUP BY report;

CREATE TEMP TABLE alarm AS
SELECT report, bitstring_agg(k, 0, $last) AS impacted FROM impacted GROUP BY report;

-- Each axis: disjoint sets of the devices that report and are not excluded.
CREATE TEMP TABLE axes AS
SELECT
    report,
    coalesce(impacted, nobody) AS impacted,
    reporting & coalesce(open, nobody) AS v_exposed,
    reporting & ~coalesce(open, nobody) & ~seen AS v_unavailable,
    reporting & ~coalesce(open, nobody) & seen & coalesce(patched, nobody) AS v_patched,
    reporting & coalesce(exposed, nobody) AS c_exposed,
    reporting & ~coalesce(exposed, nobody) & ~coalesce(said, nobody) AS c_unavailable,
    reporting & ~coalesce(exposed, nobody) & coalesce(said, nobody) & coalesce(secure, nobody) AS c_secure,
    silent
FROM (SELECT DISTINCT report FROM tracked)
LEFT JOIN patching USING (report)
LEFT JOIN settings USING (report)
LEFT JOIN alarm USING (report)
CROSS JOIN crowd
CROSS JOIN (SELECT bitstring_agg(k, 0, $last) AS seen FROM looked_at);

CREATE TEMP TABLE headlines AS
SELECT
    *,
    (v_exposed | c_exposed) & ~impacted AS exposed,
    (silent | ((v_unavailable | c_unavailable) & ~(v_exposed | c_exposed))) & ~impacted AS unavailable,
    (v_patched | c_secure) & ~(v_exposed | c_exposed | v_unavailable | c_unavailable | impacted) AS mitigated
FROM axes;

SELECT
    report,
    device_group,
    bit_count(v_exposed & members) AS v_exposed,
    bit_count((v_unavailable | silent) & members) AS v_unavailable,
    bit_count(v_patched & members) AS v_patched,
    bit_count(c_exposed & members) AS c_exposed,
    bit_count((c_unavailable | silent) & members) AS c_unavailable,
    bit_count(c_secure & members) AS c_secure,
    bit_count(impacted & members) AS impacted,
    bit_count(exposed & members) AS exposed,
    bit_count(unavailable & members) AS unavailable,
    bit_count(mitigated & members) AS mitigated
FROM headlines
CROSS JOIN class;

-- The figures by joining and grouping: every report with every device, its state on both axes, and its headline.

WITH patching AS (
    SELECT report, k, max(state) AS state
    FROM (
        SELECT v, k, state FROM found
        UNION ALL
        SELECT v, k, 1 FROM running ANTI JOIN found USING (v, k)
    )
    JOIN vulnerability USING (v)
    JOIN tracked ON tracked.kind = 'vulnerability' AND tracked.id = vulnerability.id
    GROUP BY report, k
),
settings AS (
    SELECT report, k, count(state) AS said, max(state) AS state
    FROM assessed
    JOIN configuration USING (c)
    JOIN tracked ON tracked.kind = 'configuration' AND tracked.id = configuration.id
    GROUP BY report, k
),
states AS (
    SELECT
        report.report,
        device_group,
        CASE
            WHEN excluded THEN 'not_applicable'
            WHEN NOT reports THEN 'unavailable'
            WHEN patching.state = 2 THEN 'exposed'
            WHEN looked_at.k IS NULL THEN 'unavailable'
            WHEN patching.state = 1 THEN 'patched'
            ELSE 'not_exposed'
        END AS vulnerability,
        CASE
            WHEN excluded THEN 'not_applicable'
            WHEN NOT reports THEN 'unavailable'
            WHEN settings.state = 2 THEN 'exposed'
            WHEN coalesce(said, 0) < configurations THEN 'unavailable'
            WHEN settings.state = 1 THEN 'secure'
            ELSE 'not_applicable'
        END AS configuration,
        impacted.k IS NOT NULL AS impacted,
        excluded,
        reports
    FROM (SELECT report, count(*) FILTER (kind = 'configuration') AS configurations FROM tracked GROUP BY report) AS report
    CROSS JOIN device
    LEFT JOIN patching ON patching.report = report.report AND patching.k = device.k
    LEFT JOIN settings ON settings.report = report.report AND settings.k = device.k
    LEFT JOIN impacted ON impacted.report = report.report AND impacted.k = device.k
    LEFT JOIN looked_at ON looked_at.k = device.k
)
SELECT report, device_group, vulnerability, configuration,
    CASE
        WHEN impacted THEN 'impacted'
        WHEN excluded THEN 'not_applicable'
        WHEN NOT reports THEN 'unavailable'
        WHEN 'exposed' IN (vulnerability, configuration) THEN 'exposed'
        WHEN 'unavailable' IN (vulnerability, configuration) THEN 'unavailable'
        WHEN vulnerability = 'patched' OR configuration = 'secure' THEN 'mitigated'
        ELSE 'not_applicable'
    END AS headline,
    count(*) AS devices
FROM states
GROUP BY ALL;

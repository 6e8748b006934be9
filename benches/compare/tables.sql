-- What both ways of counting stand on. `devices`, `vulnerabilities`, … are views over the snapshot's files; `tracked` holds
-- what each report tracks; `as_of` is a variable. Ids of the generated fleet need no trimming and no folding.

CREATE TEMP TABLE device AS
SELECT
    row_number() OVER (ORDER BY device_group, device_id)::INTEGER - 1 AS k,
    device_id,
    coalesce(device_group, 'ungrouped') AS device_group,
    coalesce(excluded, false) AS excluded,
    NOT coalesce(excluded, false) AND NOT (
        coalesce(onboarding <> 'onboarded', false)
        OR coalesce(health IN ('inactive', 'no_sensor_data', 'no_sensor_data_impaired_communication'), false)
        OR (last_seen IS NULL AND coalesce(health, 'unknown') = 'unknown')
        OR coalesce(getvariable('as_of') - last_seen > INTERVAL 7 DAY, false)
    ) AS reports
FROM devices;

CREATE TEMP TABLE vulnerability AS
SELECT id, row_number() OVER (ORDER BY id)::INTEGER - 1 AS v
FROM (SELECT DISTINCT id FROM tracked WHERE kind = 'vulnerability');

CREATE TEMP TABLE configuration AS
SELECT id, row_number() OVER (ORDER BY id)::INTEGER - 1 AS c
FROM (SELECT DISTINCT id FROM tracked WHERE kind = 'configuration');

-- 2 exposed, 1 patched, 0 not applicable: the strongest row of a device wins.
CREATE TEMP TABLE found AS
SELECT v, k, max(CASE WHEN status IS NULL OR status IN ('exposed', 'pending_restart') THEN 2 WHEN status = 'patched' THEN 1 ELSE 0 END)::TINYINT AS state
FROM vulnerabilities
JOIN vulnerability ON vulnerability.id = cve_id
JOIN device USING (device_id)
GROUP BY v, k;

-- 2 exposed, 1 secure, 0 not applicable, NULL not said. The generated fleet has one row for each pair.
CREATE TEMP TABLE assessed AS
SELECT c, k, CASE WHEN NOT applicable THEN 0 WHEN compliant THEN 1 WHEN NOT compliant THEN 2 END::TINYINT AS state
FROM configurations
JOIN configuration ON configuration.id = configuration_id
JOIN device USING (device_id);

-- Devices somebody looked at: with a row in `software` or `vulnerabilities`.
CREATE TEMP TABLE looked_at AS
SELECT k FROM device WHERE device_id IN (SELECT device_id FROM software UNION ALL SELECT device_id FROM vulnerabilities);

-- Devices that run a product which a tracked vulnerability affects: with no row of it, they have been patched.
CREATE TEMP TABLE running AS
SELECT DISTINCT v, k
FROM affected_software
JOIN vulnerability ON vulnerability.id = cve_id
JOIN software USING (vendor, product)
JOIN device USING (device_id);

CREATE TEMP TABLE impacted AS
SELECT DISTINCT report, k
FROM tracked
JOIN alerts ON kind = 'title' AND title = id
JOIN (
    SELECT alert_id, device_id FROM alerts UNION ALL SELECT alert_id, device_id FROM alert_devices
) AS named USING (alert_id)
JOIN device ON device.device_id = named.device_id
WHERE status <> 'resolved' AND created <= getvariable('as_of');

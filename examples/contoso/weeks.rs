//! Moments, as seconds since 1970, and the weekly snapshots.

/// Seconds of an hour.
pub(crate) const HOUR: i64 = 3600;
/// Seconds of a day.
pub(crate) const DAY: i64 = 24 * HOUR;

/// The Gregorian day that is `days` after 1970-01-01, as (year, month, day).
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    (year, month, doy - (153 * mp + 2) / 5 + 1)
}

/// Midnight of a date in 2026.
pub(crate) const fn date(month: i64, day: i64) -> i64 {
    let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    (20_454 + before[(month - 1) as usize] + day - 1) * DAY
}

/// The moment of the newest snapshot, 2026-11-16 at six in the morning.
pub(crate) const NEWEST: i64 = date(11, 16) + 6 * HOUR;

/// The moments of the last `count` weekly snapshots, oldest first.
pub(crate) fn weekly(count: u64) -> Vec<i64> {
    (0..count as i64).rev().map(|back| NEWEST - back * 7 * DAY).collect()
}

/// `2026-11-16`
pub(crate) fn day_text(moment: i64) -> String {
    let (year, month, day) = civil(moment.div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}")
}

/// Appends `2026-11-16T06:00:00Z`.
pub(crate) fn push_time(text: &mut Vec<u8>, moment: i64) {
    let (year, month, day) = civil(moment.div_euclid(DAY));
    let second = moment.rem_euclid(DAY);
    let two = |n: i64| [b'0' + (n / 10 % 10) as u8, b'0' + (n % 10) as u8];
    text.extend(two(year / 100));
    text.extend(two(year));
    for (mark, part) in
        [(b'-', month), (b'-', day), (b'T', second / HOUR), (b':', second / 60 % 60), (b':', second % 60)]
    {
        text.push(mark);
        text.extend(two(part));
    }
    text.push(b'Z');
}

/// `2026-11-16T06:00:00Z`
pub(crate) fn time_text(moment: i64) -> String {
    let mut text = Vec::with_capacity(20);
    push_time(&mut text, moment);
    String::from_utf8_lossy(&text).into_owned()
}

/** Dates of the calendar by arithmetic alone, for models that must not ask the machine they run on. */

const DAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];
const MONTHS = ['Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec', 'Jan', 'Feb'];
const two = (n: number): string => String(n).padStart(2, '0');

/** Seconds since 1970 (UTC, not negative) as IMF-fixdate: `Tue, 24 Nov 2026 12:00:00 GMT` (RFC 9110 §5.6.7). */
export function imfFixdate(seconds: number): string {
  const days = Math.floor(seconds / 86_400), time = seconds - days * 86_400;
  // the year begins in March, so that the leap day is its last; eras of 400 years begin on 1 March 0000
  const fromEra = days + 719_468, era = Math.floor(fromEra / 146_097), ofEra = fromEra - era * 146_097;
  const year = Math.floor((ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365);
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const month = Math.floor((5 * ofYear + 2) / 153), day = ofYear - Math.floor((153 * month + 2) / 5) + 1;
  const clock = [Math.floor(time / 3600), Math.floor(time / 60) % 60, Math.floor(time) % 60].map(two).join(':');
  return `${DAYS[days % 7]}, ${two(day)} ${MONTHS[month]} ${year + era * 400 + (month >= 10 ? 1 : 0)} ${clock} GMT`;
}

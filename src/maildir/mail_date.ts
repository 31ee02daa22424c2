/** Dates of message headers, read as leniently as mail needs (RFC 5322 §3.3, §4.3). */

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** Obsolete zone names, in hours (RFC 5322 §4.3). Military letters mean nothing. */
const ZONES = new Map([
  ["edt", -4],
  ["est", -5],
  ["cdt", -5],
  ["cst", -6],
  ["mdt", -6],
  ["mst", -7],
  ["pdt", -7],
  ["pst", -8],
]);

/** Minutes east of UTC; 0 for what is unknown, as RFC 5322 asks. */
function zoneMinutes(zone: string | undefined): number {
  if (zone === undefined) return 0;
  const offset = /^(?:utc|gmt)?([+-])(\d{2}):?(\d{2})$/i.exec(zone);
  if (offset === null) return (ZONES.get(zone.toLowerCase()) ?? 0) * 60;
  const minutes = Number(offset[2]) * 60 + Number(offset[3]);
  // The sign holds for hours and minutes alike: -0330 is 210 minutes west.
  return offset[1] === "-" ? -minutes : minutes;
}

/** Two-digit years as RFC 5322 §4.3 has them. */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length > 3) return year;
  return year < 50 ? year + 2000 : year + 1900;
}

/**
 * The time of a `Date:` field.
 * @returns Milliseconds since the epoch; undefined if it cannot be made out.
 *   Never throws.
 */
export function parseMailDate(text: string): number | undefined {
  const plain = text.replaceAll(/\([^()]*\)/g, " ").replaceAll(",", " ").trim();
  const clock = /(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d+)?/.exec(plain);
  if (clock === null) return undefined;
  const before = plain.slice(0, clock.index);
  const after = plain.slice(clock.index + clock[0].length).trim();
  // "20 Nov 1995 19:12:08 -0500", or as in C: "Nov 20 19:12:08 [EST] 1995".
  const day =
    /(?:^|[ \t-])(\d{1,2})[ \t-]+([a-z]{3})[a-z.]*[ \t-]+(\d{2,4})\s*$/i
      .exec(before);
  const asC = /([a-z]{3})[a-z]*\s+(\d{1,2})\s*$/i.exec(before);
  let zone = after.split(/\s+/)[0];
  let [dayText, monthText, yearText] = day === null ? [] : day.slice(1);
  if (day === null && asC !== null) {
    [monthText, dayText] = asC.slice(1);
    yearText = /(?:^|\s)(\d{4})(?=\s|$)/.exec(after)?.[1];
    if (zone === yearText) zone = after.split(/\s+/)[1];
  }
  const month = MONTHS.indexOf((monthText ?? "").toLowerCase());
  if (month === -1 || dayText === undefined || yearText === undefined) {
    return undefined;
  }
  const [hours, minutes, seconds] = clock.slice(1).map((part) =>
    Number(part ?? 0)
  );
  const date = Number(dayText);
  if (date < 1 || date > 31 || (hours ?? 0) > 24 || (minutes ?? 0) > 59) {
    return undefined;
  }
  const time = Date.UTC(
    fullYear(yearText),
    month,
    date,
    hours ?? 0,
    (minutes ?? 0) - zoneMinutes(zone),
    seconds ?? 0,
  );
  return Number.isFinite(time) ? time : undefined;
}

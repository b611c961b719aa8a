const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** Made once each: to make one takes far longer than to use it, and a list has hundreds of times. */
const made = new Map<string, Intl.DateTimeFormat | Intl.RelativeTimeFormat>();

function once<Format extends Intl.DateTimeFormat | Intl.RelativeTimeFormat>(
  key: readonly unknown[],
  make: () => Format,
): Format {
  const name = JSON.stringify(key);
  const format = (made.get(name) as Format | undefined) ?? make();
  made.set(name, format);
  return format;
}

const relative = (locale: string, options: Intl.RelativeTimeFormatOptions = {}): Intl.RelativeTimeFormat =>
  once(["relative", locale, options], () => new Intl.RelativeTimeFormat(locale, options));

/** How a language writes dates and times. */
export const dateFormat = (locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  once(["date", locale, options], () => new Intl.DateTimeFormat(locale, options));

/** Milliseconds: what happened this recently is "now". */
const JUST_NOW = 45_000;

/** "5 minutes ago", "in 2 hours". `now` is epoch milliseconds. */
export function inWords(isoTime: string, now: number, locale: string): string {
  const difference = Date.parse(isoTime) - now;
  const format = relative(locale, { numeric: "auto" });
  if (Math.abs(difference) < JUST_NOW) return format.format(0, "second");
  const [unit, length] = UNITS.find(([, ms]) => Math.abs(difference) >= ms) ?? ["minute", 60_000];
  return format.format(Math.round(difference / length), unit);
}

/** "12 seconds ago", "3 minutes ago": an age to the second while it is less than a minute. */
export function ago(at: number, now: number, locale: string): string {
  const age = now - at;
  const [unit, length] = UNITS.find(([, ms]) => age >= ms) ?? ["second", 1000];
  return relative(locale).format(-Math.floor(age / length), unit);
}

/** Date and time to the second, with the time zone. */
export function exactly(isoTime: string, locale: string): string {
  return dateFormat(locale, { dateStyle: "full", timeStyle: "long" }).format(Date.parse(isoTime));
}

/** What a sentence about a moment says: "14:03" today, the date with it otherwise. */
export function clockTime(isoTime: string, now: number, locale: string): string {
  const at = new Date(isoTime);
  const isToday = at.toDateString() === new Date(now).toDateString();
  return dateFormat(locale, {
    timeStyle: "short",
    ...(!isToday && { dateStyle: "medium" }),
  }).format(at);
}

/** "0:29", "14:05": a time that runs down. */
export function countdown(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

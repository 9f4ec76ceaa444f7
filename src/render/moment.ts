import { count, phrase } from "./visible.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** "2026-11-20 09:12 UTC". What is no ISO 8601 time in UTC stays as it is. */
export function sayMoment(iso: string): string {
  return phrase(iso.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?Z$/, "$1 $2 UTC"));
}

/** "2 days ago", in the largest unit that fits; "just now" for less than a minute and for a clock that is behind. */
export function sayAgo(iso: string, nowMs: number): string {
  const ms = nowMs - Date.parse(iso);
  if (Number.isNaN(ms)) return "at an unknown time";
  if (ms < minuteMs) return "just now";
  if (ms < hourMs) return `${count(Math.floor(ms / minuteMs), "minute")} ago`;
  if (ms < dayMs) return `${count(Math.floor(ms / hourMs), "hour")} ago`;
  return `${count(Math.floor(ms / dayMs), "day")} ago`;
}

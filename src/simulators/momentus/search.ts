import type { SimResponse } from "../wire.ts";
import type { ApiCall } from "./api-call.ts";
import { answerJson, invalid } from "./api-errors.ts";
import { type Fields, readFilter } from "./filter.ts";
import type { KeptSearch } from "./records.ts";

/** Searches: options after `$`, results in pages, metadata in a header. */

type Options = { filter: string; page: number; pageSize: number; resultsMax: number; orderBy: string; select: string };

const optionName = /\$(page_size|maxresults|orderby|select|page)=/i;
const keptSearchesMax = 1000;

/** A `%` that is no escape is an error of the caller, not of ours. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw invalid("the search is not URL-encoded");
  }
}

function wholeNumber(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1) throw invalid(`${name} must be a whole number above 0`);
  return Number(text);
}

function readOptions({ query, settings }: ApiCall): Options {
  const raw = /(?:^|&)search=([^&]*)/i.exec(query)?.[1];
  if (raw === undefined || raw === "") throw invalid("the parameter search is missing; All finds everything");
  const [filter = "", ...pairs] = decode(raw).split(optionName);
  const given = new Map<string, string>();
  for (let index = 0; index + 1 < pairs.length; index += 2) given.set(pairs[index]!.toLowerCase(), pairs[index + 1]!);
  const pageSize = wholeNumber("page_size", given.get("page_size"), settings.pageSizeDefault);
  return {
    filter,
    page: wholeNumber("page", given.get("page"), 1),
    pageSize: Math.min(pageSize, settings.pageSizeMax),
    resultsMax: wholeNumber("maxresults", given.get("maxresults"), Number.MAX_SAFE_INTEGER),
    orderBy: given.get("orderby") ?? "",
    select: given.get("select") ?? "",
  };
}

function sorted(rows: readonly Fields[], orderBy: string, known: ReadonlySet<string>): Fields[] {
  const keys = orderBy.split(",").filter((part) => part.trim() !== "");
  const compare = keys.map((part) => {
    const [field = "", direction = "asc"] = part.trim().split(/\s+/);
    if (!known.has(field) || !/^(asc|desc)$/i.test(direction)) throw invalid(`cannot order by ${part}`);
    const sign = direction.toLowerCase() === "asc" ? 1 : -1;
    return (a: Fields, b: Fields) => {
      const [left, right] = [a[field] ?? "", b[field] ?? ""];
      return left === right ? 0 : left < right ? -sign : sign;
    };
  });
  return [...rows].sort((a, b) => compare.map((one) => one(a, b)).find((order) => order !== 0) ?? 0);
}

function selected(rows: readonly Fields[], select: string, known: ReadonlySet<string>): Fields[] {
  const names = select.split(",").filter((name) => name !== "");
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined) throw invalid(`there is no field ${unknown}`);
  if (names.length === 0) return [...rows];
  return rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name] ?? null])));
}

const cookieOf = (balancer: string): string[] => [`AWSALB=${balancer}; Path=/`, `AWSALBCORS=${balancer}; Path=/`];

function keep(call: ApiCall, rows: readonly Fields[]): KeptSearch {
  const { store, environment, subject } = call;
  const search = { id: store.random.uuid(), subject, environment, rows, balancer: store.random.hex(32) };
  store.searches.set(search.id, search);
  const oldest = store.searches.keys().next().value;
  if (store.searches.size > keptSearchesMax && oldest !== undefined) store.searches.delete(oldest);
  return search;
}

/** The results of an earlier search, which one server of several holds. */
function keptSearch(call: ApiCall, id: string): KeptSearch {
  const search = call.store.searches.get(id);
  const cookie = /(?:^|;\s*)AWSALB=([^;]+)/.exec(call.headers.cookie ?? "")?.[1];
  const isHere = !call.settings.stickyPages || cookie === search?.balancer;
  if (!search || search.subject !== call.subject || search.environment !== call.environment || !isHere) {
    throw invalid("this search is not known here");
  }
  return search;
}

function pageOf(call: ApiCall, search: KeptSearch, page: number, pageSize: number): SimResponse {
  const total = search.rows.length;
  const pages = Math.max(1, Math.ceil(total / pageSize));
  if (page > pages) throw invalid(`there is no page ${page}`);
  const origin = `http://${call.headers.host ?? "127.0.0.1"}`;
  const link = (to: number): string | null =>
    to < 1 || to > pages
      ? null
      : `${origin}${call.path}?search=APISearch|${search.id}$page=${to}$page_size=${pageSize}`;
  const links = { First: link(1), Previous: link(page - 1), Next: link(page + 1), Last: link(pages) };
  const metadata = { Page: page, Page_Size: pageSize, PageTotal: pages, ResultsTotal: total, Links: links };
  const rows = search.rows.slice((page - 1) * pageSize, page * pageSize);
  const headers = { "x-searchmetadata": JSON.stringify(metadata), "set-cookie": cookieOf(search.balancer) };
  return answerJson(rows, headers);
}

/**
 * Answers a search over `rows`. The order without `$orderby` is by ID (assumed); more rows than `$maxresults` are an
 * error. Names inside the metadata other than ResultsTotal and Links are from public client code.
 */
export function answerSearch(call: ApiCall, rows: readonly Fields[], fieldNames: Iterable<string>): SimResponse {
  const known = new Set(fieldNames);
  const options = readOptions(call);
  const kept = /^APISearch\|(\S+)$/i.exec(options.filter)?.[1];
  if (kept !== undefined) return pageOf(call, keptSearch(call, kept), options.page, options.pageSize);
  const found = rows.filter(readFilter(options.filter, known));
  if (found.length > options.resultsMax) throw invalid(`the search finds more than ${options.resultsMax}`);
  const ordered = sorted(found, options.orderBy || [...known][0]!, known);
  return pageOf(call, keep(call, selected(ordered, options.select, known)), options.page, options.pageSize);
}

import type { PropertyFilterProps } from "@cloudscape-design/components/property-filter";
import { labelOf, type ConsoleConfig } from "../config.ts";
import { deviceLabel } from "../devices/device-label.ts";
import { sourceOf } from "../sign-in/oidc-buttons.tsx";
import type { Texts } from "../texts/en.ts";
import type { UserFilter } from "./user-path.ts";
import { matchesFind, type UserRow } from "./user-rows.ts";

const HOUR_MS = 3_600_000;

/** What "within" accepts, in milliseconds. */
const PERIODS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const;

type Operator = PropertyFilterProps.ComparisonOperator;

/**
 * What users can be filtered by, the operators of each (the first is the default), and a user's values of it.
 */
const PROPERTIES = {
  user: { operators: ["^", ":", "="], valuesOf: ({ userId }) => [userId] },
  source: { operators: ["=", "!="], valuesOf: ({ userId }) => [sourceOf(userId) ?? ""] },
  administrator: { operators: ["="], valuesOf: ({ isAdmin }) => [isAdmin ? "yes" : "no"] },
  sessions: { operators: [">=", "=", "<="], valuesOf: ({ sessions }) => [String(sessions.length)] },
  device: {
    operators: [":", "!:"],
    valuesOf: ({ sessions }, texts) =>
      sessions.flatMap(({ device }) => [device.label, deviceLabel(device.label, texts)]),
  },
  class: { operators: ["=", "!="], valuesOf: ({ sessions }) => sessions.map(({ device }) => device.class) },
  address: {
    operators: ["^", ":", "="],
    valuesOf: ({ sessions }) => sessions.map(({ device }) => device.address ?? ""),
  },
  signedIn: { operators: ["="], valuesOf: ({ sessions }) => sessions.map(({ createdAt }) => createdAt) },
  lastSeen: { operators: ["="], valuesOf: ({ sessions }) => sessions.map(({ lastSeenAt }) => lastSeenAt) },
} as const satisfies Record<
  string,
  {
    readonly operators: readonly Operator[];
    readonly valuesOf: (row: UserRow, texts: Texts) => readonly string[];
  }
>;

type Property = keyof typeof PROPERTIES;
const NAMES = Object.keys(PROPERTIES) as Property[];

/** The filter's properties in the language of the page. */
export function filteringProperties({ users }: Texts): PropertyFilterProps.FilteringProperty[] {
  return NAMES.map((key) => ({
    key,
    propertyLabel: users.properties[key],
    groupValuesLabel: users.propertyValues(users.properties[key]),
    operators: [...PROPERTIES[key].operators],
    defaultOperator: PROPERTIES[key].operators[0],
  }));
}

/** The values that are offered for each property: fixed ones, and those of the users that are loaded. */
export function filteringOptions(
  rows: readonly UserRow[],
  texts: Texts,
  { oidc }: ConsoleConfig["identity"],
): PropertyFilterProps.FilteringOption[] {
  const { users, device } = texts;
  const option = (propertyKey: Property, value: string, label = value) => ({ propertyKey, value, label });
  const loaded = (key: Property): string[] =>
    [...new Set(rows.flatMap((row) => PROPERTIES[key].valuesOf(row, texts)))].filter((value) => value !== "");
  const labels = new Map(oidc.map((source) => [source.name, labelOf(source)]));
  const sources = new Set([...labels.keys(), ...loaded("source")]);
  return [
    ...loaded("user").map((id) => option("user", id)),
    ...[...sources].map((name) => option("source", name, labels.get(name) ?? name)),
    option("administrator", "yes", users.yes),
    option("administrator", "no", users.no),
    option("class", "desktop", device.classes.desktop),
    option("class", "mobile", device.classes.mobile),
    ...(["signedIn", "lastSeen"] as const).flatMap((key) =>
      Object.keys(PERIODS).map((period) => option(key, period, users.within[period as keyof typeof PERIODS])),
    ),
    ...[...new Set(loaded("device").map((label) => deviceLabel(label, texts)))].map((label) =>
      option("device", label),
    ),
    ...loaded("address").map((address) => option("address", address)),
  ];
}

/** A filter as it was entered. Text without a property is how a user id begins; ids are in Unicode NFC. */
export function enteredFilter({ tokens, operation }: PropertyFilterProps.Query): UserFilter {
  const entered = tokens.map(({ propertyKey = "user", operator, value }) => ({
    propertyKey,
    operator,
    value: String(value).trim().normalize("NFC"),
  }));
  return { operation, tokens: entered.filter(({ value }) => value !== "") };
}

/** Whether a user is one of those that a filter is for. */
export function fits(row: UserRow, { tokens, operation }: UserFilter, texts: Texts, now: number): boolean {
  if (tokens.length === 0) return true;
  const holds = (token: UserFilter["tokens"][number]): boolean => tokenFits(row, token, texts, now);
  return operation === "and" ? tokens.every(holds) : tokens.some(holds);
}

/** What is said of a user's devices holds where it holds for one of them; a denial, where for all of them. */
function tokenFits(
  row: UserRow,
  { propertyKey, operator, value }: UserFilter["tokens"][number],
  texts: Texts,
  now: number,
): boolean {
  const property = NAMES.find((name) => name === propertyKey);
  if (property === undefined) return false;
  const values = PROPERTIES[property].valuesOf(row, texts);
  const wanted = value.toLowerCase();
  switch (property) {
    case "user":
      if (operator === "^") return matchesFind(row.userId, value);
      return operator === "=" ? row.userId === value : textFits(values, operator, wanted);
    case "sessions":
      return numberFits(row.sessions.length, operator, Number(value));
    case "signedIn":
    case "lastSeen":
      return values.some((time) => Object.hasOwn(PERIODS, value) && isWithin(time, value, now));
    case "source":
    case "administrator":
    case "device":
    case "class":
    case "address":
      return textFits(values, operator, wanted);
  }
}

const isWithin = (time: string, period: string, now: number): boolean =>
  now - Date.parse(time) <= PERIODS[period as keyof typeof PERIODS];

function numberFits(n: number, operator: string, wanted: number): boolean {
  return operator === ">=" ? n >= wanted : operator === "<=" ? n <= wanted : n === wanted;
}

function textFits(values: readonly string[], operator: string, wanted: string): boolean {
  const texts = values.map((value) => value.toLowerCase());
  switch (operator) {
    case "=":
      return texts.includes(wanted);
    case "!=":
      return !texts.includes(wanted);
    case "^":
      return texts.some((text) => text.startsWith(wanted));
    case ":":
      return texts.some((text) => text.includes(wanted));
    case "!:":
      return !texts.some((text) => text.includes(wanted));
    default:
      return false;
  }
}

import { eventV1, eventV2 } from "../../test/http/events.ts";

/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One part of an event put in place of what belongs there; `to` not given: left out. */
export interface Mutation {
  readonly at: readonly string[];
  readonly to?: Json;
}

/**
 * A request as an API Gateway hands it on, but for the mutations. Text may have placeholders
 * (`placeholders.ts`).
 */
export interface RequestInput {
  readonly kind: "request";
  readonly format: "1.0" | "2.0";
  readonly method: string;
  readonly path: string;
  /** Several of one name are several header lines. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly cookies: readonly string[];
  readonly query: string;
  readonly body?: string;
  /** `wrong`: said to be base64, and is not. */
  readonly base64: "no" | "yes" | "wrong";
  readonly address: string;
  readonly mutations: readonly Mutation[];
}

/** A whole event, as an invoker or a gateway gone wrong might send it. */
export interface EventInput {
  readonly kind: "event";
  readonly event: Json;
}

export type Input = RequestInput | EventInput;

/** The event of an input whose placeholders are filled in. */
export function eventOf(input: Input): unknown {
  if (input.kind === "event") return input.event;
  // What a gateway hands over was JSON: `__proto__` in it is a name like any other.
  const event = JSON.parse(JSON.stringify(unmutated(input))) as Record<string, unknown>;
  for (const mutation of input.mutations) mutate(event, mutation);
  return event;
}

function unmutated(input: RequestInput): object {
  const { format, method, path, headers, cookies, query, body, base64, address } = input;
  const grouped = new Map<string, string[]>();
  for (const [name, value] of headers) grouped.set(name, [...(grouped.get(name) ?? []), value]);
  const sent = {
    method,
    path,
    query,
    headers: Object.fromEntries([...grouped].map(([name, values]) => [name, values.join(",")])),
    ...(cookies.length > 0 && { cookies }),
    ...(body !== undefined && {
      body: base64 === "yes" ? Buffer.from(body).toString("base64") : body,
      base64: base64 !== "no",
    }),
  };
  if (format === "2.0") {
    const event = eventV2(sent);
    const { requestContext } = event;
    return {
      ...event,
      requestContext: { ...requestContext, http: { ...requestContext.http, sourceIp: address } },
    };
  }
  const event = eventV1(sent);
  const { requestContext, multiValueHeaders } = event;
  return {
    ...event,
    multiValueHeaders: { ...multiValueHeaders, ...Object.fromEntries(grouped) },
    requestContext: { ...requestContext, identity: { ...requestContext.identity, sourceIp: address } },
  };
}

function mutate(event: Record<string, unknown>, { at, to }: Mutation): void {
  const last = at.at(-1);
  let within: unknown = event;
  for (const step of at.slice(0, -1)) {
    if (!isContainer(within)) return;
    within = Object.hasOwn(within, step) ? within[step] : undefined;
  }
  if (last === undefined || !isContainer(within)) return;
  if (to === undefined) Reflect.deleteProperty(within, last);
  // Not by assignment, which would set the prototype where the name is `__proto__`.
  else
    Object.defineProperty(within, last, { value: to, enumerable: true, writable: true, configurable: true });
}

const isContainer = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

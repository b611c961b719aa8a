import type * as z from "zod";
import type { Json } from "./json.ts";
import type { ProblemCode } from "./problem-codes.ts";

/** How a call is reached, and which function answers it. */
export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** Within the API, with parameters in braces: `/sessions/{id}`. */
  readonly path: `/${string}`;
  /** The function's id: its file is `functions/<id>.ts`. */
  readonly function: string;
}

/** A schema of zod's, of either build. */
export type AnySchema = z.core.$ZodType;

/** The contract of one call: what it takes, and everything that it may answer. */
export interface Call extends Route {
  readonly operationId: string;
  readonly tag: "Sessions" | "Administration" | "Activity" | "Jobs" | "OpenID Connect";
  readonly summary: string;
  readonly description?: string;
  /** Whether a session token must come with the call, may, or does not matter. */
  readonly session: "required" | "optional" | "none";
  /** Parameters that are no part of {@link query}. */
  readonly parameters?: readonly Parameter[];
  readonly query?: Query;
  readonly body?: Body;
  /** The responses that are no problems, by their status. */
  readonly responses: Readonly<Record<number, Response>>;
  /** Every refusal and fault; their statuses follow from `PROBLEM_STATUS`. */
  readonly problems: readonly ProblemCode[];
  /** The cookies that problems may set as well. */
  readonly problemCookies?: CookieComponent;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "cookie";
  readonly required?: boolean;
  readonly description: string;
  readonly schema: AnySchema;
}

/** The query, where one schema says what is accepted in it. */
export interface Query {
  readonly schema: AnySchema;
  /** What each parameter is for. */
  readonly purposes: Readonly<Record<string, string>>;
}

/** A JSON body. */
export interface Body {
  /** The schemas by the names that they have in documentation; the body is as one of them says. */
  readonly schemas: Readonly<Record<string, AnySchema>>;
  readonly examples: Examples;
}

export interface Response {
  readonly description: string;
  readonly body?: {
    /** The name of the schema in documentation. */
    readonly name: string;
    readonly schema: AnySchema;
    readonly examples: Examples;
  };
  readonly headers?: Headers;
  readonly cookies?: CookieComponent;
}

type Examples = Readonly<Record<string, Json>>;

/**
 * Header names and, of each, which of the headers that the document describes it is (`openapi/headers.ts`).
 */
export type Headers = Readonly<Record<string, HeaderComponent>>;
export type HeaderComponent =
  "CacheControl" | "WwwAuthenticate" | "RetryAfter" | "Location" | CookieComponent;
export type CookieComponent =
  | "LoginCookies"
  | "ClearedSessionCookie"
  | "MaybeClearedSessionCookie"
  | "SignInCookie"
  | "MaybeClearedSignInCookie"
  | "CallbackCookies";

/**
 * The contract that `make` gives. Calls of this and of {@link defineSchema} are marked as pure, and what they
 * need is made within `make`: so a function's bundle, or the page's, has of a contract only what it uses.
 */
export const defineCall = <const Defined extends Call>(make: () => Defined): Defined => make();

/** The schema that `make` gives; see {@link defineCall}. */
export const defineSchema = <Schema>(make: () => Schema): Schema => make();

/** A value as it is sent, which nobody changes any more; a pair stays a pair. */
export type Sent<T> = T extends object ? { readonly [Key in keyof T]: Sent<T[Key]> } : T;

/** The type of the body that a call takes. */
export type RequestOf<C> = C extends { readonly body: { readonly schemas: infer Schemas } }
  ? Sent<z.input<Schemas[keyof Schemas]>>
  : never;

/** The type of the body that a call answers with; `undefined` where it has none. */
export type ResponseOf<C extends Pick<Call, "responses">> = {
  [Status in keyof C["responses"]]: C["responses"][Status] extends {
    readonly body: { readonly schema: infer Schema };
  }
    ? Sent<z.output<Schema>>
    : undefined;
}[keyof C["responses"]];

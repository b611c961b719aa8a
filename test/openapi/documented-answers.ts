import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { default as addFormats } from "ajv-formats";
import { SECURITY_HEADERS } from "../../src/http/reply.ts";

/** What a client sent, and got. */
export interface Exchange {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly sentBody?: string | undefined;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  /** As it came; empty where there is none. */
  readonly text: string;
}

interface Operation {
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, Response>>;
}
interface Response {
  readonly headers: Readonly<Record<string, { readonly $ref: string }>>;
  readonly content?: Content;
}
type Content = Readonly<
  Record<string, { readonly schema: Schema; readonly examples: Readonly<Record<string, unknown>> }>
>;
type Schema = { readonly $ref: string } | { readonly oneOf: readonly { readonly $ref: string }[] };
/** An answer that was as the document names it, whether or not it was right in its parts. */
export interface SeenAnswer {
  readonly name: string;
  /** Parsed. */
  readonly body: unknown;
}
interface Header {
  readonly required: boolean;
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly headers: Readonly<Record<string, Header>>;
    readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
  };
}

const DOCUMENT = "openapi.json";
const PROBLEM = "application/problem+json";

/**
 * Compares real answers with the document, and keeps account of which of the documented ones have been seen:
 * each status of each operation, and where it is a problem's, each code.
 */
export class DocumentedAnswers {
  readonly #document: OpenApi;
  readonly #ajv: Ajv2020;
  readonly #validators = new Map<string, ValidateFunction>();
  readonly #seen: SeenAnswer[] = [];

  constructor(document: object) {
    this.#document = closed(document) as OpenApi;
    this.#ajv = new Ajv2020({ allErrors: true, strict: true });
    addFormats.default(this.#ajv);
    // Which of the schemas it is follows from `code` being constant in each.
    this.#ajv.addKeyword("discriminator");
    for (const word of Object.keys(document)) this.#ajv.addKeyword(word);
    this.#ajv.addSchema(this.#document, DOCUMENT);
  }

  /** The route of the document that a path is of, or `undefined`. */
  routeOf(method: string, path: string): string | undefined {
    return Object.entries(this.#document.paths).find(
      ([template, operations]) =>
        method.toLowerCase() in operations &&
        new RegExp(`^${template.replace(/\{\w+\}/g, "[^/]+")}$`).test(path),
    )?.[0];
  }

  /** What is not as documented in an exchange; nothing, where all is. */
  compare(exchange: Exchange): string[] {
    const method = exchange.method.toLowerCase();
    const template = this.routeOf(method, exchange.path);
    if (template === undefined) return [`${exchange.method} ${exchange.path} is not documented`];
    const at = `#/paths/${pointer(template)}/${method}`;
    const operation = this.#document.paths[template]?.[method];
    const response = operation?.responses[exchange.status];
    const name = nameOf(exchange.method, template, exchange.status, codeIn(exchange));
    if (response === undefined) return [`${name} is not documented`];
    this.#seen.push({ name, body: parsed(exchange.text) });
    return [
      ...this.#bodyProblems(response, `${at}/responses/${exchange.status}`, exchange),
      ...this.#headerProblems(response, exchange),
      ...(exchange.status < 300 && operation?.requestBody !== undefined
        ? this.#invalid(`${at}/requestBody/content/application~1json/schema`, parsed(exchange.sentBody ?? ""))
        : []),
    ].map((problem) => `${name}: ${problem}`);
  }

  /** The documented answers that no exchange had. */
  missing(): string[] {
    const names = new Set(this.#seen.map(({ name }) => name));
    return this.documented().filter((name) => !names.has(name));
  }

  /** Every answer that is documented. */
  documented(): string[] {
    return this.#responses().flatMap(({ content, nameWith }) => codesOf(content).map(nameWith));
  }

  /** All that was compared. */
  seen(): readonly SeenAnswer[] {
    return this.#seen;
  }

  /**
   * The examples of each answer, under its name; a problem's under its code alone, for all calls share it.
   */
  examples(): { readonly name: string; readonly value: unknown }[] {
    return this.#responses().flatMap(({ content = {}, nameWith }) =>
      Object.values(content).flatMap(({ examples }) =>
        Object.keys(examples).map((key) => ({
          name: content[PROBLEM] === undefined ? nameWith(undefined) : key,
          value: this.#document.components.examples[key]?.value,
        })),
      ),
    );
  }

  #responses() {
    return Object.entries(this.#document.paths).flatMap(([template, operations]) =>
      Object.entries(operations).flatMap(([method, { responses }]) =>
        Object.entries(responses).map(([status, { content }]) => ({
          content,
          nameWith: (code: string | undefined) => nameOf(method, template, Number(status), code),
        })),
      ),
    );
  }

  #bodyProblems(response: Response, at: string, { headers, text }: Exchange): string[] {
    const type = headers["Content-Type"];
    const [documented] = Object.keys(response.content ?? {});
    if (type !== documented) return [`the content type is ${String(type)}`];
    if (documented === undefined) return text === "" ? [] : ["there is a body"];
    return this.#invalid(`${at}/content/${pointer(documented)}/schema`, parsed(text));
  }

  #headerProblems(response: Response, { headers, cookies }: Exchange): string[] {
    const known = new Set([
      ...Object.keys(SECURITY_HEADERS),
      "Content-Type",
      ...Object.keys(response.headers),
    ]);
    const sent = { ...headers, ...(cookies.length > 0 && { "Set-Cookie": "" }) };
    const undocumented = Object.keys(sent).filter((name) => !known.has(name));
    return [
      ...undocumented.map((name) => `the header ${name} is not documented`),
      ...Object.entries(response.headers).flatMap(([name, { $ref }]) => {
        const values =
          name === "Set-Cookie" ? cookies : [headers[name]].filter((value) => value !== undefined);
        const isRequired = this.#document.components.headers[$ref.split("/").at(-1) ?? ""]?.required;
        if (values.length === 0) return isRequired === true ? [`the header ${name} is missing`] : [];
        return values.flatMap((value) => this.#invalid(`${$ref}/schema`, value));
      }),
    ];
  }

  #invalid(at: string, value: unknown): string[] {
    let validate = this.#validators.get(at);
    if (validate === undefined) {
      validate = this.#ajv.compile({ $ref: DOCUMENT + at });
      this.#validators.set(at, validate);
    }
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => `${error.instancePath} ${this.#ajv.errorsText([error])}`);
  }
}

const nameOf = (method: string, template: string, status: number, code: string | undefined): string =>
  `${method.toUpperCase()} ${template} ${status}${code === undefined ? "" : ` ${code}`}`;

/** The codes of a response; one `undefined` for what is no problem. */
const codesOf = (content: Content | undefined): (string | undefined)[] =>
  content?.[PROBLEM] === undefined ? [undefined] : Object.keys(content[PROBLEM].examples);

const codeIn = ({ headers, text }: Exchange): string | undefined =>
  headers["Content-Type"] === PROBLEM ? (parsed(text) as { code: string } | undefined)?.code : undefined;

const parsed = (text: string): unknown => (text === "" ? undefined : (JSON.parse(text) as unknown));

const pointer = (step: string): string =>
  encodeURIComponent(step.replaceAll("~", "~0").replaceAll("/", "~1")).replaceAll("%7E", "~");

/** Which members a value has, of which types, however many entries its lists have. */
export function shapeOf(value: unknown): string {
  const paths = new Set<string>();
  const walk = (at: string, part: unknown): void => {
    if (typeof part !== "object" || part === null) {
      paths.add(`${at} ${typeof part}`);
      return;
    }
    paths.add(at);
    for (const [name, member] of Object.entries(part))
      walk(`${at}/${Array.isArray(part) ? "*" : name}`, member);
  };
  walk("", value);
  return [...paths].sort().join("\n");
}

/**
 * The document with every object closed: people are to ignore members they do not know, and the API is to
 * have none of them.
 */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, closed(member)]));
  const isObjectSchema = copy["type"] === "object" && "properties" in copy;
  return isObjectSchema ? { additionalProperties: false, ...copy } : copy;
}

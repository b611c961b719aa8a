import { InvalidArgumentError } from "commander";

/** An option that says where people reach an API. */
export function webUrl(text: string): string {
  const url = URL.parse(text);
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  if (isWeb && url.search === "" && url.hash === "") return text;
  throw new InvalidArgumentError(
    "A URL begins with https:// and may have a path, as in https://example.com/api.",
  );
}

/** An option that is a path there, or a URL. */
export function pathOrUrl(text: string): string {
  if (/^\/(?!\/)/.test(text)) return text;
  const url = URL.parse(text);
  if (url?.protocol === "https:" || url?.protocol === "http:") return text;
  throw new InvalidArgumentError("Name a path, as in /reports, or a URL.");
}

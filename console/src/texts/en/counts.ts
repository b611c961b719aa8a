import { pluralOf } from "../plural.ts";

export const plural = pluralOf("en");
export const number = (n: number): string => n.toLocaleString("en");
export const users = (n: number): string => plural(n, { one: "# user", other: "# users" });
export const sessions = (n: number): string => plural(n, { one: "# session", other: "# sessions" });

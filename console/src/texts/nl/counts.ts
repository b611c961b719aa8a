import { pluralOf } from "../plural.ts";

export const plural = pluralOf("nl");
export const number = (n: number): string => n.toLocaleString("nl");
export const users = (n: number): string => plural(n, { one: "# gebruiker", other: "# gebruikers" });
export const sessions = (n: number): string => plural(n, { one: "# sessie", other: "# sessies" });

import type { Functions } from "../../functions/wiring.ts";

/** The routes of the API, as `infra` has them. */
const ROUTES: readonly (readonly [RegExp, keyof Functions])[] = [
  [/^POST \/login$/, "login"],
  [/^POST \/logout$/, "logout"],
  [/^GET \/session$/, "validate"],
  [/^GET \/(admin\/)?(sessions|endings)$/, "list-sessions"],
  [/^DELETE \/sessions(\/[^/]+)?$/, "end-session"],
  [/^DELETE \/admin\/sessions\/[^/]*$/, "end-session"],
  [/^POST \/admin\/logout$/, "admin-logout"],
  [/^(GET|POST) \/admin\/jobs(\/[^/]*(\/runs)?)?$/, "jobs"],
  [/^GET \/(admin\/(overview|suspects|activity)|sessions\/activity)$/, "activity"],
];

/** Which function answers a route such as `POST /login`. @throws Error where none does. */
export function functionAt(route: string): keyof Functions {
  const name = ROUTES.find(([pattern]) => pattern.test(route))?.[1];
  if (name === undefined) throw new Error(`no function for ${route}`);
  return name;
}

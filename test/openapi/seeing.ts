import { afterAll, beforeAll, beforeEach, expect, vi } from "vitest";
import { openApiDocument } from "../../openapi/document.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { addUsers } from "../functions/harness.ts";
import { DocumentedAnswers, type Exchange } from "./documented-answers.ts";
import { startService, type Parts, type Service } from "./service.ts";

/** What all tests of answers ask, from the first to the last, and what they have seen of it. */
export let service: Service;
export const answers = new DocumentedAnswers(openApiDocument());

beforeAll(async () => {
  service = await startService();
  await addUsers(service.functions.directory, {
    alice: {},
    bob: {},
    staff: { permissions: ["single_session.logout"] },
    boss: { isAdmin: true },
  });
});
afterAll(async () => {
  await service.stop();
  vi.restoreAllMocks();
});
beforeEach(() => {
  service.proxy.interfere(() => undefined);
  // The provider's tokens have the real time; on a slow machine it runs away from a clock that stands still.
  const { clock } = service.functions;
  clock.now = Math.max(clock.now, Date.now());
});

/** What was answered, as the document names it; wrong in any part, it is an error. */
export function seen(exchange: Exchange): string {
  expect(answers.compare(exchange)).toEqual([]);
  const body = exchange.text === "" ? {} : (JSON.parse(exchange.text) as { code?: string });
  return body.code === undefined ? String(exchange.status) : `${exchange.status} ${body.code}`;
}
export const see = async (route: string, parts?: Parts): Promise<string> =>
  seen(await service.send(route, parts));

export const session: Service["session"] = (userId, ago) => service.session(userId, ago);
export const comeBack: Service["comeBack"] = (name) => service.comeBack(name);
export const idOf = (token: string): string => SessionToken.parse(token)?.sessionId("1") ?? "";
export const idToken = (sub: string): Promise<string> => service.provider.sign({ sub });

export const CALLBACK = "GET /login/oidc/callback";
/** An id that no job has. */
export const NO_JOB = "20261101T071500-3f9a2c1b77d0";
/** The calls that need a session, with the path that each is tried at. */
export const NEED_SESSION = [
  "GET /session",
  "GET /sessions",
  "DELETE /sessions",
  `DELETE /sessions/${"x".repeat(43)}`,
  "POST /admin/logout",
  "GET /admin/sessions",
  `DELETE /admin/sessions/${"x".repeat(43)}`,
  "GET /admin/endings",
  "GET /admin/overview",
  "GET /admin/suspects",
  "GET /admin/activity",
  "GET /sessions/activity",
  "POST /admin/jobs",
  "GET /admin/jobs",
  `GET /admin/jobs/${NO_JOB}`,
  `POST /admin/jobs/${NO_JOB}/runs`,
];

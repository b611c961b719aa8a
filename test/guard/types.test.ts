import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { outsideProject, PACKING_MS } from "../support/packed-package.ts";
import { compilerOptions, createProgram, diagnosticsOf, lineIn } from "../support/type-errors.ts";

/** Somebody's own server, with every entry point of the packed guard. */
const USES = `
import middy from "@middy/core";
import express from "express";
import Fastify, { fastify as http2Server, type FastifyBaseLogger } from "fastify";
import { Hono } from "hono";
import { createGuard, type GuardOutcome } from "serverless-single-session/guard";
import { getSession } from "serverless-single-session/guard/authorizer";
import { callerOf, requireSession as onExpress } from "serverless-single-session/guard/express";
import { callerOf as callerIn, singleSession } from "serverless-single-session/guard/fastify";
import { withSession } from "serverless-single-session/guard/fetch";
import { requireSession as onHono } from "serverless-single-session/guard/hono";
import { requireSession as onMiddy } from "serverless-single-session/guard/middy";

const guard = createGuard();
export const name = (outcome: GuardOutcome): string =>
  outcome.outcome === "live" ? outcome.user.id : outcome.problem.code;
const nameOf = (text: string): string => text;
export const checked = guard.check(new Headers(), { method: "GET", reauthWithin: "15m" });

express().get("/", onExpress({ guard }), (request, response) => void response.json(callerOf(request).session));
express().use("/all", onExpress());
express().get("/a/:id", onExpress(), (request, response) => void response.json(nameOf(request.params.id)));
express.Router().post<"/b/:id", { id: string }, string, { text: string }>("/b/:id", onExpress(), (request) => {
  callerOf(request);
  nameOf(request.body.text);
});
const fastify = Fastify();
void fastify.register(singleSession, { guard });
fastify.get("/", { preHandler: fastify.requireSession({ administrator: true }) }, (request) => callerIn(request).user);
const secure = http2Server({ http2: true, logger: true });
void secure.register(singleSession);
secure.get("/a/:id", { onRequest: secure.requireSession() }, (request) => callerIn(request).user);
secure.addHook("preHandler", secure.requireSession());
const logged = Fastify({ loggerInstance: {} as FastifyBaseLogger & { readonly isMine: true } });
void logged.register(singleSession);
logged.get("/", { preHandler: [logged.requireSession()] }, (request) => callerIn(request).user);
export const app = new Hono().get("/", onHono({ watch: true }), (c) => c.text(c.get("user").id));
export const handler = middy().use(onMiddy()).handler((_event: unknown, context) => context.caller.user.id);
export const GET = withSession((_request, { user }, { id }: { id: string }) => Response.json([user.id, id]));
export const permissions: readonly string[] = getSession({ requestContext: {} }).permissions;
`;

let folder: string;
beforeAll(async () => {
  folder = await outsideProject({ "package.json": '{ "type": "module" }', "uses.ts": USES });
}, PACKING_MS);
afterAll(() => rm(folder, { recursive: true, force: true }));

const OPTIONS = {
  noEmit: true,
  strict: true,
  target: "es2024",
  types: ["node"],
  skipLibCheck: true,
} as const;

/** What the compiler says of files. */
function compile(names: readonly string[], options: object): string[] {
  const fileNames = names.map((name) => join(folder, name));
  const program = createProgram(fileNames, compilerOptions({ ...OPTIONS, ...options }, folder));
  return diagnosticsOf(program).map(lineIn(folder));
}

/** Both files in one run: most of it is reading the declarations of others. */
let inNode: readonly string[];
const isOfWrong = (line: string): boolean => line.startsWith("wrong.ts");
beforeAll(async () => {
  const wrong = USES.replace('"15m"', '"15 minutes"')
    .replace("callerOf(request).session", "callerOf(request).token")
    .replace("{ watch: true }", "{ watching: true }");
  await writeFile(join(folder, "wrong.ts"), wrong);
  inNode = compile(["uses.ts", "wrong.ts"], { module: "nodenext" });
});

test("every entry point's types are right with the compiler options of Node.js, ES modules", () => {
  expect(inNode.filter((line) => !isOfWrong(line))).toEqual([]);
});

test("every entry point's types are right with the compiler options of a bundler", () => {
  expect(compile(["uses.ts"], { module: "esnext", moduleResolution: "bundler" })).toEqual([]);
});

test("what is wrong with them is found: a rule's value, a caller's member, an unknown option", () => {
  expect(inNode.filter(isOfWrong)).toHaveLength(3);
});

test("the guard's own declarations need no others' to be skipped", async () => {
  const uses = USES.split("\n").filter((line) =>
    /guard"|guard\/(authorizer|fetch)"|createGuard\(\)|GET =|permissions:/.test(line),
  );
  await writeFile(join(folder, "plain.ts"), uses.join("\n"));
  expect(compile(["plain.ts"], { module: "nodenext", skipLibCheck: false })).toEqual([]);
});

import { describe, expect, it } from "vitest";
import { ALL_CALLS } from "../../src/api/calls.ts";
import { fillPath, readPath } from "../../src/api/parts/path.ts";

describe("filling a path", () => {
  it("percent-encodes what is filled in, so that it stays one step of the path", () => {
    expect(fillPath("/sessions/{id}", { id: "a/../b?c" })).toBe("/sessions/a%2F..%2Fb%3Fc");
  });

  it("leaves a path without parameters as it is", () => {
    expect(fillPath("/admin/sessions", {})).toBe("/admin/sessions");
  });

  it("takes the parameters of the path and no others", () => {
    // @ts-expect-error the path has another parameter.
    expect(fillPath("/sessions/{id}", { name: "a" })).toBe("/sessions/undefined");
  });
});

describe("reading a path", () => {
  it.each(["/sessions/abc", "/auth/sessions/abc", "/v1/auth/sessions/abc"])(
    "finds the parameter wherever the routes are mounted: %s",
    (asked) => expect(readPath("/sessions/{id}", asked)).toEqual({ id: "abc" }),
  );

  it.each(["/session/abc", "/sessions/abc/more", "/mysessions/abc", "/sessions/abc/", "/logout"])(
    "is not the path of another call: %s",
    (asked) => expect(readPath("/sessions/{id}", asked)).toBeUndefined(),
  );

  it("is the path of a call about one thing also where its id got lost", () => {
    expect(readPath("/sessions/{id}", "/sessions")).toEqual({ id: undefined });
    expect(readPath("/sessions/{id}", "/sessions/")).toEqual({ id: "" });
  });

  it("begins as early as it can, so that no parameter passes for a path", () => {
    expect(readPath("/sessions/{id}", "/sessions/sessions")).toEqual({ id: "sessions" });
  });

  it("tells a path without parameters from one that has more", () => {
    expect(readPath("/sessions", "/auth/sessions")).toEqual({});
    expect(readPath("/sessions", "/sessions/abc")).toBeUndefined();
  });

  it.each(ALL_CALLS)("finds in the path of $operationId what was filled in", ({ path }) => {
    const parameters = Object.fromEntries(
      [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]): [string, string] => [name, "x-y_z"]),
    );
    expect(readPath(path, fillPath<string>(path, parameters as never))).toEqual(parameters);
  });
});

import { expect } from "vitest";
import { propertiesOf, type TweakableTemplate } from "../local/tweaked-assembly.ts";

/** What of a template is wrong on the game day. */
export function breakTemplate(template: TweakableTemplate): void {
  const lambda = (id: string) =>
    propertiesOf(template, "AWS::Lambda::Function", { Description: `Single session: ${id}` });
  // Time runs short within seconds, where a logout has to be left undone.
  lambda("admin-logout")["Timeout"] = 3;
  // Lambda runs it never.
  lambda("end-session")["ReservedConcurrentExecutions"] = 0;
  // Hints go where nothing takes them.
  const outbox = lambda("outbox");
  const environment = JSON.stringify(outbox["Environment"]);
  outbox["Environment"] = JSON.parse(environment.replace(/\/event(\\+"}})/, "/nowhere$1"));
  expect(JSON.stringify(outbox["Environment"])).not.toBe(environment);
}

/** Nobody reads the streams of the tables. */
export function disableMappings({ Resources: resources }: TweakableTemplate): void {
  const mappings = Object.values(resources).filter(({ Type: type }) => type.endsWith("::EventSourceMapping"));
  expect(mappings).not.toEqual([]);
  for (const { Properties: properties } of mappings) properties["Enabled"] = false;
}

import { App, Stack } from "aws-cdk-lib";
import { EventBus } from "aws-cdk-lib/aws-events";
import { describe, expect, it } from "vitest";
import { read, type Sources } from "./read.ts";

const bus = EventBus.fromEventBusName(new Stack(new App(), "S"), "Bus", "shop");

const ON = { push: true, activity: true };

describe("events", () => {
  it.each<[unknown, unknown]>([
    [undefined, ON],
    [true, ON],
    ["on", ON],
    ["1", ON],
    [{}, ON],
    [{ push: undefined }, ON],
    [{ push: "yes" }, ON],
    [{ push: false }, { ...ON, push: false }],
    [{ push: "off" }, { ...ON, push: false }],
    ['{"push": false}', { ...ON, push: false }],
    [{ activity: false }, { ...ON, activity: false }],
    [
      { activity: "no", push: "no" },
      { push: false, activity: false },
    ],
    [false, undefined],
    ["no", undefined],
    [0, undefined],
  ])("%j is %j, as a prop and in the context alike", (events, setting) => {
    expect(read({ props: { events } }).events).toEqual(setting);
    expect(read({ context: { events } }).events).toEqual(setting);
  });

  it("takes a bus as a prop", () => {
    expect(read({ props: { events: { bus } } }).events).toEqual({ bus, ...ON });
    expect(read({ props: { events: { bus, push: false } } }).events).toEqual({ bus, ...ON, push: false });
  });

  it("are on where the context lists them as null", () => {
    expect(read({ context: { events: null } }).events).toEqual(ON);
  });

  const accepted = "true, false, 1, 0, yes, no, on or off, or an object with bus, push, activity";
  it.each<[Sources, string, string]>([
    [{ context: { events: "maybe" } }, 'events (context) is "maybe"', accepted],
    [{ context: { events: "{push: false" } }, 'events (context) is "{push: false"', accepted],
    [{ props: { events: 2 } }, "events (prop) is 2", accepted],
    [{ props: { events: null } }, "events (prop) is null", accepted],
    [{ props: { events: [] } }, "events (prop) is []", accepted],
    [{ props: { events: { pushes: true } } }, "events.pushes (prop) is not known", "bus, push"],
    [{ props: { events: bus } }, "events.node (prop) is not known", "bus, push"],
    [{ context: { events: { push: "maybe" } } }, 'events.push (context) is "maybe"', "true, false, 1, 0"],
    [{ props: { events: { activity: 2 } } }, "events.activity (prop) is 2", "true, false, 1, 0"],
    [{ context: { events: { bus: "shop" } } }, 'events.bus (context) is "shop"', "given as a prop"],
    [{ props: { events: { bus: {} } } }, "events.bus (prop) is {}", "an EventBus of aws-events"],
  ])("refuses %j, naming setting, value and what is accepted", (sources, subject, words) => {
    expect(() => read(sources)).toThrow(subject);
    expect(() => read(sources)).toThrow(words);
  });
});

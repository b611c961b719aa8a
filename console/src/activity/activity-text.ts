import type { ActivityView } from "../../../src/api/parts/shapes.ts";
import { deviceLabel } from "../devices/device-label.ts";
import type { Texts } from "../texts/en.ts";
import type { ActivityTexts } from "../texts/en/activity-pages.ts";

interface Words {
  readonly common: Texts;
  readonly pages: ActivityTexts;
}

const RULE = "rule:";
const OWN_SOURCES = ["passwords", "trusted"] as const;

/** What happened, in a few words. */
export function whatText({ kind, reason, suspicion, act }: ActivityView, { pages }: Words): string {
  const { activity } = pages;
  if (act !== undefined) return activity.actions[act.action];
  if (kind === "ended" && reason !== undefined) return activity.reasons[reason];
  if (kind === "contention" && suspicion !== undefined) return activity.suspicions[suspicion];
  return activity.kinds[kind];
}

/** What else there is to say of it, a line each. */
export function detailsOf(record: ActivityView, words: Words): readonly string[] {
  const { activity } = words.pages;
  const { act, times } = record;
  if (act !== undefined) {
    return [
      `${activity.outcomes[act.outcome]}${act.sessionCount === undefined ? "" : `: ${activity.ended(act.sessionCount)}`}`,
      activity.by(actorText(act.actor, words)),
      ...(act.reason === undefined ? [] : [activity.why(act.reason)]),
    ];
  }
  return [
    ...byText(record, words),
    ...(times === undefined ? [] : [activity.times(times)]),
    ...(record.kind === "started" ? sourceText(record, words) : []),
    ...(record.startedAt === undefined ? [] : [lasted(record.startedAt, record.time, words)]),
  ];
}

function byText({ by, userId, reason }: ActivityView, words: Words): readonly string[] {
  const { activity } = words.pages;
  if (by === undefined) return [];
  if (by.device !== undefined) return [activity.byDevice(deviceLabel(by.device, words.common))];
  // A logout is always the user's own.
  return by.id === userId && reason !== "revoked" ? [] : [activity.by(actorText(by.id, words))];
}

function sourceText({ identitySource: source }: ActivityView, { pages }: Words): readonly string[] {
  if (source === undefined) return [];
  const own = OWN_SOURCES.find((name) => name === source);
  return [pages.activity.source(own === undefined ? source : pages.activity[own])];
}

/** A user id, or in words what is not a user. */
function actorText(actor: string, { common }: Words): string {
  const { rules, byRule, directly, otherRule } = common.detail;
  if (actor === "direct-invocation") return directly;
  if (!actor.startsWith(RULE)) return actor;
  if (actor === "rule:era") return byRule;
  return Object.hasOwn(rules, actor)
    ? rules[actor as keyof typeof rules]
    : otherRule(actor.slice(RULE.length));
}

const MINUTE_MS = 60_000;

function lasted(startedAt: string, time: string, { pages }: Words): string {
  const minutes = Math.max(0, Math.floor((Date.parse(time) - Date.parse(startedAt)) / MINUTE_MS));
  const [hours, days] = [Math.floor(minutes / 60), Math.floor(minutes / 1440)];
  const { lasted: text, unit } = pages.activity;
  const words = (amount: number, name: Parameters<typeof unit>[0]): string =>
    `${amount} ${unit(name, amount)}`;
  if (days > 1) return text(words(days, "day"));
  return text(hours > 1 ? words(hours, "hour") : words(minutes, "minute"));
}

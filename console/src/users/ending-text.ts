import type { EndingView } from "../../../src/api/parts/views.ts";
import { deviceLabel } from "../devices/device-label.ts";
import type { Texts } from "../texts/en.ts";

/** A direct invocation that names no actor (`functions/admin-logout-invocation.ts`). */
const DIRECT = "direct-invocation";
const RULE = "rule:";

/** Why a session ended. */
export function reasonText({ reason, endedBy, displacedByDevice }: EndingView, texts: Texts): string {
  const { reasons, rules, otherRule } = texts.detail;
  if (reason === "displaced") {
    return reasons.displaced(displacedByDevice === undefined ? "" : deviceLabel(displacedByDevice, texts));
  }
  if (reason !== "revoked" || !endedBy.startsWith(RULE)) {
    return reason === "revoked" && endedBy === DIRECT ? reasons.revokedDirectly : reasons[reason];
  }
  return Object.hasOwn(rules, endedBy)
    ? rules[endedBy as keyof typeof rules]
    : otherRule(endedBy.slice(RULE.length));
}

/** Who ended it: a user, or in words what is not a user. */
export function actorText({ reason, endedBy, userId }: EndingView, { detail }: Texts): string {
  if (endedBy === userId) return detail.themself;
  if (reason === "revoked" && endedBy.startsWith(RULE)) return detail.byRule;
  return reason === "revoked" && endedBy === DIRECT ? detail.directly : endedBy;
}

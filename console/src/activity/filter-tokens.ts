import type { PropertyFilterProps } from "@cloudscape-design/components/property-filter";
import type { ActivityTexts } from "../texts/en/activity-pages.ts";
import { KINDS, REASONS, type ActivityFilter } from "./filter.ts";

type Shown = Omit<ActivityFilter, "period">;

/** The tokens that a filter is shown as. */
export function toQuery({ userId, kinds, reasons, sessionId }: Shown): PropertyFilterProps.Query {
  const token = (propertyKey: string, value: unknown): PropertyFilterProps.Token => ({
    propertyKey,
    operator: "=",
    value,
  });
  return {
    operation: "and",
    tokens: [
      ...(userId === undefined ? [] : [token("user", userId)]),
      ...(kinds.length === 0 ? [] : [token("kind", kinds)]),
      ...(reasons.length === 0 ? [] : [token("reason", reasons)]),
      ...(sessionId === undefined ? [] : [token("session", sessionId)]),
    ],
  };
}

/**
 * The filter that tokens say. The last user counts, and so the last session, since a record is of one; text
 * without a property is taken for a user.
 */
export function fromQuery({ tokens }: PropertyFilterProps.Query): Shown {
  const last = (...keys: readonly (string | undefined)[]): string | undefined => {
    const value: unknown = tokens.filter(({ propertyKey }) => keys.includes(propertyKey)).at(-1)?.value;
    const text = typeof value === "string" ? value.trim().normalize("NFC") : "";
    return text === "" ? undefined : text;
  };
  const listed = <Word extends string>(key: string, words: readonly Word[]): readonly Word[] => {
    const values: unknown[] = tokens
      .filter(({ propertyKey }) => propertyKey === key)
      .flatMap(({ value }) => value as unknown);
    return words.filter((word) => values.includes(word));
  };
  return {
    userId: last("user", undefined),
    kinds: listed("kind", KINDS),
    reasons: listed("reason", REASONS),
    sessionId: last("session"),
  };
}

/** What can be looked for. */
export function filteringProperties({
  activity,
}: ActivityTexts): readonly PropertyFilterProps.FilteringProperty[] {
  const labelled = (
    labels: Readonly<Record<string, string>>,
  ): readonly PropertyFilterProps.ExtendedOperator<unknown>[] => [
    {
      operator: "=",
      tokenType: "enum",
      format: (value: unknown) =>
        [value]
          .flat()
          .map((one) => labels[String(one)] ?? String(one))
          .join(", "),
    },
  ];
  return [
    { key: "user", propertyLabel: activity.user, groupValuesLabel: activity.users, operators: ["="] },
    {
      key: "kind",
      propertyLabel: activity.kind,
      groupValuesLabel: activity.kindValues,
      operators: labelled(activity.kinds),
    },
    {
      key: "reason",
      propertyLabel: activity.reason,
      groupValuesLabel: activity.reasonValues,
      operators: labelled(activity.reasons),
    },
    {
      key: "session",
      propertyLabel: activity.session,
      groupValuesLabel: activity.sessionValues,
      operators: ["="],
    },
  ];
}

/** The values that are offered: all there are, and the users of what is shown. */
export const filteringOptions = (
  { activity }: ActivityTexts,
  userIds: readonly string[],
): readonly PropertyFilterProps.FilteringOption[] => [
  ...KINDS.map((value) => ({ propertyKey: "kind", value, label: activity.kinds[value] })),
  ...REASONS.map((value) => ({ propertyKey: "reason", value, label: activity.reasons[value] })),
  ...userIds.map((value) => ({ propertyKey: "user", value })),
];
